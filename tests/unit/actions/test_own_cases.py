"""Reopening, withdrawing and rating one's own cases in free words."""

from typing import Any

import pytest

from actions.desk import Desk
from actions.rate import RateService
from actions.reopen import ReopenCase
from actions.withdraw import WithdrawCase
from community.core.cases import Case, EventKind
from community.core.residents import ChannelAccount
from community.core.workflow import Actor, Status
from community.services.cases import open_case
from tests.fakes.loop import ARCHIVED, VERIFIED, events, move, stored
from tests.fakes.makers import a_draft, committed_account
from tests.unit.actions.rasa import Answer, run, said, tracker

Steps = tuple[tuple[Status, Actor], ...]


async def opened(desk: Desk, by: int, steps: Steps = (), code: str = "exposed_waste") -> Case:
    async with desk.open_uow() as uow:
        ordinal = len(await uow.cases.of_account(by, 50))
        case = await open_case(uow, a_draft(account_id=by, origin=f"{by} {ordinal}", service_code=code))
    for to, actor in steps:
        await move(desk.open_uow, case, to, actor)
    return await stored(desk.open_uow, case)


async def says(desk: Desk, action: Any, text: str, intent: str, code: str | None = None) -> Answer:
    return await run(action(desk), tracker(said(text, intent, service_code=code)))


def payloads(answer: Answer) -> list[str]:
    return [button["payload"] for message in answer.messages for button in message["buttons"]]


async def test_the_only_case_is_reopened_with_the_words_said(desk: Desk, account: ChannelAccount) -> None:
    case = await opened(desk, account.id, ARCHIVED)
    answer = await says(desk, ReopenCase, "垃圾又堆起来了", "reopen_case")
    assert case.number in answer.messages[0]["text"]
    assert (await stored(desk.open_uow, case)).status is Status.REOPENED
    assert (await events(desk.open_uow, case, EventKind.STATUS_CHANGED))[-1].note == "垃圾又堆起来了"


async def test_of_several_the_resident_chooses_those_of_the_subject_first(desk: Desk, account: ChannelAccount) -> None:
    waste = await opened(desk, account.id, VERIFIED)
    lamp = await opened(desk, account.id, ARCHIVED, "street_light")
    answer = await says(desk, ReopenCase, "还是没解决", "reopen_case", "exposed_waste")
    assert answer.responses == ["utter_which_to_reopen"]
    assert payloads(answer) == [f"/unsolved?number={case.number}" for case in (waste, lamp)]
    assert (await stored(desk.open_uow, waste)).status is Status.VERIFIED


async def test_a_number_decides(desk: Desk, account: ChannelAccount) -> None:
    first, second = [await opened(desk, account.id, VERIFIED) for _ in range(2)]
    await says(desk, ReopenCase, f"{first.number}没解决", "reopen_case")
    assert (await stored(desk.open_uow, first)).status is Status.REOPENED
    assert (await stored(desk.open_uow, second)).status is Status.VERIFIED


@pytest.mark.parametrize(
    ("action", "intent", "steps", "status"),
    [
        (ReopenCase, "reopen_case", (), "status_reported"),
        (WithdrawCase, "withdraw_case", ARCHIVED, "status_archived"),
        (RateService, "rate_service", (), "status_reported"),
    ],
)
async def test_a_numbered_case_in_another_state_stays_as_it_is(
    desk: Desk, account: ChannelAccount, action: Any, intent: str, steps: Steps, status: str
) -> None:
    case = await opened(desk, account.id, steps)
    [told] = (await says(desk, action, f"{case.number} 5分", intent)).messages
    texts = desk.reference.texts
    assert told["text"] == texts.render("too_late", status=texts.render(status))
    assert await stored(desk.open_uow, case) == case


@pytest.mark.parametrize(
    ("action", "intent", "steps", "response"),
    [
        (ReopenCase, "reopen_case", ARCHIVED, "utter_nothing_to_reopen"),
        (WithdrawCase, "withdraw_case", (), "utter_nothing_to_withdraw"),
        (RateService, "rate_service", ARCHIVED, "utter_nothing_to_rate"),
    ],
)
async def test_a_neighbours_case_is_never_touched(
    desk: Desk, account: ChannelAccount, action: Any, intent: str, steps: Steps, response: str
) -> None:
    stranger = await committed_account(desk.open_uow, "stranger")
    theirs = await opened(desk, stranger.id, steps)
    for text in ("这件", theirs.number):
        assert (await says(desk, action, f"{text} 满意", intent)).responses == [response]
    assert await stored(desk.open_uow, theirs) == theirs


async def test_the_only_open_case_is_withdrawn_once(desk: Desk, account: ChannelAccount) -> None:
    case = await opened(desk, account.id)
    answer = await says(desk, WithdrawCase, "不用来了", "withdraw_case")
    assert case.number in answer.messages[0]["text"]
    assert (await stored(desk.open_uow, case)).status is Status.WITHDRAWN
    again = await says(desk, WithdrawCase, "不用来了", "withdraw_case")
    assert again.responses == ["utter_nothing_to_withdraw"]


async def test_of_several_open_ones_none_is_withdrawn_unasked(desk: Desk, account: ChannelAccount) -> None:
    first, second = [await opened(desk, account.id) for _ in range(2)]
    answer = await says(desk, WithdrawCase, "撤了吧", "withdraw_case", "exposed_waste")
    assert answer.responses == ["utter_which_to_withdraw"]
    assert payloads(answer) == [f"/withdraw?number={case.number}" for case in (second, first)]
    titles = {button["title"] for button in answer.messages[0]["buttons"]}
    assert len(titles) == 2


@pytest.mark.parametrize(("words", "score", "key"), [("给5分", 5, "rated_thanks"), ("不满意，太慢", 2, "rated_sorry")])
async def test_a_rating_in_words_is_kept_with_them(
    desk: Desk, account: ChannelAccount, words: str, score: int, key: str
) -> None:
    case = await opened(desk, account.id, ARCHIVED)
    answer = await says(desk, RateService, words, "rate_service")
    assert answer.messages[0]["text"] == desk.reference.texts.render(key, score=score)
    [rated] = await events(desk.open_uow, case, EventKind.RATED)
    assert (rated.data["score"], rated.note) == (score, words)


async def test_without_points_the_buttons_are_offered(desk: Desk, account: ChannelAccount) -> None:
    case = await opened(desk, account.id, ARCHIVED)
    answer = await says(desk, RateService, "我要评价", "rate_service")
    assert answer.responses == ["utter_ask_rating"]
    assert payloads(answer) == [f"/rate?number={case.number}&score={score}" for score in range(5, 0, -1)]


async def test_a_rating_means_what_was_dealt_with_last(desk: Desk, account: ChannelAccount) -> None:
    older, newer = await opened(desk, account.id, VERIFIED), await opened(desk, account.id, ARCHIVED)
    desk.open_uow()._clock.advance(hours=1)  # type: ignore[attr-defined]
    await move(desk.open_uow, older, Status.ARCHIVED, Actor.DISPATCHER)
    for _ in range(2):  # a turn that comes again means the same case
        await says(desk, RateService, "满意", "rate_service")
    assert (await stored(desk.open_uow, older)).rating == 4
    assert (await stored(desk.open_uow, newer)).rating is None
