"""Rasa is away, or breaks: the resident is told, nothing is lost, and the next message still works."""

import asyncio
from typing import Any

import httpx
import pytest

from community.core.messages import Progress
from tests.channels import rasa_double
from tests.channels.rasa_double import House, RasaDouble, said

rasa, house, chat = rasa_double.rasa, rasa_double.house, rasa_double.chat


async def post(chat: httpx.AsyncClient, text: str, **fields: Any) -> list[str]:
    response = await chat.post("/chat/messages", json={"session": "s-1", "text": text, **fields})
    assert response.status_code == 200, response.text
    return [reply["text"] for reply in response.json()["replies"]]


async def progress_of(house: House, text: str) -> Progress:
    (message,) = [m for m in await house.conversation("s-1") if m.text == text]
    return message.progress


async def test_while_rasa_is_down_a_message_is_noted_and_kept(
    chat: httpx.AsyncClient, house: House, rasa: RasaDouble
) -> None:
    await rasa.stop()

    assert await post(chat, "路灯坏了") == [house.text("noted_for_later")]
    assert await progress_of(house, "路灯坏了") is Progress.PENDING


async def test_after_the_restart_everything_is_answered_in_order(
    chat: httpx.AsyncClient, house: House, rasa: RasaDouble
) -> None:
    await rasa.stop()
    await post(chat, "路灯坏了")
    await post(chat, "垃圾没人清")
    await house.catch_up()  # still down: nothing may happen
    await rasa.start()

    async with house.hub.listening("s-1") as queue:
        await house.catch_up()

    assert rasa.texts == ["路灯坏了", "垃圾没人清"]
    pushed = [queue.get_nowait() for _ in range(queue.qsize())]
    assert [m.text for m in pushed if m] == ["听到：路灯坏了", "听到：垃圾没人清"]
    assert await progress_of(house, "路灯坏了") is Progress.DONE
    assert [m.text for m in await house.conversation("s-1")][-2:] == ["听到：路灯坏了", "听到：垃圾没人清"]


async def test_catching_up_twice_answers_once(chat: httpx.AsyncClient, house: House, rasa: RasaDouble) -> None:
    await rasa.stop()
    await post(chat, "路灯坏了")
    await rasa.start()

    await asyncio.gather(house.catch_up(), house.catch_up())

    assert rasa.texts == ["路灯坏了"]


async def test_a_new_message_waits_for_the_older_ones(chat: httpx.AsyncClient, house: House, rasa: RasaDouble) -> None:
    await rasa.stop()
    await post(chat, "路灯坏了")
    await rasa.start()

    assert await post(chat, "垃圾没人清") == ["听到：垃圾没人清"]
    assert rasa.texts == ["路灯坏了", "垃圾没人清"]
    async with house.hub.listening("s-1") as queue:
        await house.courier.deliver_due()
    assert [m.text for m in (queue.get_nowait(),) if m] == ["听到：路灯坏了"]


async def test_sending_again_while_rasa_is_down_keeps_one_message(
    chat: httpx.AsyncClient, house: House, rasa: RasaDouble
) -> None:
    await rasa.stop()
    await post(chat, "路灯坏了", id="m-1")
    await post(chat, "路灯坏了", id="m-1")
    await rasa.start()

    assert await post(chat, "路灯坏了", id="m-1") == ["听到：路灯坏了"]
    assert rasa.texts == ["路灯坏了"]


async def test_a_button_pressed_while_rasa_was_down_still_counts(
    chat: httpx.AsyncClient, house: House, rasa: RasaDouble
) -> None:
    rasa.will_say("路灯坏了", said("可以吗？", ("确认", "/affirm")))
    await post(chat, "路灯坏了")
    await rasa.stop()
    await post(chat, "/affirm", button=True)
    await rasa.start()

    await house.catch_up()

    assert rasa.turns[-1]["intent"] == {"name": "affirm", "entities": {}}


async def test_one_broken_turn_is_tried_again(chat: httpx.AsyncClient, house: House, rasa: RasaDouble) -> None:
    rasa.failures = 1

    assert await post(chat, "路灯坏了") == [house.text("noted_for_later")]
    await house.catch_up(after=29)
    assert rasa.texts == [], "not yet"
    await house.catch_up(after=1)

    assert rasa.texts == ["路灯坏了"]
    assert (await house.conversation("s-1"))[-1].text == "听到：路灯坏了"


async def test_a_turn_that_breaks_three_times_is_left_to_people(
    chat: httpx.AsyncClient, house: House, rasa: RasaDouble
) -> None:
    rasa.failures = 3
    await post(chat, "路灯坏了")
    await house.catch_up(after=30)
    assert await progress_of(house, "路灯坏了") is Progress.PENDING

    await house.catch_up(after=300)

    assert await progress_of(house, "路灯坏了") is Progress.FAILED
    assert (await house.conversation("s-1"))[-1].text == house.text("left_to_people")
    assert await post(chat, "垃圾没人清") == ["听到：垃圾没人清"]
    assert rasa.texts == ["垃圾没人清"]


async def test_an_answer_cut_off_in_the_middle_is_no_answer(
    chat: httpx.AsyncClient, house: House, rasa: RasaDouble
) -> None:
    rasa.cuts = 1

    assert await post(chat, "路灯坏了") == [house.text("noted_for_later")]
    assert await progress_of(house, "路灯坏了") is Progress.PENDING


async def test_a_hanging_rasa_does_not_keep_a_resident_waiting(
    chat: httpx.AsyncClient, house: House, rasa: RasaDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.rasa._TIMEOUT", rasa_double.soon())
    rasa.delay = 30

    assert await post(chat, "路灯坏了") == [house.text("noted_for_later")]
