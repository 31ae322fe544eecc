"""What stands around the web chat in a test: a Rasa that follows a script, and the chat's app on SQLite."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
import httpx
import pytest
import uvicorn
from aiohttp import web
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from bot.channels.web.hub import Hub
from bot.channels.web.routes import PAGE, web_routes
from bot.delivery import Courier, Recovery
from bot.dialogue import Dialogue
from bot.rasa import RasaClient
from community.core.messages import Message
from community.services.ports import UnitOfWork
from community.services.reference import Reference
from tests.fakes.backends import Backend
from tests.fakes.clock import SetClock

TOKEN = "a-token-of-at-least-thirty-two-characters"
SENDER_LIMIT = 4000

Turn = dict[str, Any]


def said(text: str, *buttons: tuple[str, str]) -> dict[str, Any]:
    """One message as nlu/channel.py sends it."""
    return {"text": text, "buttons": [{"title": title, "payload": payload} for title, payload in buttons]}


class RasaDouble:
    """Speaks nlu/channel.py's contract on a port of its own; each text is answered as told, others are repeated."""

    def __init__(self) -> None:
        self.turns: list[Turn] = []
        self.answers: dict[str, list[dict[str, Any]]] = {}
        self.failures = 0  # so many turns from now on answer 503
        self.cuts = 0  # so many turns from now on lose their connection in the middle of the answer
        self.delay = 0.0
        self.overlapped = False
        self.port = _free_port()
        self._open_turns = 0
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def texts(self) -> list[str]:
        return [turn["text"] for turn in self.turns]

    def will_say(self, text: str, *messages: dict[str, Any]) -> None:
        self.answers[text] = list(messages)

    async def start(self) -> None:
        app = web.Application()
        app.router.add_get("/webhooks/ketang/", self._ready)
        app.router.add_post("/webhooks/ketang/webhook", self._receive)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True).start()

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _ready(self, _: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def _receive(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return web.json_response({"error": "token"}, status=401)
        turn: Turn = await request.json()
        if set(turn) != {"sender", "message_id", "text", "intent", "now"} or len(turn["text"]) > SENDER_LIMIT:
            return web.json_response({"error": "not a message"}, status=400)
        self.overlapped = self.overlapped or self._open_turns > 0
        self._open_turns += 1
        try:
            await asyncio.sleep(self.delay)
            return await self._answer(request, turn)
        finally:
            self._open_turns -= 1

    async def _answer(self, request: web.Request, turn: Turn) -> web.StreamResponse:
        if self.failures:
            self.failures -= 1
            return web.json_response({"error": "aborted"}, status=503)
        if self.cuts:
            self.cuts -= 1
            return await _cut_off(request)
        self.turns.append(turn)
        return web.json_response({"messages": self.answers.get(turn["text"], [said(f"听到：{turn['text']}")])})


async def _cut_off(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": "1000"})
    await response.prepare(request)
    await response.write(b'{"messages": [')
    assert request.transport is not None
    request.transport.close()
    return response


async def eventually(condition: Callable[[], bool]) -> None:
    """Raises TimeoutError when it stays untrue for five seconds."""
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 what is waited for belongs to others, who set no event
            await asyncio.sleep(0.01)


def soon() -> aiohttp.ClientTimeout:
    """Patience short enough for a test."""
    return aiohttp.ClientTimeout(total=0.2)


def _free_port() -> int:
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass(frozen=True)
class House:
    """The chat as bot/app.py puts it together, without what the chat does not need."""

    app: FastAPI
    hub: Hub
    courier: Courier
    recovery: Recovery
    open_uow: Callable[[], UnitOfWork]
    reference: Reference
    clock: SetClock

    def text(self, key: str, **values: object) -> str:
        return self.reference.texts.render(key, **values)

    async def catch_up(self, *, after: float = 4) -> None:
        """What the background workers do once a message has waited long enough; `after` in seconds."""
        self.clock.advance(seconds=after)
        await self.recovery.catch_up()
        await self.courier.deliver_due()

    async def conversation(self, session: str) -> list[Message]:
        async with self.open_uow() as uow:
            account = await uow.residents.find_account("web", session)
            return await uow.messages.conversation(account.id, 0, 1000) if account else []


@asynccontextmanager
async def a_house(
    open_uow: Callable[[], UnitOfWork], reference: Reference, clock: SetClock, rasa: RasaDouble
) -> AsyncIterator[House]:
    client = RasaClient(rasa.url, TOKEN)
    dialogue = Dialogue(open_uow, reference.texts, client)
    hub = Hub()
    courier = Courier(open_uow, {"web": hub})
    app = FastAPI(openapi_url=None)
    app.include_router(web_routes(dialogue, open_uow, hub, reference))
    app.mount("/static", StaticFiles(directory=PAGE))
    recovery = Recovery(open_uow, dialogue, client, courier)
    try:
        yield House(app, hub, courier, recovery, open_uow, reference, clock)
    finally:
        await client.close()


@asynccontextmanager
async def served(house: House, port: int | None = None) -> AsyncIterator[str]:
    """The house behind a real server; yields its address. A given port lets it come back where it was."""
    port = port or _free_port()
    config = uvicorn.Config(
        house.app, host="127.0.0.1", port=port, log_config=None, access_log=False, timeout_graceful_shutdown=5
    )
    server = uvicorn.Server(config)
    with contextlib.closing(config.bind_socket()) as listener:
        serving = asyncio.create_task(server.serve([listener]))
        await eventually(lambda: server.started)
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            house.hub.close()
            server.should_exit = True
            await serving


@pytest.fixture
async def rasa() -> AsyncIterator[RasaDouble]:
    double = RasaDouble()
    await double.start()
    yield double
    await double.stop()


@pytest.fixture
async def house(
    sqlite_backend: Backend, reference: Reference, clock: SetClock, rasa: RasaDouble
) -> AsyncIterator[House]:
    async with a_house(sqlite_backend.open_uow, reference, clock, rasa) as house:
        yield house


@pytest.fixture
async def chat(house: House) -> AsyncIterator[httpx.AsyncClient]:
    """Talks to the app without a server in between."""
    transport = httpx.ASGITransport(house.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://chat", timeout=30) as client:
        yield client
