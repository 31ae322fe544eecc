from typing import Any

import pytest

from actions.case_progress import CaseProgress
from actions.desk import Desk
from community.core.cases import Case
from community.core.residents import ChannelAccount
from community.services.cases import RECENT, add_details, open_case
from tests.fakes.makers import a_draft, committed_account
from tests.unit.actions.rasa import Answer, Said, run, said, tracker

WASTE, LAMP, NOISE = "exposed_waste", "street_light", "construction_noise"
ASKED = "怎么样了"


async def opened(desk: Desk, account: ChannelAccount, *codes: str) -> list[str]:
    """The numbers of new cases, the oldest first."""
    cases: list[Case] = []
    for code in codes:
        draft = a_draft(account_id=account.id, origin=f"{account.id} {len(cases)}", service_code=code)
        async with desk.open_uow() as uow:
            cases.append(await open_case(uow, draft))
    return [case.number for case in cases]


def question(text: str = ASKED, code: str | None = None, *others: str) -> Said:
    guesses = [{"service_code": other, "confidence": 0.1} for other in others]
    return said(text, "ask_case_progress", service_code=code, alternatives=guesses)


async def asked(desk: Desk, message: Said, by: int = 1) -> Answer:
    return await run(CaseProgress(desk), tracker(message, by=by))


def numbers(answer: Answer) -> list[str]:
    return [message["number"] for message in answer.messages]


@pytest.mark.parametrize(
    ("about", "shown"),
    [
        (question(), [2, 1, 0]),
        (question(ASKED, LAMP), [1]),
        (question(ASKED, WASTE), [2, 0]),
        (question(ASKED, NOISE, LAMP), [1]),
        (question(ASKED, WASTE, LAMP), [2, 1, 0]),
        (question(ASKED, NOISE), [2, 1, 0]),
        (question(ASKED, "gone", "also_gone"), [2, 1, 0]),
    ],
    ids=["no subject", "one", "several", "second guess", "two guesses", "another subject", "unknown codes"],
)
async def test_by_subject_else_all_with_the_newest_first(
    desk: Desk, account: ChannelAccount, about: Said, shown: list[int]
) -> None:
    own = await opened(desk, account, WASTE, LAMP, WASTE)
    answer = await asked(desk, about)
    assert numbers(answer) == [own[at] for at in shown]
    assert answer.responses == ["utter_case_progress", *["utter_case_in_brief"] * (len(shown) - 1)]
    assert answer.events == []


@pytest.mark.parametrize("written", [str, str.lower, lambda number: f"请查{number}的进度"])
async def test_by_number_whatever_the_subject(desk: Desk, account: ChannelAccount, written: Any) -> None:
    lamp, _ = await opened(desk, account, LAMP, WASTE)
    assert numbers(await asked(desk, question(written(lamp), WASTE))) == [lamp]


@pytest.mark.parametrize("message", [question(), question(ASKED, WASTE), question("KT20261123-0001")])
async def test_without_any_case_this_is_said(desk: Desk, account: ChannelAccount, message: Said) -> None:
    answer = await asked(desk, message)
    assert (answer.responses, answer.events) == (["utter_no_case_found"], [])


async def test_an_unknown_number_is_not_answered_with_another_case(desk: Desk, account: ChannelAccount) -> None:
    await opened(desk, account, WASTE)
    assert (await asked(desk, question("KT20261123-0999", WASTE))).responses == ["utter_no_case_found"]


@pytest.mark.parametrize("code", [None, WASTE])
async def test_other_peoples_cases_are_never_shown(desk: Desk, account: ChannelAccount, code: str | None) -> None:
    stranger = await committed_account(desk.open_uow, "stranger")
    [theirs] = await opened(desk, stranger, WASTE)
    assert (await asked(desk, question(theirs, code))).responses == ["utter_no_case_found"]
    assert (await asked(desk, question(ASKED, code))).responses == ["utter_no_case_found"]
    [own] = await opened(desk, account, WASTE)
    assert numbers(await asked(desk, question(ASKED, code))) == [own]
    assert numbers(await asked(desk, question(ASKED, code), by=stranger.id)) == [theirs]


async def test_no_more_than_the_recent_ones(desk: Desk, account: ChannelAccount) -> None:
    own = await opened(desk, account, *[WASTE] * (RECENT + 2))
    assert numbers(await asked(desk, question())) == own[::-1][:RECENT]


async def test_the_history_is_told_line_by_line(desk: Desk, account: ChannelAccount) -> None:
    [own] = await opened(desk, account, WASTE)
    async with desk.open_uow() as uow:
        case = await uow.cases.by_number(own)
        assert case
        await add_details(uow, case, "在桂花苑")
    [told] = (await asked(desk, question())).messages
    assert len(told["history"].splitlines()) == 2
    assert told["history"].endswith("在桂花苑")
    assert told["service_name"] == desk.reference.taxonomy[WASTE].name
