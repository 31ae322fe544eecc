"""Whatever a browser, or somebody with bad manners, posts: a clear Chinese answer, and Rasa is left in peace."""

import json
from typing import Any

import httpx
import pytest

from bot.channels.web.requests import MAX_BODY
from community.core.messages import MAX_TEXT
from tests.channels import rasa_double
from tests.channels.rasa_double import House, RasaDouble

rasa, house, chat = rasa_double.rasa, rasa_double.house, rasa_double.chat


def body(**fields: Any) -> bytes:
    return json.dumps({"session": "s-1", "text": "路灯坏了", **fields}).encode()


WITHOUT_SESSION = json.dumps({"text": "路灯坏了"}).encode()
WITHOUT_TEXT = json.dumps({"session": "s-1"}).encode()

BAD = {
    "empty": (body(text=""), 200, "empty_message"),
    "blanks": (body(text=" \n\t\u3000\u00a0 "), 200, "empty_message"),
    "nul bytes": (body(text="\0\0\0"), 200, "empty_message"),
    "a lone surrogate": (rb'{"session": "s-1", "text": "\ud800"}', 200, "empty_message"),
    "emoji only": (body(text="😷👍🏽❤️"), 200, "only_emoji"),
    "marks only": (body(text="？？！……"), 200, "only_emoji"),
    "no body": (b"", 400, "bad_request"),
    "invalid JSON": (b'{"session": "s-1", "text": ', 400, "bad_request"),
    "invalid UTF-8": (b'{"session": "s-1", "text": "\xff\xfe"}', 400, "bad_request"),
    "endless number": (b'{"session": "s-1", "text": ' + b"9" * 9000 + b"}", 400, "bad_request"),
    "deep array": (b"[" * 100_000, 400, "bad_request"),
    "deep object": (b'{"text":' * 20_000 + b"1" + b"}" * 20_000, 400, "bad_request"),
    "an array": (b'["s-1", "text"]', 400, "bad_request"),
    "a string": (b'"text"', 400, "bad_request"),
    "null": (b"null", 400, "bad_request"),
    "no text": (WITHOUT_TEXT, 400, "bad_request"),
    "text is null": (body(text=None), 400, "bad_request"),
    "text is a number": (body(text=3), 400, "bad_request"),
    "text is a list": (body(text=["路灯坏了"]), 400, "bad_request"),
    "id is a number": (body(id=7), 400, "bad_request"),
    "id is empty": (body(id=""), 400, "bad_request"),
    "id is too long": (body(id="x" * 129), 400, "bad_request"),
    "no session": (WITHOUT_SESSION, 400, "missing_session"),
    "session is null": (body(session=None), 400, "missing_session"),
    "session is empty": (body(session=""), 400, "missing_session"),
    "session is a number": (body(session=5), 400, "missing_session"),
    "session has blanks": (body(session="s 1"), 400, "missing_session"),
    "session has a line end": (body(session="s-1\n"), 400, "missing_session"),
    "session is Chinese": (body(session="王芳"), 400, "missing_session"),
    "session is a lone surrogate": (rb'{"session": "\ud800", "text": "x"}', 400, "missing_session"),
    "session is too long": (body(session="s" * 129), 400, "missing_session"),
    "body too large": (body(text="x" * MAX_BODY), 413, "bad_request"),
}


@pytest.mark.parametrize(("content", "status", "key"), BAD.values(), ids=BAD.keys())
async def test_bad_input_gets_a_clear_answer(
    content: bytes, status: int, key: str, chat: httpx.AsyncClient, house: House, rasa: RasaDouble
) -> None:
    response = await chat.post("/chat/messages", content=content)

    assert response.status_code == status
    assert [reply["text"] for reply in response.json()["replies"]] == [house.text(key)]
    assert rasa.turns == []


@pytest.mark.parametrize("length", [MAX_TEXT + 1, 20_000])
async def test_too_long_a_text_is_told_its_length(
    length: int, chat: httpx.AsyncClient, house: House, rasa: RasaDouble
) -> None:
    response = await chat.post("/chat/messages", content=body(text="字" * length))

    (reply,) = response.json()["replies"]
    assert reply["text"] == house.text("too_long_message", length=length, limit=MAX_TEXT)
    assert rasa.turns == []


async def test_the_longest_text_allowed_arrives(chat: httpx.AsyncClient, rasa: RasaDouble) -> None:
    await chat.post("/chat/messages", content=body(text="字" * MAX_TEXT))

    assert rasa.texts == ["字" * MAX_TEXT]


DIRTY = {
    "nul in the middle": (rb'{"session": "s-1", "text": "\u8def\u0000\u706f"}', "路灯"),
    "lone surrogate in the middle": (rb'{"session": "s-1", "text": "\u8def\ud800\u706f"}', "路灯"),
    "byte order mark": (b'\xef\xbb\xbf{"session": "s-1", "text": "\xe7\x81\xaf"}', "灯"),
    "outer blanks": (body(text="\n 路灯 \u3000"), "路灯"),
    "real surrogate pair": (rb'{"session": "s-1", "text": "\u706f\ud83d\ude37"}', "灯😷"),
}


@pytest.mark.parametrize(("content", "understood"), DIRTY.values(), ids=DIRTY.keys())
async def test_dirt_is_washed_off(content: bytes, understood: str, chat: httpx.AsyncClient, rasa: RasaDouble) -> None:
    response = await chat.post("/chat/messages", content=content)

    assert response.status_code == 200
    assert rasa.texts == [understood]


@pytest.mark.parametrize("typed", ['/open_case{"x":1}', "/restart", "/session_start", "/inform?area_code=nb-1"])
async def test_a_typed_command_is_only_text(typed: str, chat: httpx.AsyncClient, rasa: RasaDouble) -> None:
    await chat.post("/chat/messages", content=body(text=typed))

    (turn,) = rasa.turns
    assert (turn["text"], turn["intent"]) == (typed, None)


@pytest.mark.parametrize("path", ["/chat/messages", "/chat/events"])
@pytest.mark.parametrize("session", [None, "", "王芳", "a b", "s" * 129])
async def test_reading_needs_a_session_too(
    path: str, session: str | None, chat: httpx.AsyncClient, house: House
) -> None:
    response = await chat.get(path, params={} if session is None else {"session": session})

    assert response.status_code == 400
    assert response.json()["replies"][0]["text"] == house.text("missing_session")


async def test_an_unknown_session_has_said_nothing(chat: httpx.AsyncClient) -> None:
    response = await chat.get("/chat/messages", params={"session": "s-2"})

    assert response.json() == {"messages": []}
    assert response.headers["cache-control"] == "no-store"


async def test_what_nobody_foresaw_is_answered_too(
    chat: httpx.AsyncClient, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise OSError("the disk with 路灯坏了 on it is full")

    monkeypatch.setattr("bot.dialogue.receive", lambda *_: broken())

    response = await chat.post("/chat/messages", content=body())

    assert response.status_code == 500
    assert response.json()["replies"][0]["text"] == house.text("server_trouble")
