"""The event stream, through a real server: pushed at once, replayed after a break, ended at the stop."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from bot.channels.web.hub import Hub
from community.core.messages import Button, Direction, Message, Reply
from community.services.messages import say
from community.services.residents import identify
from tests.channels import rasa_double
from tests.channels.rasa_double import House, eventually, served
from tests.fakes.makers import a_message

rasa, house, chat = rasa_double.rasa, rasa_double.house, rasa_double.chat


@pytest.fixture
async def web(house: House) -> AsyncIterator[httpx.AsyncClient]:
    async with served(house) as url, httpx.AsyncClient(base_url=url, timeout=10) as client:
        yield client


class Stream:
    def __init__(self, response: httpx.Response) -> None:
        self._lines = response.aiter_lines()

    async def next(self) -> tuple[str, dict[str, Any]]:
        """The next event's id and content; StopAsyncIteration at the end."""
        event_id = ""
        while True:
            line = await asyncio.wait_for(anext(self._lines), 5)
            if line.startswith("id: "):
                event_id = line.removeprefix("id: ")
            if line.startswith("data: "):
                return event_id, json.loads(line.removeprefix("data: "))

    async def comment(self) -> None:
        while not (await asyncio.wait_for(anext(self._lines), 5)).startswith(":"):
            continue


@asynccontextmanager
async def listening(
    web: httpx.AsyncClient, session: str = "s-1", last_event_id: str | None = None, **params: Any
) -> AsyncIterator[Stream]:
    headers = {"Last-Event-ID": last_event_id} if last_event_id else {}
    async with web.stream("GET", "/chat/events", params={"session": session, **params}, headers=headers) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        stream = Stream(response)
        await stream.comment()  # from here on nothing is missed
        yield stream


async def notify(house: House, text: str, *buttons: Button, session: str = "s-1") -> int:
    """What staff do: a message in the outbox, then the courier."""
    async with house.open_uow() as uow:
        account = await identify(uow, "web", session)
        message = await say(uow, account.id, Reply(text, buttons), deliver=True)
        await uow.commit()
    await house.courier.deliver_due()
    return message.id


async def test_a_notice_is_pushed_at_once(web: httpx.AsyncClient, house: House) -> None:
    async with listening(web) as stream:
        message_id = await notify(house, "已交给环卫处理，\n明天前办结。", Button("好的", "/affirm"))

        event_id, content = await stream.next()

    assert event_id == str(message_id)
    assert content == {
        "id": message_id,
        "text": "已交给环卫处理，\n明天前办结。",
        "buttons": [{"title": "好的", "payload": "/affirm"}],
    }


async def test_every_page_of_a_person_hears_and_nobody_else(web: httpx.AsyncClient, house: House) -> None:
    async with listening(web) as one, listening(web) as two, listening(web, "s-2") as other:
        await notify(house, "给甲的")
        await notify(house, "给乙的", session="s-2")

        heard = [(await stream.next())[1]["text"] for stream in (one, two, other)]

    assert heard == ["给甲的", "给甲的", "给乙的"]


@pytest.mark.parametrize("how", ["header", "query"])
async def test_what_was_missed_is_replayed(how: str, web: httpx.AsyncClient, house: House) -> None:
    await web.post("/chat/messages", json={"session": "s-1", "text": "路灯坏了"})
    seen, *missed = [await notify(house, f"通知{n}") for n in range(3)]
    since: dict[str, Any] = {"last_event_id": str(seen)} if how == "header" else {"after": seen}

    async with listening(web, **since) as stream:
        replayed = [await stream.next() for _ in missed]

    assert [(event_id, content["text"]) for event_id, content in replayed] == [
        (str(missed[0]), "通知1"),
        (str(missed[1]), "通知2"),
    ]


async def test_a_replay_holds_no_words_of_the_resident(web: httpx.AsyncClient, house: House) -> None:
    await web.post("/chat/messages", json={"session": "s-1", "text": "路灯坏了"})

    async with listening(web, after=0) as stream:
        assert (await stream.next())[1]["text"] == "听到：路灯坏了"


async def test_more_can_be_missed_than_a_page_shows(web: httpx.AsyncClient, house: House) -> None:
    first = await notify(house, "通知0")
    async with house.open_uow() as uow:
        account = await identify(uow, "web", "s-1")
        for n in range(1, 121):
            await say(uow, account.id, Reply(f"通知{n}"), deliver=False)
        await uow.commit()

    async with listening(web, after=first) as stream:
        texts = [(await stream.next())[1]["text"] for _ in range(120)]

    assert texts == [f"通知{n}" for n in range(1, 121)]


@pytest.mark.parametrize("nonsense", ["", "x", "-1", "²", "1e5", "9" * 400])
async def test_a_nonsensical_last_id_replays_nothing(nonsense: str, web: httpx.AsyncClient, house: House) -> None:
    await notify(house, "旧的")

    async with listening(web, after=nonsense) as stream:
        await notify(house, "新的")

        assert (await stream.next())[1]["text"] == "新的"


async def test_a_quiet_stream_shows_that_it_lives(web: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.channels.web.routes._HEARTBEAT", 0.01)

    async with listening(web) as stream:
        await stream.comment()


async def test_a_reader_that_left_is_forgotten(web: httpx.AsyncClient, house: House) -> None:
    async with listening(web):
        assert "s-1" in house.hub._listeners

    await eventually(lambda: not house.hub._listeners)


async def test_the_stop_ends_open_streams_and_keeps_new_ones_short(house: House, chat: httpx.AsyncClient) -> None:
    async with served(house) as url, httpx.AsyncClient(base_url=url, timeout=10) as client:
        async with listening(client) as stream:
            house.hub.close()
            with pytest.raises(StopAsyncIteration):
                await stream.next()
        async with listening(client) as late:
            with pytest.raises(StopAsyncIteration):
                await late.next()


def numbered(number: int) -> Message:
    return a_message(id=number, direction=Direction.OUT, text=f"通知{number}")


async def test_a_slow_reader_is_sent_away_without_a_gap() -> None:
    """It comes back with the last id it has read, so nothing may be missing before that id."""
    hub = Hub()
    async with hub.listening("s-1") as queue:
        for number in range(1, 4):
            await hub.send("s-1", numbered(number))
        assert [queue.get_nowait() for _ in range(3)] == [numbered(1), numbered(2), numbered(3)]
        for number in range(4, 300):
            await hub.send("s-1", numbered(number))

        assert queue.get_nowait() is None  # the stream ends here, right after 3


async def test_the_stop_reaches_a_reader_whose_queue_is_full() -> None:
    hub = Hub()
    async with hub.listening("s-1") as queue:
        for number in range(queue.maxsize):
            await hub.send("s-1", numbered(number))

        hub.close()

        assert queue.get_nowait() is None
