"""The web chat: one page, one POST for each message, one event stream for what comes later."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse, JSONResponse, StreamingResponse

from bot.channels.ports import Dialogue, Incoming
from bot.channels.web.hub import Hub
from bot.channels.web.requests import BadRequest, checked_session, read_message
from community.core.messages import Direction, Message
from community.services.ports import UnitOfWorkFactory
from community.services.reference import Reference

CHANNEL = "web"
_PAGE = Path(__file__).parent / "page" / "index.html"
_HISTORY = 50  # messages shown again when the page is opened
_HEARTBEAT = 15.0  # seconds; keeps proxies from closing a quiet stream
_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def web_routes(dialogue: Dialogue, open_uow: UnitOfWorkFactory, hub: Hub, reference: Reference) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    def refuse(error: BadRequest) -> Response:
        reply = {"text": reference.texts.render(error.text_key), "buttons": []}
        return JSONResponse({"replies": [reply]}, status_code=error.status)

    @router.get("/")
    async def page() -> Response:
        return FileResponse(_PAGE, headers=_HEADERS)

    @router.post("/chat/messages")
    async def post_message(request: Request) -> Response:
        try:
            posted = await read_message(request)
        except BadRequest as error:
            return refuse(error)
        incoming = Incoming(CHANNEL, posted.session, posted.text, external_id=posted.id)
        answers = await dialogue.hear(incoming, deliver=False)
        return JSONResponse({"replies": [as_reply(message) for message in answers]})

    @router.get("/chat/messages")
    async def history(session: str = "") -> Response:
        try:
            messages = await _conversation(open_uow, checked_session(session), after=0)
        except BadRequest as error:
            return refuse(error)
        return JSONResponse({"messages": [as_history(message) for message in messages]})

    @router.get("/chat/events")
    async def events(request: Request, session: str = "") -> Response:
        try:
            external_user = checked_session(session)
        except BadRequest as error:
            return refuse(error)
        last_seen = request.headers.get("last-event-id") or request.query_params.get("after") or ""
        stream = _stream(open_uow, hub, external_user, last_seen)
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(stream, media_type="text/event-stream", headers=headers)

    return router


async def _stream(open_uow: UnitOfWorkFactory, hub: Hub, external_user: str, last_seen: str) -> AsyncIterator[str]:
    """What was said since `last_seen` first, then what is said from now on."""
    async with hub.listening(external_user) as queue:
        yield ": listening\n\n"
        if last_seen.isascii() and last_seen.isdigit():
            for message in await _conversation(open_uow, external_user, after=int(last_seen[:18])):
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


async def _conversation(open_uow: UnitOfWorkFactory, external_user: str, after: int) -> list[Message]:
    async with open_uow() as uow:
        account = await uow.residents.find_account(CHANNEL, external_user)
        return await uow.messages.conversation(account.id, after, _HISTORY) if account else []


def as_reply(message: Message) -> dict[str, Any]:
    buttons = [{"title": button.title, "payload": button.payload} for button in message.buttons]
    return {"id": message.id, "text": message.text, "buttons": buttons}


def as_history(message: Message) -> dict[str, Any]:
    return {**as_reply(message), "mine": message.direction is Direction.IN}


def _event(message: Message) -> str:
    return f"id: {message.id}\ndata: {json.dumps(as_reply(message), ensure_ascii=False)}\n\n"
