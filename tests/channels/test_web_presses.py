"""Buttons under a notice: answered by the services, whatever Rasa is doing."""

from typing import Any

import httpx
import pytest

from bot import presses
from bot.presses import HANDLERS
from community.core.cases import EventKind
from community.core.errors import StaleCase
from community.core.messages import LASTING, Button, Reply
from community.core.workflow import Actor, Status
from community.services.messages import say
from community.services.ratings import confirm_solved
from community.services.residents import identify
from tests.channels import rasa_double
from tests.channels.rasa_double import House, RasaDouble, said
from tests.fakes.loop import ARCHIVED, VERIFIED, a_case_of, events, move, stored

rasa, house, chat = rasa_double.rasa, rasa_double.house, rasa_double.chat

CARD = said("这样报上去可以吗？", ("确认", "/affirm"), ("修改", "/correct_report"), ("取消", "/deny"))


async def post(chat: httpx.AsyncClient, text: str, session: str = "s-1", **fields: Any) -> list[dict[str, Any]]:
    response = await chat.post("/chat/messages", json={"session": session, "text": text, **fields})
    assert response.status_code == 200, response.text
    replies: list[dict[str, Any]] = response.json()["replies"]
    return replies


async def press(chat: httpx.AsyncClient, payload: str, session: str = "s-1") -> dict[str, Any]:
    [reply] = await post(chat, payload, session, button=True)
    return reply


async def offered(house: House, payload: str, session: str = "s-1") -> None:
    async with house.open_uow() as uow:
        account = await identify(uow, "web", session)
        await say(uow, account.id, Reply("请看", (Button("好", payload),)), deliver=False)
        await uow.commit()


def test_each_lasting_button_is_dealt_with() -> None:
    assert HANDLERS.keys() == LASTING


async def test_solved_archives_and_asks_for_a_rating(chat: httpx.AsyncClient, house: House, rasa: RasaDouble) -> None:
    case = await a_case_of(house.open_uow, "s-1", *VERIFIED)
    reply = await press(chat, f"/solved?number={case.number}")
    assert reply["text"] == house.text("solved_thanks", number=case.number)
    assert len(reply["buttons"]) == 5
    assert (await stored(house.open_uow, case)).status is Status.ARCHIVED
    assert rasa.turns == []


@pytest.mark.parametrize(("typed", "score"), [("5", 5), ("1", 1), ("２", 2), ("4分", 4), ("不满意", 2), ("很满意", 5)])
async def test_a_rating_may_be_typed_as_people_do(
    typed: str, score: int, chat: httpx.AsyncClient, house: House
) -> None:
    case = await a_case_of(house.open_uow, "s-1", *ARCHIVED)
    [reply] = await post(chat, typed)
    assert reply["text"] == house.text("rated_thanks" if score > 2 else "rated_sorry", score=score)
    assert (await stored(house.open_uow, case)).rating == score


async def test_the_same_rating_twice_is_one(chat: httpx.AsyncClient, house: House) -> None:
    case = await a_case_of(house.open_uow, "s-1", *ARCHIVED)
    for score in (4, 4, 2):
        await press(chat, f"/rate?number={case.number}&score={score}")
    assert [event.data["score"] for event in await events(house.open_uow, case, EventKind.RATED)] == [4, 2]


async def test_unsolved_starts_another_round(chat: httpx.AsyncClient, house: House) -> None:
    case = await a_case_of(house.open_uow, "s-1", *VERIFIED)
    [reply] = await post(chat, "没解决")
    assert case.number in reply["text"]
    now = await stored(house.open_uow, case)
    assert (now.status, now.round, now.level) == (Status.REOPENED, 2, 1)
    assert (await press(chat, f"/unsolved?number={case.number}"))["text"] == reply["text"]
    assert (await stored(house.open_uow, case)).round == 2


async def test_a_moment_that_has_passed_is_told(chat: httpx.AsyncClient, house: House) -> None:
    case = await a_case_of(house.open_uow, "s-1", *VERIFIED)
    await press(chat, f"/unsolved?number={case.number}")
    await move(house.open_uow, case, Status.ASSIGNED, Actor.DISPATCHER)
    for name in ("solved", "unsolved"):
        reply = await press(chat, f"/{name}?number={case.number}")
        assert reply["text"] == house.text("too_late", status=house.text("status_assigned"))


async def test_what_the_clock_archived_can_still_be_called_solved(chat: httpx.AsyncClient, house: House) -> None:
    case = await a_case_of(house.open_uow, "s-1", *VERIFIED)
    await move(house.open_uow, case, Status.ARCHIVED, Actor.SYSTEM)
    reply = await press(chat, f"/solved?number={case.number}")
    assert reply["text"] == house.text("solved_thanks", number=case.number)


async def test_withdrawing_ends_it(chat: httpx.AsyncClient, house: House) -> None:
    case = await a_case_of(house.open_uow, "s-1")
    await offered(house, f"/withdraw?number={case.number}")
    reply = await press(chat, f"/withdraw?number={case.number}")
    assert reply["text"] == house.text("withdrawn", number=case.number)
    assert (await stored(house.open_uow, case)).status is Status.WITHDRAWN


async def test_a_neighbour_supports_once(chat: httpx.AsyncClient, house: House) -> None:
    case = await a_case_of(house.open_uow, "s-1")
    await offered(house, f"/support?number={case.number}", "s-2")
    for _ in range(2):
        reply = await press(chat, f"/support?number={case.number}", "s-2")
        assert reply["text"] == house.text("supported", number=case.number, count=2)
    assert (await stored(house.open_uow, case)).supporters == 1


@pytest.mark.parametrize("payload", ["/solved?number={}", "/unsolved?number={}", "/rate?number={}&score=1"])
async def test_nobody_decides_about_a_neighbours_case(payload: str, chat: httpx.AsyncClient, house: House) -> None:
    case = await a_case_of(house.open_uow, "s-1", *VERIFIED)
    await offered(house, payload.format(case.number), "s-2")
    reply = await press(chat, payload.format(case.number), "s-2")
    assert reply["text"] == house.text("stale_button")
    assert (await stored(house.open_uow, case)).status is Status.VERIFIED


async def test_what_was_never_offered_is_only_text(chat: httpx.AsyncClient, house: House, rasa: RasaDouble) -> None:
    case = await a_case_of(house.open_uow, "s-1", (Status.ASSIGNED, Actor.DISPATCHER))
    await post(chat, f"/withdraw?number={case.number}")
    assert rasa.texts == [f"/withdraw?number={case.number}"]
    assert (await stored(house.open_uow, case)).status is Status.ASSIGNED


async def test_two_notices_can_both_be_answered(chat: httpx.AsyncClient, house: House) -> None:
    first = await a_case_of(house.open_uow, "s-1", *VERIFIED)
    second = await a_case_of(house.open_uow, "s-1", *VERIFIED)
    await post(chat, "解决了")  # typed, it means the newest
    assert (await stored(house.open_uow, second)).status is Status.ARCHIVED
    await press(chat, f"/solved?number={first.number}")
    assert (await stored(house.open_uow, first)).status is Status.ARCHIVED


async def test_a_report_under_way_is_asked_about_again(chat: httpx.AsyncClient, house: House, rasa: RasaDouble) -> None:
    rasa.will_say("路灯坏了", CARD)
    await post(chat, "路灯坏了")
    case = await a_case_of(house.open_uow, "s-1", *VERIFIED)
    reply, card = await post(chat, f"/solved?number={case.number}", button=True)
    assert reply["text"] == house.text("solved_thanks", number=case.number)
    assert (card["text"], card["buttons"]) == (CARD["text"], CARD["buttons"])
    await post(chat, "/affirm", button=True)
    assert rasa.turns[-1]["intent"] == {"name": "affirm", "entities": {}}


async def test_who_is_overtaken_tries_again(
    chat: httpx.AsyncClient, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = await a_case_of(house.open_uow, "s-1", *VERIFIED)
    confirm, failures = confirm_solved, [StaleCase(case.number)]

    async def overtaken(*given: Any) -> Any:
        if failures:
            raise failures.pop()
        return await confirm(*given)

    monkeypatch.setattr(presses, "confirm_solved", overtaken)
    await press(chat, f"/solved?number={case.number}")
    assert (await stored(house.open_uow, case)).status is Status.ARCHIVED
