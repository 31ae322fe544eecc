import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from community.core.areas import Area
from community.core.cases import AppealType, Case, CaseEvent, EventKind, Guess, Urgency
from community.core.errors import (
    BadTarget,
    GroundRequired,
    KetangError,
    NoteRequired,
    NotFound,
    StaleCase,
    TransitionNotAllowed,
    UnknownService,
    UnknownUnit,
)
from community.core.messages import Direction, Message
from community.core.residents import ChannelAccount
from community.core.staff import PARTS, Role
from community.core.workflow import TRANSITIONS, Actor, Ground, Move, Need, Status, acting
from community.services.cases import (
    RECENT,
    add_details,
    case_file,
    change_status,
    correct_code,
    open_case,
    progress,
    reviewed_cases,
)
from community.services.duplicates import find_duplicates
from community.services.ports import CaseQuery, UnitOfWork
from community.services.reference import Reference
from community.services.residents import resident_of
from tests.fakes.clock import NOON, SetClock
from tests.fakes.makers import OpenUow, a_case, a_draft, committed_account

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


async def _told(open_uow: OpenUow, account_id: int) -> list[Message]:
    """What waits in the outbox for the account."""
    async with open_uow() as uow:
        waiting = await uow.outbox.waiting_for(account_id)
        messages = [await uow.messages.get(delivery.message_id) for delivery in waiting]
    return [message for message in messages if message]


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
    hours = reference.taxonomy[WASTE].resolve_hours
    town = reference.areas.town_of(area.code)
    unit = reference.routes.unit(case.unit_code)
    assert (case.number, case.status) == ("KT20261123-0001", Status.REPORTED)
    assert (unit.kind, unit.areas) == ("sanitation", (town.code,) if town else ())
    assert case.due_at == case.opened_at + timedelta(hours=hours)
    assert case.response_due_at is not None
    kept = vars(draft).keys() - {"novelty"}  # it counts in the priority alone
    assert {name: getattr(case, name) for name in kept} == {name: getattr(draft, name) for name in kept}
    stored, [opened, routed] = await _stored(open_uow, case.id)
    assert stored == case
    assert (opened.kind, opened.actor, opened.to_status) == (EventKind.OPENED, Actor.RESIDENT, Status.REPORTED)
    assert (routed.kind, routed.actor, routed.data["lead"]) == (EventKind.ROUTED, Actor.SYSTEM, case.unit_code)


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
        await correct_code(uow, case.id, 1, NOISE, actor_name="王芳")
    assert (await found(WASTE), await found(NOISE)) == ([], [case.id])
    async with open_uow() as uow:
        move = Move(to=Status.REJECTED, actor=Actor.DISPATCHER, note="重复", ground=Ground.HANDLED_BEFORE)
        await change_status(uow, case.id, 2, move, actor_name="王芳")
    assert await found(NOISE) == []


async def test_an_unknown_service_opens_nothing(open_uow: OpenUow, account: ChannelAccount) -> None:
    with pytest.raises(UnknownService):
        await _open(open_uow, account_id=account.id, service_code="no_such")
    assert (await _open(open_uow, account_id=account.id)).number == "KT20261123-0001"


async def test_details_are_added_to_the_history(open_uow: OpenUow, case: Case) -> None:
    async with open_uow() as uow:
        await add_details(uow, case, " 今天更臭了😷\x00 ")
    stored, events = await _stored(open_uow, case.id)
    assert stored == replace(case, version=2)
    assert [(event.kind, event.note) for event in events[2:]] == [(EventKind.DETAILS_ADDED, "今天更臭了😷")]


async def _change(open_uow: OpenUow, case: Case, to: Status, **fields: Any) -> Case:
    """As somebody who may play every part of the staff."""
    version = fields.pop("version", case.version)
    actor = fields.pop("actor", None) or acting(case.status, to, PARTS[Role.ADMIN])
    move = Move(**{"to": to, "actor": actor, "note": "已核实", "photos": ("a.jpg",), **fields})
    async with open_uow() as uow:
        return await change_status(uow, case.id, version, move, actor_name="王芳")


NEEDED: dict[Need, dict[str, Any]] = {
    Need.NOTE: {},
    Need.DATE: {"until": NOON + timedelta(days=3)},
    Need.GROUND: {"ground": Ground.NO_FACTS},
    Need.TARGET: {"into": "KT20261123-0001"},
}


async def _lead_to(open_uow: OpenUow, case: Case, goal: Status) -> Case:
    """By the shortest way there is."""
    ways: dict[Status, list[Status]] = {case.status: []}
    for start in iter_all(ways):
        for before, to in TRANSITIONS:
            if before is start and to not in ways:
                ways[to] = [*ways[start], to]
    for to in ways[goal]:
        case = await _take(open_uow, case, to, min(TRANSITIONS[case.status, to].by))
    return case


def iter_all(ways: dict[Status, list[Status]]) -> Iterator[Status]:
    """Also those that are found on the way."""
    seen: set[Status] = set()
    while rest := [status for status in ways if status not in seen]:
        seen.add(rest[0])
        yield rest[0]


async def _take(open_uow: OpenUow, case: Case, to: Status, actor: Actor) -> Case:
    needs = (NEEDED[need] for need in TRANSITIONS[case.status, to].needs)
    details = {name: value for need in needs for name, value in need.items()}
    return await _change(open_uow, case, to, actor=actor, **details)


PATHS = [(start, to, actor) for (start, to), step in TRANSITIONS.items() for actor in sorted(step.by)]


async def test_every_step_is_recorded_and_told(open_uow: OpenUow, account: ChannelAccount) -> None:
    await _open(open_uow, account_id=account.id)  # the one to merge with
    for n, (start, to, actor) in enumerate(PATHS, start=2):
        account = await committed_account(open_uow, f"{start}-{to}-{actor}")
        case = await _open(open_uow, account_id=account.id, origin=f"message-{n}")
        await _check_step(open_uow, await _lead_to(open_uow, case, start), to, actor)


async def _check_step(open_uow: OpenUow, case: Case, to: Status, actor: Actor) -> None:
    before = len(await _told(open_uow, case.account_id))
    changed = await _take(open_uow, case, to, actor)
    stored, [*_, event] = await _stored(open_uow, case.id)
    assert stored == changed
    assert (changed.status, changed.version) == (to, case.version + 1)
    assert (event.kind, event.from_status, event.to_status) == (EventKind.STATUS_CHANGED, case.status, to)
    assert (event.actor, event.actor_name, event.note, event.at) == (actor, "王芳", "已核实", NOON)
    told = (await _told(open_uow, case.account_id))[before:]
    assert [case.number in message.text for message in told] == ([] if actor is Actor.RESIDENT else [True])
    assert all(message.direction is Direction.OUT for message in told)


WRONG: list[tuple[dict[str, Any], type[KetangError]]] = [
    ({"to": Status.ARCHIVED}, TransitionNotAllowed),
    ({"to": Status.REPORTED}, TransitionNotAllowed),
    ({"to": Status.WITHDRAWN}, TransitionNotAllowed),
    ({"to": Status.ASSIGNED, "actor": Actor.RESIDENT}, TransitionNotAllowed),
    ({"to": Status.REJECTED, "note": ""}, NoteRequired),
    ({"to": Status.REJECTED, "note": " \x00\ufeff"}, NoteRequired),
    ({"to": Status.REJECTED}, GroundRequired),
    ({"to": Status.MERGED}, BadTarget),
    ({"to": Status.MERGED, "into": "KT20261123-0001"}, BadTarget),  # itself
    ({"to": Status.MERGED, "into": "KT20261123-0999"}, BadTarget),
    ({"to": Status.ASSIGNED, "units": ("no_such",)}, UnknownUnit),
    ({"to": Status.ASSIGNED, "version": 2}, StaleCase),
    ({"to": Status.ASSIGNED, "version": 0}, StaleCase),
    ({"to": Status.ARCHIVED, "version": 0}, StaleCase),  # what they saw decides what they may: reload first
]


async def test_a_wrong_step_writes_nothing(open_uow: OpenUow, case: Case) -> None:
    for fields, error in WRONG:
        with pytest.raises(error):
            await _change(open_uow, case, **fields)
    await _nothing_happened(open_uow, case)


async def _nothing_happened(open_uow: OpenUow, case: Case) -> None:
    stored, events = await _stored(open_uow, case.id)
    assert stored == case
    assert [event.kind for event in events] == [EventKind.OPENED, EventKind.ROUTED]
    assert await _told(open_uow, case.account_id) == []
    async with open_uow() as uow:
        assert await uow.messages.conversation(case.account_id, after=0, limit=9) == []


def _move(uow: UnitOfWork, case: Case) -> Awaitable[Case]:
    move = Move(to=Status.ASSIGNED, actor=Actor.DISPATCHER)
    return change_status(uow, case.id, case.version, move, actor_name="王芳")


def _correct(uow: UnitOfWork, case: Case) -> Awaitable[Case]:
    return correct_code(uow, case.id, case.version, NOISE, actor_name="王芳")


STEPS: list[Callable[[UnitOfWork, Case], Awaitable[Case]]] = [_move, _correct]


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
    async def take(to: Status) -> Case | StaleCase:
        try:
            return await _change(open_uow, case, to, ground=Ground.NO_FACTS)
        except StaleCase as stale:
            return stale

    outcomes = await asyncio.gather(take(Status.ASSIGNED), take(Status.REJECTED))
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Case", "StaleCase"]
    assert len(await _told(open_uow, case.account_id)) == 1


@pytest.mark.parametrize("change", [_move, _correct])
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
    stored, [*_, event, routed] = await _stored(open_uow, case.id)
    assert stored == corrected
    assert routed.kind is EventKind.ROUTED
    assert (event.kind, event.data) == (EventKind.CODE_CORRECTED, {"from": WASTE, "to": NOISE})
    [notice] = await _told(open_uow, case.account_id)
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
    assert (confirmed.review_priority, confirmed.version) == (None, 2)
    async with open_uow() as uow:
        assert (await uow.cases.search(CaseQuery(to_review=True))).cases == []
        assert [case.service_code async for case in reviewed_cases(uow)] == [NOISE, WASTE]


async def test_a_confirmation_is_in_the_history_but_not_worth_a_notice(
    open_uow: OpenUow, account: ChannelAccount
) -> None:
    case = await _open(open_uow, account_id=account.id, **DOUBTED)
    async with open_uow() as uow:
        await correct_code(uow, case.id, case.version, WASTE, actor_name="王芳")
    _, [*_, event] = await _stored(open_uow, case.id)
    assert (event.kind, event.actor_name) == (EventKind.CODE_CONFIRMED, "王芳")
    assert await _told(open_uow, account.id) == []


async def test_a_wrong_correction_writes_nothing(open_uow: OpenUow, case: Case) -> None:
    for code, version, error in (("no_such", 1, UnknownService), (NOISE, 2, StaleCase), (WASTE, 2, StaleCase)):
        async with open_uow() as uow:
            with pytest.raises(error):
                await correct_code(uow, case.id, version, code, actor_name="王芳")
    await _nothing_happened(open_uow, case)


async def test_the_file_of_a_case(open_uow: OpenUow, case: Case, account: ChannelAccount) -> None:
    await _change(open_uow, case, Status.ASSIGNED)
    async with open_uow() as uow:
        file = await case_file(uow, case.id)
    assert (file.case.number, file.service.code) == (case.number, WASTE)
    assert [event.kind for event in file.events] == [EventKind.OPENED, EventKind.ROUTED, EventKind.STATUS_CHANGED]
    assert file.history.tasks == file.case.tasks
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
