"""What a case does by itself when its time comes."""

import asyncio
from datetime import datetime, timedelta

import pytest

from community.core.alerts import AlertKind
from community.core.cases import Case, EventKind
from community.core.clock import SHANGHAI
from community.core.errors import StaleCase
from community.core.residents import ChannelAccount
from community.core.workflow import Actor, Status
from community.services.cases import reply
from community.services.watch import look_at
from tests.fakes.clock import NOON, SetClock
from tests.fakes.makers import OpenUow
from tests.unit.services.loop import alerts_of, assert_in_step, events_of, opened, stored, take, told, walk

WASTE, PARKING = "exposed_waste", "community_parking"  # 24 hours; 48 hours, then 城管 takes over


async def _look(open_uow: OpenUow, case: Case) -> Case:
    async with open_uow() as uow:
        await look_at(uow, case.id)
        await assert_in_step(uow, case)
    return await stored(open_uow, case)


async def _rung(open_uow: OpenUow, case: Case) -> list[tuple[AlertKind, int, int]]:
    return [(alert.kind, alert.percent, alert.level) for alert in await alerts_of(open_uow, case)]


async def _kinds(open_uow: OpenUow, case: Case) -> list[EventKind]:
    return [event.kind for event in await events_of(open_uow, case)]


RESOLVE = [(AlertKind.RESOLVE, percent, level) for level, percent in enumerate((50, 80, 100, 150))]
RESPONSE = [(AlertKind.RESPONSE, 50, 0), (AlertKind.RESPONSE, 100, 1)]


async def test_looking_whenever_the_case_asks_for_it_escalates_step_by_step(
    open_uow: OpenUow, account: ChannelAccount, clock: SetClock
) -> None:
    case = await take(open_uow, await opened(open_uow, account.id, service_code=WASTE), Status.ASSIGNED)
    levels, moments = [], []
    while case.alarm_at is not None:
        clock.moment = case.alarm_at
        case = await _look(open_uow, case)
        levels.append(case.level)
        moments.append(clock.moment - NOON)
    assert levels == [0, 1, 2, 3]
    assert moments == [share * timedelta(hours=24) for share in (0.5, 0.8, 1, 1.5)]
    assert await _rung(open_uow, case) == RESOLVE
    assert case.late


async def test_nobody_is_called_before_it_is_time(open_uow: OpenUow, account: ChannelAccount, clock: SetClock) -> None:
    case = await take(open_uow, await opened(open_uow, account.id, service_code=WASTE), Status.ASSIGNED)
    assert case.alarm_at is not None
    clock.moment = case.alarm_at - timedelta(microseconds=1)
    await _look(open_uow, case)
    assert await _rung(open_uow, case) == []


async def test_looking_again_calls_nobody_again(open_uow: OpenUow, account: ChannelAccount, clock: SetClock) -> None:
    case = await opened(open_uow, account.id, service_code=WASTE)
    clock.advance(hours=20)
    first = await _look(open_uow, case)
    rung, kinds = await _rung(open_uow, case), await _kinds(open_uow, case)
    again = await _look(open_uow, case)
    assert (await _rung(open_uow, case), await _kinds(open_uow, case)) == (rung, kinds)
    assert (again.alarm_at, again.level) == (first.alarm_at, first.level)


async def test_who_looks_late_calls_all_that_were_due_once(
    open_uow: OpenUow, account: ChannelAccount, clock: SetClock
) -> None:
    case = await opened(open_uow, account.id, service_code=WASTE)
    clock.advance(days=9)
    watched = await _look(open_uow, case)
    assert sorted(await _rung(open_uow, case)) == sorted([*RESPONSE, *RESOLVE])
    assert (watched.level, watched.alarm_at) == (3, None)


@pytest.mark.parametrize("way", [(Status.ASSIGNED, Status.SUSPENDED), (Status.ASSIGNED, Status.RESOLVED)])
async def test_nothing_rings_while_the_clock_stands(
    open_uow: OpenUow, account: ChannelAccount, clock: SetClock, way: tuple[Status, ...]
) -> None:
    case = await walk(open_uow, await opened(open_uow, account.id, service_code=WASTE), *way)
    clock.advance(hours=71)
    await _look(open_uow, case)
    assert await _rung(open_uow, case) == []


async def test_nothing_rings_while_the_resident_thinks(
    open_uow: OpenUow, account: ChannelAccount, clock: SetClock
) -> None:
    case = await opened(open_uow, account.id, service_code=WASTE)
    async with open_uow() as uow:
        await reply(uow, case.id, case.version, "几号楼？", actor_name="王芳", ask=True)
    clock.advance(days=30)
    assert (await _look(open_uow, case)).level == 0
    assert await _rung(open_uow, case) == []


async def test_the_next_unit_takes_over_with_a_limit_of_its_own(
    open_uow: OpenUow, account: ChannelAccount, clock: SetClock
) -> None:
    case = await opened(open_uow, account.id, service_code=PARKING, area_code="nb-guihuayuan")
    case = await take(open_uow, case, Status.ASSIGNED)
    assert case.unit_code == "property-guihuayuan"
    clock.advance(hours=48)
    over = await _look(open_uow, case)
    assert (over.unit_code, over.due_at) == ("um-linhe", clock() + timedelta(hours=48))
    assert [(task.unit_code, task.lead) for task in over.tasks] == [("um-linhe", True), (case.unit_code, False)]
    assert await _rung(open_uow, case) == [*RESOLVE[:3], (AlertKind.HANDED_OVER, 0, 0)]
    assert "临禾街道城管中队" in (await told(open_uow, account.id))[-1].text
    clock.advance(hours=48)
    again = await _look(open_uow, case)  # there is nobody after the second
    assert again.unit_code == "um-linhe"
    assert (await _kinds(open_uow, case)).count(EventKind.HANDED_OVER) == 1
    assert (await _rung(open_uow, case))[4:] == RESOLVE[:3]


async def test_a_late_watch_hands_over_once_and_leaves_the_fresh_limit_alone(
    open_uow: OpenUow, account: ChannelAccount, clock: SetClock
) -> None:
    """Nobody was dispatched, nobody answered: what rang for that does not ring again for the next unit."""
    case = await opened(open_uow, account.id, service_code=PARKING, area_code="nb-guihuayuan")
    clock.advance(days=9)
    over = await _look(open_uow, case)
    expected = [*RESPONSE, *RESOLVE[:3], (AlertKind.HANDED_OVER, 0, 0)]
    assert sorted(await _rung(open_uow, case)) == sorted(expected)
    assert (over.level, over.due_at) == (2, clock() + timedelta(hours=48))
    assert over.alarm_at == clock() + timedelta(hours=24)
    await _look(open_uow, case)
    assert sorted(await _rung(open_uow, case)) == sorted(expected)


async def test_a_suspended_case_goes_on_at_its_date(
    open_uow: OpenUow, account: ChannelAccount, clock: SetClock
) -> None:
    until = datetime(2026, 12, 1, 9, 0, tzinfo=SHANGHAI)
    case = await take(open_uow, await opened(open_uow, account.id), Status.ASSIGNED)
    case = await take(open_uow, case, Status.SUSPENDED, until=until)
    assert case.alarm_at == until
    clock.moment = until
    resumed = await _look(open_uow, case)
    assert (resumed.status, resumed.tasks) == (Status.ASSIGNED, case.tasks)
    assert [alert.kind for alert in await alerts_of(open_uow, case)] == [AlertKind.RESUMED]
    assert (await events_of(open_uow, case))[-1].actor is Actor.SYSTEM
    assert resumed.due_at is not None
    assert resumed.due_at == until + timedelta(hours=120)  # it had not run before


async def test_a_verified_case_nobody_complains_about_is_archived(
    open_uow: OpenUow, account: ChannelAccount, clock: SetClock
) -> None:
    case = await opened(open_uow, account.id)
    case = await walk(open_uow, case, Status.ASSIGNED, Status.RESOLVED, Status.VERIFIED)
    clock.moment = NOON + timedelta(days=7, microseconds=-1)
    assert (await _look(open_uow, case)).status is Status.VERIFIED
    clock.moment = NOON + timedelta(days=7)
    archived = await _look(open_uow, case)
    assert (archived.status, archived.ended_at, archived.alarm_at) == (Status.ARCHIVED, clock(), None)
    assert case.number in (await told(open_uow, account.id))[-1].text
    assert len((await told(open_uow, account.id))[-1].buttons) == 5


async def test_of_two_who_look_at_once_nobody_calls_twice(
    open_uow: OpenUow, account: ChannelAccount, clock: SetClock
) -> None:
    case = await opened(open_uow, account.id, service_code=WASTE)
    clock.advance(days=9)

    async def look() -> None:
        async with open_uow() as uow:
            await look_at(uow, case.id)

    outcomes = await asyncio.gather(look(), look(), return_exceptions=True)
    assert all(outcome is None or isinstance(outcome, StaleCase) for outcome in outcomes)
    assert sorted(await _rung(open_uow, case)) == sorted([*RESPONSE, *RESOLVE])


async def test_a_case_that_is_gone_is_nothing_to_look_at(open_uow: OpenUow) -> None:
    async with open_uow() as uow:
        await look_at(uow, 404)
