"""Turns through the web chat: replies, buttons, order, repeated posts."""

import asyncio
from typing import Any

import httpx
import pytest

from community.core.messages import Direction
from tests.channels import rasa_double
from tests.channels.rasa_double import House, RasaDouble, said

rasa, house, chat = rasa_double.rasa, rasa_double.house, rasa_double.chat

CARD = said("这样报上去可以吗？", ("确认", "/affirm"), ("修改", "/correct_report"), ("取消", "/deny?all=yes"))


async def post(chat: httpx.AsyncClient, text: str, session: str = "s-1", **fields: Any) -> list[dict[str, Any]]:
    response = await chat.post("/chat/messages", json={"session": session, "text": text, **fields})
    assert response.status_code == 200, response.text
    assert response.headers["cache-control"] == "no-store"
    replies: list[dict[str, Any]] = response.json()["replies"]
    return replies


async def test_replies_come_in_order_with_ids_and_buttons(chat: httpx.AsyncClient, rasa: RasaDouble) -> None:
    rasa.will_say("路灯坏了", said("记下了。"), CARD)

    first, second = await post(chat, "路灯坏了")

    assert (first["text"], first["buttons"]) == ("记下了。", [])
    assert (second["text"], second["buttons"]) == (CARD["text"], CARD["buttons"])
    assert first["id"] < second["id"]


async def test_a_silent_turn_still_gets_an_answer(chat: httpx.AsyncClient, house: House, rasa: RasaDouble) -> None:
    rasa.will_say("嗯嗯")

    (reply,) = await post(chat, "嗯嗯")

    assert reply["text"] == house.text("silent")


PRESSED = {
    "payload": ("/deny?all=yes", "取消", {"name": "deny", "entities": {"all": "yes"}}),
    "title": ("确认", "确认", {"name": "affirm", "entities": {}}),
    "number": ("2", "修改", {"name": "correct_report", "entities": {}}),
    "full-width number": ("２", "修改", {"name": "correct_report", "entities": {}}),
    "number of no button": ("4", "4", None),
    "zero": ("0", "0", None),
    "payload never offered": ("/ask_human", "/ask_human", None),
}


@pytest.mark.parametrize(("text", "heard", "intent"), PRESSED.values(), ids=PRESSED.keys())
async def test_a_button_can_be_pressed_or_typed(
    text: str, heard: str, intent: Any, chat: httpx.AsyncClient, rasa: RasaDouble
) -> None:
    rasa.will_say("路灯坏了", CARD)
    await post(chat, "路灯坏了")

    await post(chat, text)

    assert (rasa.turns[-1]["text"], rasa.turns[-1]["intent"]) == (heard, intent)


async def test_a_pressed_button_stands_in_the_history_by_its_title(chat: httpx.AsyncClient, rasa: RasaDouble) -> None:
    rasa.will_say("路灯坏了", CARD)
    await post(chat, "路灯坏了")
    await post(chat, "/affirm", button=True)

    history = (await chat.get("/chat/messages", params={"session": "s-1"})).json()["messages"]

    assert [(m["mine"], m["text"]) for m in history] == [
        (True, "路灯坏了"),
        (False, CARD["text"]),
        (True, "确认"),
        (False, "听到：确认"),
    ]


async def test_a_stale_button_is_told_so(chat: httpx.AsyncClient, house: House, rasa: RasaDouble) -> None:
    rasa.will_say("路灯坏了", CARD)
    await post(chat, "路灯坏了")
    await post(chat, "/affirm", button=True)

    (reply,) = await post(chat, "/affirm", button=True)

    assert reply["text"] == house.text("stale_button")
    assert rasa.texts == ["路灯坏了", "确认"]


async def test_a_stale_payload_without_a_press_is_only_text(chat: httpx.AsyncClient, rasa: RasaDouble) -> None:
    rasa.will_say("路灯坏了", CARD)
    await post(chat, "路灯坏了")
    await post(chat, "不用了")

    await post(chat, "/affirm")

    assert (rasa.turns[-1]["text"], rasa.turns[-1]["intent"]) == ("/affirm", None)


async def test_another_persons_button_cannot_be_pressed(chat: httpx.AsyncClient, rasa: RasaDouble) -> None:
    rasa.will_say("路灯坏了", CARD)
    await post(chat, "路灯坏了", session="s-1")

    await post(chat, "/affirm", session="s-2")

    assert rasa.turns[-1]["intent"] is None


async def test_messages_of_one_person_arrive_in_order_and_alone(chat: httpx.AsyncClient, rasa: RasaDouble) -> None:
    rasa.delay = 0.05
    texts = [f"第{n}件事" for n in range(5)]

    answers = await asyncio.gather(*(post(chat, text) for text in texts))

    assert rasa.texts == texts
    assert not rasa.overlapped
    assert [reply["text"] for (reply,) in answers] == [f"听到：{text}" for text in texts]


async def test_different_people_do_not_wait_for_each_other(chat: httpx.AsyncClient, rasa: RasaDouble) -> None:
    rasa.delay = 0.2

    await asyncio.gather(*(post(chat, "路灯坏了", session=f"s-{n}") for n in range(3)))

    assert rasa.overlapped
    assert len({turn["sender"] for turn in rasa.turns}) == 3


async def test_the_same_id_again_is_the_same_turn(chat: httpx.AsyncClient, rasa: RasaDouble) -> None:
    first = await post(chat, "路灯坏了", id="m-1")
    second = await post(chat, "路灯坏了", id="m-1")

    assert first == second
    assert len(rasa.turns) == 1


async def test_the_same_id_at_the_same_time_is_the_same_turn(
    chat: httpx.AsyncClient, house: House, rasa: RasaDouble
) -> None:
    rasa.delay = 0.05

    first, second = await asyncio.gather(*(post(chat, "路灯坏了", id="m-1") for _ in range(2)))

    assert first == second
    assert len(rasa.turns) == 1
    assert [m.direction for m in await house.conversation("s-1")] == [Direction.IN, Direction.OUT]


async def test_an_id_belongs_to_one_session(chat: httpx.AsyncClient, rasa: RasaDouble) -> None:
    await post(chat, "路灯坏了", session="s-1", id="m-1")
    await post(chat, "垃圾没人清", session="s-2", id="m-1")

    assert rasa.texts == ["路灯坏了", "垃圾没人清"]
