"""The web chat: one page, one POST for each message, one event stream for what comes later."""

import asyncio
import hashlib
import json
import traceback
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import structlog
from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, StreamingResponse

from bot.channels.ports import Dialogue, Incoming
from bot.channels.web.hub import Hub
from bot.channels.web.requests import BadRequest, Posted, checked_session, read_message
from community.core.messages import Direction, Message
from community.services.ports import UnitOfWorkFactory
from community.services.reference import Reference

log = structlog.get_logger()

CHANNEL = "web"
PAGE = Path(__file__).parent / "page"
_HISTORY = 50  # messages shown again when the page is opened
_REPLAY = 1000  # messages that a page may have missed; more than a slow page's queue holds
_HEARTBEAT = 15.0  # seconds; keeps proxies from closing a quiet stream
_PAGE_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
_PRIVATE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


def web_routes(dialogue: Dialogue, open_uow: UnitOfWorkFactory, hub: Hub, reference: Reference) -> APIRouter:
    router = APIRouter(include_in_schema=False)
    html = _page()

    def refuse(error: BadRequest) -> Response:
        reply = {"text": reference.texts.render(error.text_key), "buttons": []}
        return JSONResponse({"replies": [reply]}, status_code=error.status, headers=_PRIVATE)

    @router.get("/")
    async def page() -> Response:
        return HTMLResponse(html, headers=_PAGE_HEADERS)

    @router.post("/chat/messages")
    async def post_message(request: Request) -> Response:
        try:
            answers = await _hear(dialogue, await read_message(request))
        except BadRequest as error:
            return refuse(error)
        return JSONResponse({"replies": [as_reply(message) for message in answers]}, headers=_PRIVATE)

    @router.get("/chat/messages")
    async def history(session: str = "") -> Response:
        try:
            messages = await _conversation(open_uow, checked_session(session), after=0, limit=_HISTORY)
        except BadRequest as error:
            return refuse(error)
        return JSONResponse({"messages": [as_history(message) for message in messages]}, headers=_PRIVATE)

    @router.get("/chat/events")
    async def events(request: Request, session: str = "") -> Response:
        try:
            external_user = checked_session(session)
        except BadRequest as error:
            return refuse(error)
        last_seen = request.headers.get("last-event-id") or request.query_params.get("after") or ""
        stream = _stream(open_uow, hub, external_user, last_seen)
        return StreamingResponse(stream, media_type="text/event-stream", headers=_PRIVATE | {"X-Accel-Buffering": "no"})

    return router


def _page() -> str:
    """The page, asking for exactly the script and style that came with it."""
    digest = hashlib.sha256((PAGE / "chat.css").read_bytes() + (PAGE / "chat.js").read_bytes()).hexdigest()
    return (PAGE / "index.html").read_text(encoding="utf-8").replace("{version}", digest[:10])


async def _hear(dialogue: Dialogue, posted: Posted) -> list[Message]:
    """Raises BadRequest, also for what nobody foresaw: the message of a database error would quote the resident."""
    incoming = Incoming(
        CHANNEL,
        posted.session,
        posted.text,
        external_id=posted.id,
        is_button=posted.is_button,
        position=posted.position,
    )
    try:
        return await dialogue.hear(incoming, deliver=False)
    except Exception as error:
        frames = "".join(traceback.format_tb(error.__traceback__))
        log.error("web.message_failed", error=type(error).__name__, frames=frames)
        raise BadRequest("server_trouble", status=500) from None


async def _stream(open_uow: UnitOfWorkFactory, hub: Hub, external_user: str, last_seen: str) -> AsyncIterator[str]:
    """What was said since `last_seen` first, then what is said from now on."""
    async with hub.listening(external_user) as queue:
        yield ": listening\n\n"
        if last_seen.isascii() and last_seen.isdigit():
            for message in await _conversation(open_uow, external_user, int(last_seen[:18]), _REPLAY):
                if message.direction is Direction.OUT:
                    yield _event(message)
        while True:
            try:
                said = await asyncio.wait_for(queue.get(), _HEARTBEAT)
            except TimeoutError:
                yield ": still here\n\n"
                continue
            if said is None:
                return
            yield _event(said)


async def _conversation(open_uow: UnitOfWorkFactory, external_user: str, after: int, limit: int) -> list[Message]:
    async with open_uow() as uow:
        account = await uow.residents.find_account(CHANNEL, external_user)
        return await uow.messages.conversation(account.id, after, limit) if account else []


def as_reply(message: Message) -> dict[str, Any]:
    buttons = [{"title": button.title, "payload": button.payload} for button in message.buttons]
    return {"id": message.id, "text": message.text, "buttons": buttons}


def as_history(message: Message) -> dict[str, Any]:
    return {**as_reply(message), "mine": message.direction is Direction.IN}


def _event(message: Message) -> str:
    return f"id: {message.id}\ndata: {json.dumps(as_reply(message), ensure_ascii=False)}\n\n"
