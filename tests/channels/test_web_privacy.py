"""Nobody who reads a log learns what a resident said, or how to reach them."""

import json
import logging
from collections.abc import Callable, Iterator

import httpx
import pytest
from structlog.testing import capture_logs

from bot.channels.web.requests import MAX_BODY
from tests.channels import rasa_double
from tests.channels.rasa_double import House, RasaDouble

rasa, house, chat = rasa_double.rasa, rasa_double.house, rasa_double.chat

PHONE = "13812345678"
WORDS = "王芳家楼上漏水"
TEXT = f"{WORDS}，电话{PHONE}"
SECRETS = (PHONE, WORDS, WORDS.encode("unicode_escape").decode(), "王芳")


def body(text: object = TEXT, session: object = "s-1") -> bytes:
    return json.dumps({"session": session, "text": text}).encode()


INPUTS = {
    "plain": body(),
    "too long": body(TEXT * 1000),
    "too large": body(TEXT * (MAX_BODY // 40)),
    "nul": body(f"{TEXT}\0"),
    "surrogate": body(f"{TEXT}\ud800"),
    "command": body(f'/open_case{{"x": "{TEXT}"}}'),
    "invalid JSON": TEXT.encode(),
    "unfinished JSON": body()[:-3],
    "invalid UTF-8": body() + b"\xff",
    "array": json.dumps([TEXT]).encode(),
    "deep": b"[" * 50_000 + body(),
    "text in a list": body([TEXT]),
    "no session": json.dumps({"text": TEXT}).encode(),
    "session with words": body(session=TEXT),
}


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> Iterator[Callable[[], str]]:
    """Everything written anywhere, at least as much as bot/logs.py lets through."""
    caplog.set_level(logging.INFO)
    with capture_logs() as events:

        def everything() -> str:
            return "\n".join([repr(events), caplog.text, *capfd.readouterr()])

        yield everything


def assert_discreet(log: str) -> None:
    assert [secret for secret in SECRETS if secret in log] == []


@pytest.mark.parametrize("content", INPUTS.values(), ids=INPUTS.keys())
async def test_no_input_reaches_a_log(content: bytes, chat: httpx.AsyncClient, logged: Callable[[], str]) -> None:
    await chat.post("/chat/messages", content=content)

    assert_discreet(logged())


async def test_trouble_with_rasa_is_logged_without_words(
    chat: httpx.AsyncClient, house: House, rasa: RasaDouble, logged: Callable[[], str]
) -> None:
    rasa.failures = 1
    await chat.post("/chat/messages", content=body())
    await rasa.stop()
    await chat.post("/chat/messages", content=body())
    await house.catch_up()

    log = logged()

    assert "turn.failed" in log
    assert "rasa.unavailable" in log
    assert_discreet(log)


async def test_an_error_that_quotes_the_resident_is_logged_without_the_quote(
    chat: httpx.AsyncClient, logged: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise OSError(f"INSERT INTO message VALUES ({TEXT!r})")

    monkeypatch.setattr("bot.dialogue.receive", broken)

    await chat.post("/chat/messages", content=body())

    log = logged()
    assert "OSError" in log
    assert_discreet(log)


async def test_a_phone_number_goes_neither_to_rasa_nor_into_the_conversation(
    chat: httpx.AsyncClient, house: House, rasa: RasaDouble
) -> None:
    await chat.post("/chat/messages", content=body())

    assert rasa.texts == [f"{WORDS}，电话138****5678"]
    assert PHONE not in repr(await house.conversation("s-1"))
