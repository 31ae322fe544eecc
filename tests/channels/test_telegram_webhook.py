"""The webhook's door: who is let in, and what Telegram is told."""

import json
from collections.abc import AsyncIterator, Iterator

import aiohttp
import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from bot.channels.ports import Incoming
from bot.channels.telegram.channel import WEBHOOK_PATH
from community.core.messages import Message
from community.services.reference import Reference
from tests.channels.bot_api_support import SECRET, UPDATES, Builder, House, Person, ground
from tests.fakes.backends import Backend
from tests.fakes.clock import SetClock

TEXT = (UPDATES / "text.json").read_bytes()


@pytest.fixture
async def builder(
    request: pytest.FixtureRequest, sqlite_backend: Backend, reference: Reference, clock: SetClock
) -> AsyncIterator[Builder]:
    by = getattr(request, "param", "webhook")
    async with ground(by, sqlite_backend.open_uow, reference, clock) as builder:
        yield builder


@pytest.fixture
async def house(builder: Builder) -> AsyncIterator[House]:
    async with builder.house() as house:
        if house.by == "webhook":
            await house.api.until(lambda: bool(house.api.webhook))
        yield house


@pytest.fixture(autouse=True)
def _nothing_personal_is_logged(capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    caplog.set_level("INFO")
    yield
    logged = caplog.text + "".join(capsys.readouterr())
    for secret in (SECRET, "楼", "这条消息"):
        assert secret not in logged


async def post(house: House, body: bytes, secret: str | None = SECRET) -> int:
    headers = {} if secret is None else {"X-Telegram-Bot-Api-Secret-Token": secret}
    async with aiohttp.ClientSession() as http, http.post(house.api.webhook["url"], data=body, headers=headers) as got:
        return got.status


async def test_telegram_is_told_address_secret_and_kinds(house: House) -> None:
    told = house.api.webhook
    assert told["url"].endswith(WEBHOOK_PATH)
    assert told["secret_token"] == SECRET
    assert house.api.called("getUpdates") == []


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET[:-1], SECRET + "x", "密", "\xff"])
async def test_without_the_secret_there_is_no_door(house: House, secret: str | None) -> None:
    assert await post(house, TEXT, secret) == 404
    assert house.rasa.turns == []


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[1]", b"1", b'"x"', b"null"])
async def test_what_is_no_update_is_refused(house: House, body: bytes) -> None:
    assert await post(house, body) == 400


@pytest.mark.parametrize("name", ["ill_formed_message", "unknown_type", "group_message", "edited_message"])
async def test_what_will_never_be_understood_need_not_come_again(house: House, name: str) -> None:
    assert await post(house, (UPDATES / f"{name}.json").read_bytes()) == 200


async def test_an_empty_object_need_not_come_again(house: House) -> None:
    assert await post(house, b"{}") == 200


async def test_what_could_not_be_kept_has_to_come_again(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    async def hear(incoming: Incoming, *, deliver: bool) -> None:
        raise ConnectionError(incoming.text)

    with monkeypatch.context() as broken:
        broken.setattr(house.dialogue, "hear", hear)
        assert await post(house, TEXT) == 503
    assert await post(house, TEXT) == 200
    assert house.rasa.texts == [json.loads(TEXT)["message"]["text"]]


async def test_a_pushed_update_that_failed_is_answered_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    guifang = Person(house.api, 7001001)
    real, failures = house.dialogue.hear, [1, 2]

    async def hear(incoming: Incoming, *, deliver: bool) -> list[Message]:
        if failures and failures.pop():
            raise ConnectionError
        return await real(incoming, deliver=deliver)

    monkeypatch.setattr(house.dialogue, "hear", hear)
    await guifang.says("楼道脏")
    assert (await guifang.reads()).text == "听到：楼道脏"
    await house.api.settled()
    assert house.api.pushed == [503, 503, 200]


@pytest.mark.parametrize("builder", ["polling"], indirect=True)
async def test_while_polling_the_door_is_shut(builder: Builder) -> None:
    async with builder.house() as house:
        app = FastAPI()
        app.include_router(house.channel.routes())
        async with AsyncClient(transport=ASGITransport(app), base_url="http://here") as http:
            answer = await http.post(WEBHOOK_PATH, content=TEXT, headers={"X-Telegram-Bot-Api-Secret-Token": SECRET})
        assert answer.status_code == 404
