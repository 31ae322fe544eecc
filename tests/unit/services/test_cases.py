import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from community.core.alerts import AlertKind
from community.core.areas import Area
from community.core.cases import AppealType, Case, CaseEvent, EventKind, Guess, Urgency
from community.core.errors import (
    BadTarget,
    GroundRequired,
    KetangError,
    NoteRequired,
    NotFound,
    PhotoRequired,
    StaleCase,
    TransitionNotAllowed,
    UnknownService,
    UnknownUnit,
)
from community.core.history import replay
from community.core.messages import Direction
from community.core.residents import ChannelAccount
from community.core.workflow import TRANSITIONS, Actor, Ground, Status
from community.services.cases import (
    RECENT,
    add_details,
    case_file,
    change_status,
    correct_code,
    open_case,
    progress,
    reply,
    reviewed_cases,
)
from community.services.duplicates import find_duplicates
from community.services.ports import CaseQuery, UnitOfWork
from community.services.record import history_of, record
from community.services.reference import Reference
from community.services.residents import resident_of
from tests.fakes.clock import NOON, SetClock
from tests.fakes.makers import OpenUow, a_case, a_draft, committed_account
from tests.unit.services.loop import a_move, alerts_of, assert_in_step, take, told, walk

WASTE, NOISE = "exposed_waste", "waste_sorting"  # two codes with different limits


@pytest.fixture
async def case(open_uow: OpenUow, account: ChannelAccount) -> Case:
    return await _open(open_uow, account_id=account.id)


async def _open(open_uow: OpenUow, **fields: Any) -> Case:
    async with open_uow() as uow:
        return await open_case(uow, a_draft(**fields))


async def _stored(open_uow: OpenUow, case_id: int) -> tuple[Case | None, list[CaseEvent]]:
    async with open_uow() as uow:
        return await uow.cases.get(case_id), await uow.cases.events(case_id)


async def test_opening_keeps_all_that_was_understood(
    open_uow: OpenUow, account: ChannelAccount, reference: Reference, area: Area
) -> None:
    draft = a_draft(
        account_id=account.id,
        area_code=area.code,
        appeal_type=AppealType.REQUEST,
        urgency=Urgency.URGENT,
        confidence=0.5,
        alternatives=(Guess(WASTE, 0.5), Guess(NOISE, 0.25)),
    )
    async with open_uow() as uow:
        case = await open_case(uow, draft)
    assert (case.number, case.status) == ("KT20261123-0001", Status.REPORTED)
    kept = vars(draft).keys() - {"novelty", "details"}  # in the priority, in the opening event
    assert {name: getattr(case, name) for name in kept} == {name: getattr(draft, name) for name in kept}
    stored, [event, routed] = await _stored(open_uow, case.id)
    assert stored == case
    assert (event.kind, event.actor, event.to_status) == (EventKind.OPENED, Actor.RESIDENT, Status.REPORTED)
    assert (routed.kind, routed.actor, routed.data["lead"]) == (EventKind.ROUTED, Actor.SYSTEM, case.unit_code)


WORKDAY = timedelta(days=1, hours=3)  # eight working hours, six and a half in a day, from noon on a Monday
ROUTES: list[tuple[dict[str, Any], str, int, timedelta, timedelta]] = [
    # where and what, the lead, units beside it; until somebody answers, until it is dealt with
    ({}, "sanitation", 0, WORKDAY, timedelta(hours=24)),  # 8 working hours from noon
    ({"area_code": "nb-guihuayuan"}, "sanitation-linhe", 0, WORKDAY, timedelta(hours=24)),
    ({"urgency": Urgency.URGENT}, "sanitation", 0, timedelta(hours=1), timedelta(hours=24)),
    ({"urgency": Urgency.EMERGENCY}, "sanitation", 0, timedelta(minutes=30), timedelta(hours=24)),
    ({"service_code": "manhole"}, "municipal", 0, timedelta(hours=1), timedelta(hours=12)),
    (
        {"service_code": "street_vending", "area_code": "nb-guihuayuan"},
        *("um-linhe", 1, WORKDAY, timedelta(hours=48)),
    ),
]


@pytest.mark.parametrize(("fields", "lead", "beside", "response", "resolve"), ROUTES)
async def test_routing_decides_unit_and_limits(
    open_uow: OpenUow,
    account: ChannelAccount,
    fields: dict[str, Any],
    lead: str,
    beside: int,
    response: timedelta,
    resolve: timedelta,
) -> None:
    case = await _open(open_uow, account_id=account.id, **fields)
    assert (case.unit_code, case.response_due_at, case.due_at) == (lead, NOON + response, NOON + resolve)
    assert case.alarm_at is not None
    assert NOON < case.alarm_at < min(case.response_due_at, case.due_at)
    assert case.tasks == ()  # until somebody dispatches it
    dispatched = await take(open_uow, case, Status.ASSIGNED)
    assert [task.lead for task in dispatched.tasks] == [True] + [False] * beside
    assert (dispatched.tasks[0].unit_code, dispatched.response_due_at) == (lead, None)


async def test_on_a_border_each_town_has_its_part(
    open_uow: OpenUow, account: ChannelAccount, reference: Reference
) -> None:
    shared = next(a for a in reference.areas.all if len(reference.areas.responsible_towns(a)) > 1)
    case = await _open(open_uow, account_id=account.id, area_code=shared)
    units = [task.unit_code for task in (await take(open_uow, case, Status.ASSIGNED)).tasks]
    assert len(units) == len(reference.areas.responsible_towns(shared))
    assert {reference.routes.unit(unit).kind for unit in units} == {"sanitation"}


async def test_the_same_message_opens_one_case(open_uow: OpenUow, case: Case) -> None:
    again = await _open(open_uow, account_id=case.account_id, description="又来一遍")
    assert again == case
    other = await _open(open_uow, account_id=case.account_id, origin="message-2")
    assert other.number == "KT20261123-0002"  # the repeat used up no number


async def test_the_same_message_at_the_same_moment_opens_one_case(open_uow: OpenUow, account: ChannelAccount) -> None:
    cases = await asyncio.gather(*(_open(open_uow, account_id=account.id) for _ in range(5)))
    assert {case.number for case in cases} == {"KT20261123-0001"}


async def test_numbers_begin_anew_at_midnight_in_shanghai(
    open_uow: OpenUow, account: ChannelAccount, clock: SetClock
) -> None:
    moments = [
        (datetime(2026, 11, 23, 15, 59, 59, tzinfo=UTC), "KT20261123-0001"),
        (datetime(2026, 11, 23, 16, 0, tzinfo=UTC), "KT20261124-0001"),
        (datetime(2026, 11, 24, 0, 0, tzinfo=UTC), "KT20261124-0002"),  # midnight in UTC is no boundary
    ]
    for n, (moment, number) in enumerate(moments):
        clock.moment = moment
        assert (await _open(open_uow, account_id=account.id, origin=str(n))).number == number


async def test_the_first_neighbourhood_is_remembered(open_uow: OpenUow, account: ChannelAccount) -> None:
    for n, (area_code, remembered) in enumerate([(None, None), ("nb-1", "nb-1"), ("nb-2", "nb-1")]):
        await _open(open_uow, account_id=account.id, origin=str(n), area_code=area_code)
        async with open_uow() as uow:
            assert (await resident_of(uow, account.id)).area_code == remembered


async def test_a_neighbour_finds_an_open_case_as_it_is_now(open_uow: OpenUow, account: ChannelAccount) -> None:
    async def found(service_code: str) -> list[int]:
        async with open_uow() as uow:
            near = await find_duplicates(uow, "楼下的垃圾", service_code, "nb-1", "", now=NOON)
            return [duplicate.case.id for duplicate in near]

    case = await _open(open_uow, account_id=account.id, area_code="nb-1")
    assert (await found(WASTE), await found(NOISE)) == ([case.id], [])
    async with open_uow() as uow:
        await correct_code(uow, case.id, case.version, NOISE, actor_name="王芳")
    assert (await found(WASTE), await found(NOISE)) == ([], [case.id])
    await take(open_uow, case, Status.REJECTED)
    assert await found(NOISE) == []


async def test_an_unknown_service_opens_nothing(open_uow: OpenUow, account: ChannelAccount) -> None:
    with pytest.raises(UnknownService):
        await _open(open_uow, account_id=account.id, service_code="no_such")
    assert (await _open(open_uow, account_id=account.id)).number == "KT20261123-0001"


async def test_details_are_added_to_the_history(open_uow: OpenUow, case: Case) -> None:
    async with open_uow() as uow:
        await add_details(uow, case, " 今天更臭了😷\x00 ")
    stored, events = await _stored(open_uow, case.id)
    assert stored == case
    assert [(event.kind, event.note) for event in events[2:]] == [(EventKind.DETAILS_ADDED, "今天更臭了😷")]


WAYS: dict[Status, tuple[Status, ...]] = {  # how a case comes to stand there
    Status.REPORTED: (),
    Status.ASSIGNED: (Status.ASSIGNED,),
    Status.RETURNED: (Status.ASSIGNED, Status.RETURNED),
    Status.SUSPENDED: (Status.ASSIGNED, Status.SUSPENDED),
    Status.RESOLVED: (Status.ASSIGNED, Status.RESOLVED),
    Status.VERIFIED: (Status.ASSIGNED, Status.RESOLVED, Status.VERIFIED),
    Status.ARCHIVED: (Status.ASSIGNED, Status.RESOLVED, Status.VERIFIED, Status.ARCHIVED),
    Status.REJECTED: (Status.REJECTED,),
    Status.REOPENED: (Status.REJECTED, Status.REOPENED),
    Status.MERGED: (Status.MERGED,),
}
PATHS = [(start, to, actor) for (start, to), step in TRANSITIONS.items() for actor in sorted(step.by)]


async def test_every_step_is_recorded_and_told(open_uow: OpenUow) -> None:
    other = await _open(open_uow, account_id=(await committed_account(open_uow, "neighbour")).id, origin="neighbour")
    for start, to, actor in PATHS:
        account = await committed_account(open_uow, f"{start}-{to}-{actor}")
        case = await _open(open_uow, account_id=account.id, origin=f"{start}-{to}-{actor}")
        for status in WAYS[start]:
            case = await take(open_uow, case, status, into=other.number)
        await _check_step(open_uow, case, to, actor, other)


async def _check_step(open_uow: OpenUow, case: Case, to: Status, actor: Actor, other: Case) -> None:
    before = await told(open_uow, case.account_id)
    changed = await take(open_uow, case, to, actor=actor, into=other.number)
    stored, events = await _stored(open_uow, case.id)
    assert stored == changed
    assert (changed.status, changed.version) == (to, case.version + 1)
    event = events[-1]
    assert (event.kind, event.from_status, event.to_status) == (EventKind.STATUS_CHANGED, case.status, to)
    assert (event.actor, event.actor_name, event.note, event.at) == (actor, "王芳", "已核实", NOON)
    messages = (await told(open_uow, case.account_id))[len(before) :]
    assert [case.number in message.text for message in messages] == ([] if actor is Actor.RESIDENT else [True])
    assert all(message.direction is Direction.OUT for message in messages)


WRONG: list[tuple[dict[str, Any], type[KetangError]]] = [
    ({"to": Status.ARCHIVED}, TransitionNotAllowed),
    ({"to": Status.REPORTED}, TransitionNotAllowed),
    ({"to": Status.WITHDRAWN, "actor": Actor.DISPATCHER}, TransitionNotAllowed),
    ({"to": Status.ASSIGNED, "actor": Actor.RESIDENT}, TransitionNotAllowed),
    ({"to": Status.REJECTED, "note": ""}, NoteRequired),
    ({"to": Status.REJECTED, "note": " \x00\ufeff"}, NoteRequired),
    ({"to": Status.REJECTED, "ground": None}, GroundRequired),
    ({"to": Status.MERGED}, BadTarget),
    ({"to": Status.MERGED, "into": "KT20261123-0404"}, BadTarget),
    ({"to": Status.ASSIGNED, "units": ("no_such",)}, UnknownUnit),
]


async def test_a_wrong_step_writes_nothing(open_uow: OpenUow, case: Case) -> None:
    for fields, error in WRONG:
        with pytest.raises(error):
            await take(open_uow, case, **fields)
    await _nothing_happened(open_uow, case)


@pytest.mark.parametrize("version", [0, 2, 3])
@pytest.mark.parametrize("to", [Status.ASSIGNED, Status.ARCHIVED])  # what they saw decides what they may: reload first
async def test_a_step_from_another_version_writes_nothing(
    open_uow: OpenUow, case: Case, version: int, to: Status
) -> None:
    async with open_uow() as uow:
        with pytest.raises(StaleCase):
            await change_status(uow, case.id, version, a_move(uow, to), actor_name="王芳")
    await _nothing_happened(open_uow, case)


async def test_what_must_be_seen_must_be_shown(open_uow: OpenUow, case: Case, account: ChannelAccount) -> None:
    """Waste is; repairs at home are not."""
    await take(open_uow, case, Status.ASSIGNED)
    with pytest.raises(PhotoRequired):
        await take(open_uow, case, Status.RESOLVED, photos=())
    await take(open_uow, case, Status.RESOLVED, photos=("after.jpg",))
    assert (await _stored(open_uow, case.id))[1][-1].data == {"photos": ["after.jpg"]}
    indoors = await _open(open_uow, account_id=account.id, origin="indoors", service_code="home_repair")
    await walk(open_uow, indoors, Status.ASSIGNED)
    await take(open_uow, indoors, Status.RESOLVED, photos=())


async def test_dispatching_names_other_units_once_each(open_uow: OpenUow, case: Case) -> None:
    moved = await take(open_uow, case, Status.ASSIGNED, units=("police", "greening", "police"))
    assert [(task.unit_code, task.lead) for task in moved.tasks] == [("police", True), ("greening", False)]


async def test_what_belongs_to_other_steps_has_no_effect(open_uow: OpenUow, case: Case, clock: SetClock) -> None:
    moved = await take(
        open_uow, case, Status.ASSIGNED, until=NOON + timedelta(hours=1), into="KT20261123-0009", ground=Ground.ABUSE
    )
    assert moved.merged_into is None
    clock.advance(hours=2)
    async with open_uow() as uow:
        history = await history_of(uow, moved)
        assert history.suspended_until is None


async def _nothing_happened(open_uow: OpenUow, case: Case) -> None:
    stored, events = await _stored(open_uow, case.id)
    assert stored == case
    assert [event.kind for event in events] == [EventKind.OPENED, EventKind.ROUTED]
    async with open_uow() as uow:
        assert await uow.messages.conversation(case.account_id, after=0, limit=9) == []
        assert await uow.outbox.waiting_for(case.account_id) == []
        assert await uow.alerts.of_case(case.id) == []


def _move(uow: UnitOfWork, case: Case) -> Awaitable[Case]:
    return change_status(uow, case.id, case.version, a_move(uow, Status.ASSIGNED), actor_name="王芳")


def _correct(uow: UnitOfWork, case: Case) -> Awaitable[Case]:
    return correct_code(uow, case.id, case.version, NOISE, actor_name="王芳")


def _ask(uow: UnitOfWork, case: Case) -> Awaitable[Case]:
    return reply(uow, case.id, case.version, "几号楼？", actor_name="王芳", ask=True)


STEPS: list[Callable[[UnitOfWork, Case], Awaitable[Case]]] = [_move, _correct, _ask]


@pytest.mark.parametrize("step", STEPS)
async def test_without_its_notice_no_step_is_taken(
    open_uow: OpenUow, case: Case, monkeypatch: pytest.MonkeyPatch, step: Callable[[UnitOfWork, Case], Awaitable[Case]]
) -> None:
    async with open_uow() as uow:
        monkeypatch.setattr(uow.outbox, "add", _refuse)
        with pytest.raises(OSError, match="full"):
            await step(uow, case)
    await _nothing_happened(open_uow, case)


async def _refuse(_: object) -> None:
    raise OSError("disk full")


async def test_of_two_at_once_one_is_told_to_look_again(open_uow: OpenUow, case: Case) -> None:
    async def dispatch(to: Status) -> Case | StaleCase:
        async with open_uow() as uow:
            try:
                return await change_status(uow, case.id, case.version, a_move(uow, to), actor_name="王芳")
            except StaleCase as stale:
                return stale

    outcomes = await asyncio.gather(dispatch(Status.ASSIGNED), dispatch(Status.REJECTED))
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Case", "StaleCase"]
    assert len(await told(open_uow, case.account_id)) == 1
    stored, events = await _stored(open_uow, case.id)
    assert stored in outcomes
    assert len(events) == 3


async def test_who_read_before_somebody_else_wrote_writes_nothing(open_uow: OpenUow, case: Case) -> None:
    """Also when the version asked for was right as they began."""
    async with open_uow() as uow:
        history = await history_of(uow, case)
    await take(open_uow, case, Status.ASSIGNED)
    late = CaseEvent(case_id=case.id, kind=EventKind.REPLIED, at=NOON, actor=Actor.HANDLER)
    async with open_uow() as uow:
        with pytest.raises(StaleCase):
            await record(uow, case, history, late)
    assert [event.kind for event in (await _stored(open_uow, case.id))[1]].count(EventKind.REPLIED) == 0


async def test_clocks_that_differ_a_little_keep_the_order(open_uow: OpenUow, case: Case, clock: SetClock) -> None:
    clock.advance(seconds=-40)
    moved = await walk(open_uow, case, Status.ASSIGNED, Status.RESOLVED, Status.REOPENED)
    _, events = await _stored(open_uow, case.id)
    assert {event.at for event in events} == {NOON}
    assert moved.status is Status.REOPENED


async def test_an_answer_is_waited_for(open_uow: OpenUow, case: Case, clock: SetClock) -> None:
    async with open_uow() as uow:
        asked = await reply(uow, case.id, case.version, "几号楼？", actor_name="王芳", ask=True)
    assert (asked.waiting, asked.due_at, asked.response_due_at) == (True, None, None)
    assert "几号楼？" in (await told(open_uow, case.account_id))[-1].text
    clock.advance(hours=5)
    async with open_uow() as uow:
        await add_details(uow, asked, "3号楼")
        await assert_in_step(uow, asked)
    stored, events = await _stored(open_uow, case.id)
    assert stored is not None
    assert (stored.waiting, stored.due_at) == (False, case.due_at + timedelta(hours=5))
    assert [event.kind for event in events[2:]] == [EventKind.ASKED, EventKind.DETAILS_ADDED, EventKind.ANSWERED]


async def test_a_reply_stops_only_the_clock_of_answering(open_uow: OpenUow, case: Case) -> None:
    async with open_uow() as uow:
        with pytest.raises(NoteRequired):
            await reply(uow, case.id, case.version, " \x00", actor_name="王芳", ask=False)
    async with open_uow() as uow:
        replied = await reply(uow, case.id, case.version, "在路上了", actor_name="王芳", ask=False)
    assert (replied.waiting, replied.due_at, replied.response_due_at) == (False, case.due_at, None)


async def test_an_emergency_calls_at_once(open_uow: OpenUow, account: ChannelAccount) -> None:
    burning = await _open(open_uow, account_id=account.id, urgency=Urgency.EMERGENCY)
    assert [alert.kind for alert in await alerts_of(open_uow, burning)] == [AlertKind.EMERGENCY]
    calm = await _open(open_uow, account_id=account.id, origin="calm")
    assert await alerts_of(open_uow, calm) == []


async def test_reopening_calls_one_level_higher_each_time(open_uow: OpenUow, case: Case) -> None:
    for level in (1, 2, 3, 3):
        again = await walk(open_uow, case, Status.ASSIGNED, Status.RESOLVED, Status.REOPENED)
        assert again.level == level
    called = await alerts_of(open_uow, case)
    assert [(alert.kind, alert.level) for alert in called] == [(AlertKind.REOPENED, level) for level in (1, 2, 3, 3)]
    assert again.round == 5


@pytest.mark.parametrize("change", STEPS)
async def test_no_such_case(uow: UnitOfWork, change: Callable[[UnitOfWork, Case], Awaitable[Case]]) -> None:
    with pytest.raises(NotFound):
        await change(uow, a_case(id=404))
    with pytest.raises(NotFound):
        await case_file(uow, 404)


async def test_correcting_moves_unit_and_limit(open_uow: OpenUow, case: Case, reference: Reference) -> None:
    async with open_uow() as uow:
        corrected = await correct_code(uow, case.id, case.version, NOISE, actor_name="王芳")
    service = reference.taxonomy[NOISE]
    assert (corrected.service_code, corrected.unit_code) == (NOISE, service.unit.code)
    assert corrected.due_at == case.opened_at + timedelta(hours=service.resolve_hours) != case.due_at
    stored, [_, _, event, routed] = await _stored(open_uow, case.id)
    assert routed.kind is EventKind.ROUTED
    assert stored == corrected
    assert (event.kind, event.data) == (EventKind.CODE_CORRECTED, {"from": WASTE, "to": NOISE})
    [notice] = await told(open_uow, case.account_id)
    assert service.name in notice.text


async def test_correcting_to_the_same_code_does_nothing(open_uow: OpenUow, case: Case) -> None:
    async with open_uow() as uow:
        assert await correct_code(uow, case.id, case.version, WASTE, actor_name="王芳") == case
    await _nothing_happened(open_uow, case)


DOUBTED = {"confidence": 0.4, "alternatives": (Guess(WASTE, 0.4), Guess(NOISE, 0.3)), "novelty": 0.5}


async def test_what_the_model_doubts_waits_for_review_until_somebody_looks(
    open_uow: OpenUow, account: ChannelAccount
) -> None:
    surely_right = {"confidence": 0.99, "alternatives": (Guess(WASTE, 0.99),), "novelty": 0.0}
    cases = [
        await _open(open_uow, account_id=account.id, origin=f"message:{n}", **guessed)
        for n, guessed in enumerate((DOUBTED, DOUBTED, surely_right))
    ]
    assert [case.review_priority is not None for case in cases] == [True, True, False]
    async with open_uow() as uow:
        await correct_code(uow, cases[0].id, cases[0].version, NOISE, actor_name="王芳")
    async with open_uow() as uow:
        confirmed = await correct_code(uow, cases[1].id, cases[1].version, WASTE, actor_name="王芳")
    assert (confirmed.review_priority, confirmed.version) == (None, cases[1].version + 1)
    async with open_uow() as uow:
        assert (await uow.cases.search(CaseQuery(to_review=True))).cases == []
        assert [case.service_code async for case in reviewed_cases(uow)] == [NOISE, WASTE]


async def test_a_confirmation_is_in_the_history_but_not_worth_a_notice(
    open_uow: OpenUow, account: ChannelAccount
) -> None:
    case = await _open(open_uow, account_id=account.id, **DOUBTED)
    async with open_uow() as uow:
        await correct_code(uow, case.id, case.version, WASTE, actor_name="王芳")
    _, [_, _, event] = await _stored(open_uow, case.id)
    assert (event.kind, event.actor_name) == (EventKind.CODE_CONFIRMED, "王芳")
    assert await told(open_uow, account.id) == []


async def test_a_wrong_correction_writes_nothing(open_uow: OpenUow, case: Case) -> None:
    for code, version, error in (("no_such", 1, UnknownService), (NOISE, 2, StaleCase), (WASTE, 3, StaleCase)):
        async with open_uow() as uow:
            with pytest.raises(error):
                await correct_code(uow, case.id, version, code, actor_name="王芳")
    await _nothing_happened(open_uow, case)


async def test_the_file_of_a_case(open_uow: OpenUow, case: Case, account: ChannelAccount) -> None:
    await take(open_uow, case, Status.ASSIGNED)
    async with open_uow() as uow:
        file = await case_file(uow, case.id)
    assert (file.case.number, file.service.code) == (case.number, WASTE)
    assert [event.kind for event in file.events] == [EventKind.OPENED, EventKind.ROUTED, EventKind.STATUS_CHANGED]
    assert file.history == replay(file.events)
    assert (file.account, file.resident.id) == (account, account.resident_id)
    assert file.undelivered == {message.id for message in file.conversation}


@pytest.fixture
async def own(open_uow: OpenUow, account: ChannelAccount) -> list[Case]:
    """Seven cases of the asker, the oldest first, and one of a neighbour."""
    neighbour = await committed_account(open_uow, "43")
    await _open(open_uow, account_id=neighbour.id, origin="neighbour")
    codes = [WASTE, NOISE, WASTE, NOISE, NOISE, NOISE, NOISE]
    return [
        await _open(open_uow, account_id=account.id, origin=str(n), service_code=code) for n, code in enumerate(codes)
    ]


QUESTIONS: list[tuple[dict[str, Any], list[int]]] = [
    ({}, [6, 5, 4, 3, 2]),
    ({"service_codes": [WASTE]}, [2, 0]),
    ({"service_codes": [WASTE, NOISE]}, [6, 5, 4, 3, 2]),
    ({"service_codes": ["no_such"]}, [6, 5, 4, 3, 2]),  # a misheard subject still gets the newest
    ({"number": "KT20261123-0002"}, [0]),
    ({"number": "KT20261123-0002", "service_codes": [NOISE]}, [0]),
    ({"number": "KT20261123-0001"}, []),  # the neighbour's
    ({"number": "KT20261123-9999"}, []),
]


async def test_progress(uow: UnitOfWork, account: ChannelAccount, own: list[Case]) -> None:
    for question, expected in QUESTIONS:
        values = {"number": None, "service_codes": [], **question}
        histories = await progress(uow, account.id, **values)
        assert [history.case for history in histories] == [own[n] for n in expected], question
        assert all(history.events[0].kind is EventKind.OPENED for history in histories)
        assert len(histories) <= RECENT


async def test_a_number_finds_even_the_first_of_very_many(open_uow: OpenUow, account: ChannelAccount) -> None:
    first, *_ = [await _open(open_uow, account_id=account.id, origin=str(n)) for n in range(52)]
    async with open_uow() as uow:
        [found] = await progress(uow, account.id, number=first.number, service_codes=[])
    assert found.case == first


async def test_progress_of_somebody_without_cases(uow: UnitOfWork, account: ChannelAccount) -> None:
    assert await progress(uow, account.id, number=None, service_codes=[WASTE]) == []
