import pytest

from actions.desk import Desk
from actions.details import AddDetails
from community.core.cases import Case, CaseEvent, EventKind
from community.core.residents import ChannelAccount
from community.core.workflow import Actor, Status
from community.services.cases import open_case, reply
from tests.fakes.clock import SetClock
from tests.fakes.loop import VERIFIED, move
from tests.fakes.makers import a_draft, committed_account
from tests.unit.actions.rasa import Answer, place, run, said, tracker

HERE = said("桂花苑3号楼202", "inform", place("桂花苑3号楼202", "nb-guihuayuan"))


async def emergency(desk: Desk, account: ChannelAccount) -> Case:
    async with desk.open_uow() as uow:
        return await open_case(uow, a_draft(account_id=account.id, service_code="gas_leak"))


async def history(desk: Desk, case: Case) -> list[CaseEvent]:
    async with desk.open_uow() as uow:
        return await uow.cases.events(case.id)


async def added(desk: Desk, number: str | None) -> Answer:
    return await run(AddDetails(desk), tracker(HERE, {"emergency_number": number}))


async def test_the_missing_place_goes_into_the_history(desk: Desk, account: ChannelAccount) -> None:
    case = await emergency(desk, account)
    answer = await added(desk, case.number)
    assert answer.messages[0]["response"] == "utter_details_added"
    assert answer.messages[0]["number"] == case.number
    assert answer.slots == {"emergency_number": None}
    last = (await history(desk, case))[-1]
    assert (last.kind, last.note) == (EventKind.DETAILS_ADDED, "桂花苑3号楼202")


async def test_a_bare_fact_about_nothing_is_asked_about(desk: Desk, account: ChannelAccount) -> None:
    case = await emergency(desk, account)
    answer = await added(desk, None)
    assert (answer.responses, answer.events) == (["utter_ask_what_happened"], [])
    assert EventKind.DETAILS_ADDED not in [event.kind for event in await history(desk, case)]


@pytest.mark.parametrize("intent", ["inform", "affirm", "deny"])
async def test_what_staff_asked_is_answered_once(desk: Desk, account: ChannelAccount, intent: str) -> None:
    case = await emergency(desk, account)
    async with desk.open_uow() as uow:
        await reply(uow, case.id, case.version, "还漏吗？", actor_name="王芳", ask=True)
    first, second = [await run(AddDetails(desk), tracker(said("昨天夜里停了", intent))) for _ in range(2)]
    assert (first.responses, first.messages[0]["number"]) == (["utter_question_answered"], case.number)
    assert [e.note for e in await history(desk, case) if e.kind is EventKind.DETAILS_ADDED] == ["昨天夜里停了"]
    async with desk.open_uow() as uow:
        now = await uow.cases.get(case.id)
    assert now
    assert not now.waiting
    assert second.responses == ["utter_ask_what_happened" if intent == "inform" else "utter_anything_else"]


@pytest.mark.parametrize(
    ("minutes", "intent", "response"),
    [
        (5, "inform", "utter_question_answered"),
        (5, "affirm", "utter_anything_else"),
        (31, "inform", "utter_ask_what_happened"),
    ],
)
async def test_what_is_told_right_after_reopening_goes_with_the_case(
    desk: Desk, account: ChannelAccount, clock: SetClock, minutes: int, intent: str, response: str
) -> None:
    async with desk.open_uow() as uow:
        case = await open_case(uow, a_draft(account_id=account.id))
    for to, actor in (*VERIFIED, (Status.REOPENED, Actor.RESIDENT)):
        await move(desk.open_uow, case, to, actor)
    clock.advance(minutes=minutes)
    assert (await run(AddDetails(desk), tracker(said("阀门还在漏", intent)))).responses == [response]


@pytest.mark.parametrize("number", ["KT20261123-0999"])
async def test_a_case_no_longer_there_is_forgotten(desk: Desk, account: ChannelAccount, number: str) -> None:
    answer = await added(desk, number)
    assert (answer.responses, answer.slots) == (["utter_ask_what_happened"], {"emergency_number": None})


async def test_nothing_is_added_to_another_persons_case(desk: Desk, account: ChannelAccount) -> None:
    theirs = await emergency(desk, await committed_account(desk.open_uow, "stranger"))
    assert (await added(desk, theirs.number)).responses == ["utter_ask_what_happened"]
    assert EventKind.DETAILS_ADDED not in [event.kind for event in await history(desk, theirs)]
