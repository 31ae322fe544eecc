"""People who chat with the bot, what can go wrong on the way, and Ketang's side as bot/app.py puts it together."""

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import AsyncMock, patch

import uvicorn
from aiogram.client.session import aiohttp as aiohttp_session
from aiogram.utils.backoff import BackoffConfig
from aiohttp import web
from fastapi import FastAPI

from bot.channels.telegram.channel import CHANNEL, TelegramChannel
from bot.delivery import Courier, Recovery
from bot.dialogue import Dialogue
from bot.rasa import RasaClient
from community.core.messages import Direction, Message
from community.core.outbox import Delivery
from community.services.ports import UnitOfWork
from community.services.reference import Reference
from tests.channels.bot_api import PATIENCE, TOKEN, BotApi, Failure, Raw, Refused, Sent, a_chat, bot_api
from tests.channels.rasa_double import TOKEN as RASA_TOKEN
from tests.channels.rasa_double import RasaDouble
from tests.fakes.clock import SetClock

UPDATES = Path(__file__).parent / "telegram_updates"
SECRET = "a-webhook-secret-of-the-tests"
_HASTY_ASYNCIO = SimpleNamespace(TimeoutError=TimeoutError, sleep=AsyncMock())  # aiogram ends 0.25 s late for TLS
HASTE = BackoffConfig(min_delay=0.01, max_delay=0.05, factor=1.5, jitter=0)


@dataclass
class Person:
    """Somebody with the bot's private chat open on their phone."""

    api: BotApi
    id: int
    _seen: int = 0

    def __post_init__(self) -> None:
        self.api.chats.add(self.id)

    @property
    def screen(self) -> list[Sent]:
        return [sent for sent in self.api.sent if sent.chat_id == self.id]

    async def says(self, text: str) -> Raw:
        return await self._push(message=self._message(text=text))

    async def sends(self, name: str) -> Raw:
        """One of telegram_updates/, as if it came from this person now."""
        update = json.loads((UPDATES / f"{name}.json").read_text(encoding="utf-8"))
        for event in update.values():
            if isinstance(event, dict):
                self._make_own(event)
        return await self._push(**{key: event for key, event in update.items() if key != "update_id"})

    async def presses(self, title: str, card: Sent | None = None) -> Raw:
        """The button on the newest card that has it, or on a given one as it was when it was read."""
        card = card or next(sent for sent in reversed(self.screen) if title in sent.buttons)
        return await self.presses_data(card.buttons[title], card)

    async def presses_data(self, data: str, card: Sent) -> Raw:
        query = {
            "id": f"3007{next(self.api.numbers)}",
            "from": self._user(),
            "chat_instance": "-1",
            "message": card.as_telegram(),
            "data": data,
        }
        return await self._push(callback_query=query)

    async def repeats(self, update: Raw, *, as_new: bool = False) -> None:
        """Telegram may hand out one update twice; `as_new` gives it another update id."""
        again = deepcopy(update)
        if as_new:
            again["update_id"] = next(self.api.numbers)
        await self.api.push(again)

    async def reads(self) -> Sent:
        """The next message that this person has not read yet."""
        await self.api.until(lambda: len(self.screen) > self._seen)
        self._seen += 1
        return deepcopy(self.screen[self._seen - 1])

    def unread(self) -> list[str]:
        return [sent.text for sent in self.screen[self._seen :]]

    async def _push(self, **event: Raw) -> Raw:
        update = {"update_id": next(self.api.numbers), **event}
        await self.api.push(update)
        return update

    def _message(self, **content: Any) -> Raw:
        number = next(self.api.numbers)
        return {"message_id": number, "from": self._user(), "chat": a_chat(self.id), "date": 1795406400, **content}

    def _user(self) -> Raw:
        return {"id": self.id, "is_bot": False, "first_name": "桂芳", "language_code": "zh-hans"}

    def _make_own(self, event: Raw) -> None:
        event["from"]["id"] = self.id
        if "message_id" in event and "edit_date" not in event:
            event["message_id"] = next(self.api.numbers)
        for holder in (event, event.get("message", {})):
            if holder.get("chat", {}).get("type") == "private":
                holder["chat"]["id"] = self.id


def refuses(status: int, description: str, **parameters: Any) -> Failure:
    async def answer(_: web.Request) -> web.StreamResponse:
        return Refused(status, description, **parameters).response

    return answer


BLOCKED = refuses(403, "Forbidden: bot was blocked by the user")
BROKEN = refuses(500, "Internal Server Error")


def too_many_requests(seconds: int) -> Failure:
    return refuses(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


async def proxy_error(_: web.Request) -> web.StreamResponse:
    """What nginx in front of a Bot API server says when that is away."""
    return web.Response(status=502, text="<html><h1>502 Bad Gateway</h1></html>", content_type="text/html")


async def reset(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


async def garbage(request: web.Request) -> web.StreamResponse:
    """Not HTTP at all; aiohttp's error for it quotes the address, and that holds the token."""
    assert request.transport is not None
    request.transport.write(b"\x00\x01 this is not HTTP\r\n\r\n")
    request.transport.close()
    return web.Response()


def slow(seconds: float) -> Failure:
    async def answer(_: web.Request) -> web.StreamResponse:
        await asyncio.sleep(seconds)
        return Refused(504, "Gateway Timeout").response

    return answer


@dataclass
class House:
    """Ketang with nothing but Telegram; `by` is how its updates come, "polling" or "webhook"."""

    by: str
    api: BotApi
    rasa: RasaDouble
    open_uow: Callable[[], UnitOfWork]
    reference: Reference
    clock: SetClock
    dialogue: Dialogue
    courier: Courier
    recovery: Recovery
    channel: TelegramChannel

    def text(self, key: str, **values: object) -> str:
        return self.reference.texts.render(key, **values)

    async def rasa_is_asked(self) -> None:
        """Waits for the middle of a turn; the double needs a delay for it."""
        async with asyncio.timeout(PATIENCE):
            while not self.rasa._open_turns:  # noqa: ASYNC110
                await asyncio.sleep(0.005)

    async def catch_up(self) -> None:
        """What the background workers do once something has waited long enough."""
        self.clock.advance(seconds=5)
        await self.recovery.catch_up()

    async def conversation(self, person: Person) -> list[Message]:
        async with self.open_uow() as uow:
            account = await uow.residents.find_account(CHANNEL, str(person.id))
            return await uow.messages.conversation(account.id, 0, 1000) if account else []

    async def heard(self, person: Person) -> list[str]:
        return [m.text for m in await self.conversation(person) if m.direction is Direction.IN]

    async def undelivered(self, person: Person) -> list[Delivery]:
        async with self.open_uow() as uow:
            account = await uow.residents.find_account(CHANNEL, str(person.id))
            return await uow.outbox.waiting_for(account.id) if account else []


@dataclass
class WatchedDatabase:
    """Knows when nobody is using it: aiosqlite's thread must not report to a loop that a test has closed by then."""

    open_uow: Callable[[], UnitOfWork]
    _open: int = 0

    def __call__(self) -> Any:
        return self._watched(self.open_uow())

    @asynccontextmanager
    async def _watched(self, unit: UnitOfWork) -> AsyncIterator[UnitOfWork]:
        self._open += 1
        try:
            async with unit as uow:
                yield uow
        finally:
            self._open -= 1

    async def idle(self) -> None:
        async with asyncio.timeout(PATIENCE):
            while self._open:  # noqa: ASYNC110
                await asyncio.sleep(0.002)


@dataclass
class Builder:
    """Makes houses on the same ground: one database, one Bot API, one Rasa."""

    by: str
    api: BotApi
    rasa: RasaDouble
    open_uow: Callable[[], UnitOfWork]
    reference: Reference
    clock: SetClock

    @asynccontextmanager
    async def house(self, *, open_uow: Callable[[], UnitOfWork] | None = None) -> AsyncIterator[House]:
        async with AsyncExitStack() as stack:
            listener = stack.enter_context(contextlib.closing(socket.create_server(("127.0.0.1", 0))))
            client = RasaClient(self.rasa.url, RASA_TOKEN)
            stack.push_async_callback(client.close)
            watched = WatchedDatabase(open_uow or self.open_uow)
            house = self._assemble(client, watched, listener.getsockname()[1])
            if self.by == "webhook":
                await stack.enter_async_context(_served(house, listener))
            await stack.enter_async_context(_working(house.courier))
            stack.push_async_callback(watched.idle)
            await stack.enter_async_context(house.channel.running())
            stack.push_async_callback(watched.idle)
            yield house

    def _assemble(self, client: RasaClient, open_uow: Callable[[], UnitOfWork], port: int) -> House:
        dialogue = Dialogue(open_uow, self.reference.texts, client)
        senders: dict[str, TelegramChannel] = {}
        courier = Courier(open_uow, senders)
        senders[CHANNEL] = TelegramChannel(
            token=TOKEN,
            api_base=self.api.url + "/",
            webhook_url=f"http://127.0.0.1:{port}" if self.by == "webhook" else "",
            webhook_secret=SECRET,
            dialogue=dialogue,
            wake=courier.wake,
            open_uow=open_uow,
            patience=HASTE,
        )
        recovery = Recovery(open_uow, dialogue, client, courier)
        known = (self.by, self.api, self.rasa, open_uow, self.reference, self.clock)
        return House(*known, dialogue, courier, recovery, senders[CHANNEL])


@asynccontextmanager
async def _working(courier: Courier) -> AsyncIterator[None]:
    task = asyncio.create_task(courier.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def _served(house: House, listener: socket.socket) -> AsyncIterator[None]:
    app = FastAPI(openapi_url=None)
    app.include_router(house.channel.routes())
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", ws="none"))
    serving = asyncio.create_task(server._serve([listener]))  # serve() would take the signals from pytest
    try:
        while not server.started:  # noqa: ASYNC110
            await asyncio.sleep(0.005)
        yield
    finally:
        server.should_exit = True
        await serving


@asynccontextmanager
async def ground(
    by: str, open_uow: Callable[[], UnitOfWork], reference: Reference, clock: SetClock
) -> AsyncIterator[Builder]:
    rasa = RasaDouble()
    await rasa.start()
    try:
        with patch.object(aiohttp_session, "asyncio", _HASTY_ASYNCIO):
            async with bot_api() as api:
                yield Builder(by, api, rasa, open_uow, reference, clock)
    finally:
        await rasa.stop()
