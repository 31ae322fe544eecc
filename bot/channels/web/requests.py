"""Reading what a browser posts, with every way it can be wrong named by the text that answers it."""

import json
import re
from dataclasses import dataclass
from typing import Any, TypeGuard

from fastapi import Request
from starlette.requests import ClientDisconnect

from community.core.errors import KetangError
from community.services.geometry import is_on_earth

MAX_BODY = 256 * 1024  # 20,000 Chinese characters, each escaped as \uXXXX, still get a proper answer
_SESSION = re.compile(r"[A-Za-z0-9._:-]{1,128}")


class BadRequest(KetangError):
    def __init__(self, text_key: str, status: int = 400) -> None:
        super().__init__(text_key)
        self.text_key = text_key
        self.status = status


@dataclass(frozen=True)
class Posted:
    session: str
    text: str
    id: str | None
    is_button: bool
    position: tuple[float, float] | None  # longitude and latitude, WGS-84 degrees


async def read_message(request: Request) -> Posted:
    """Raises BadRequest."""
    body = await _bounded(request)
    try:
        content = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadRequest("bad_request") from error
    if not isinstance(content, dict) or not isinstance(content.get("text"), str):
        raise BadRequest("bad_request")
    message_id = content.get("id")
    if message_id is not None and not (isinstance(message_id, str) and _SESSION.fullmatch(message_id)):
        raise BadRequest("bad_request")
    return Posted(
        session=checked_session(content.get("session")),
        text=content["text"],
        id=message_id,
        is_button=content.get("button") is True,
        position=_position(content),
    )


def _position(content: dict[str, Any]) -> tuple[float, float] | None:
    """Raises BadRequest for half a position, and for one that is nowhere on earth."""
    longitude, latitude = content.get("longitude"), content.get("latitude")
    if longitude is None and latitude is None:
        return None
    if not (_is_number(longitude) and _is_number(latitude) and is_on_earth(longitude, latitude)):
        raise BadRequest("bad_request")
    return float(longitude), float(latitude)


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def checked_session(session: object) -> str:
    """Raises BadRequest for anything that is not a name a page of ours would use."""
    if not isinstance(session, str) or not _SESSION.fullmatch(session):
        raise BadRequest("missing_session")
    return session


async def _bounded(request: Request) -> bytes:
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAX_BODY:
                raise BadRequest("bad_request", status=413)
    except ClientDisconnect as error:
        raise BadRequest("bad_request") from error
    return bytes(body)
