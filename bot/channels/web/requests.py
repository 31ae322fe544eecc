"""Reading what a browser posts, with every way it can be wrong named by the text that answers it."""

import json
import re
from dataclasses import dataclass

from fastapi import Request
from starlette.requests import ClientDisconnect

from community.core.errors import KetangError

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
    )


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
