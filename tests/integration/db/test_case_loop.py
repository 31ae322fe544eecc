"""What a case repository must keep of the loop: tasks, the next look, ends, and whose case it is."""

from datetime import timedelta

from community.core.cases import Source, Task
from community.core.workflow import Status
from community.services.ports import CaseQuery
from tests.fakes.clock import NOON
from tests.fakes.makers import OpenUow, a_case, an_account

HOUR = timedelta(hours=1)


async def test_all_that_follows_from_the_events_is_kept(open_uow: OpenUow) -> None:
    async with open_uow() as uow:
        case = a_case(account_id=(await an_account(uow)).id, due_at=None)
        await uow.cases.add(case)
        await uow.commit()
    async with open_uow() as uow:
        assert await uow.cases.get(case.id) == case
        case.source, case.longitude, case.latitude, case.grid_code = Source.PATROL, 121.25, 31.375, "gd-1"
        case.response_due_at, case.alarm_at, case.ended_at = NOON + HOUR, NOON + 2 * HOUR, NOON + 3 * HOUR
        case.level, case.waiting, case.round, case.supporters, case.rating = 3, True, 2, 7, 4
        case.merged_into, case.late = "KT20261123-9999", True
        case.tasks = (Task("b", lead=True), Task("a", lead=False, done_at=NOON))
        await uow.cases.save(case)
        await uow.commit()
    async with open_uow() as uow:
        assert await uow.cases.get(case.id) == case


async def test_tasks_come_go_and_keep_their_order(open_uow: OpenUow) -> None:
    async with open_uow() as uow:
        case = a_case(account_id=(await an_account(uow)).id, tasks=(Task("x", lead=True),))
        await uow.cases.add(case)
        await uow.commit()
    lead, other, third = Task("y", lead=True), Task("x", lead=False), Task("a", lead=False, done_at=NOON)
    for tasks in ((lead, other, third), (lead, third), (), (third, lead, other), (Task("a", lead=True),)):
        async with open_uow() as uow:
            case.tasks = tasks
            await uow.cases.save(case)
            await uow.commit()
        async with open_uow() as uow:
            assert await uow.cases.get(case.id) == case
            assert (await uow.cases.search(CaseQuery())).cases == [case]


async def test_whose_time_has_come_the_longest_waiting_first(open_uow: OpenUow) -> None:
    async with open_uow() as uow:
        account = await an_account(uow)
        hours = (0, None, -2, 1, -1)
        cases = [a_case(account_id=account.id, alarm_at=None if h is None else NOON + h * HOUR) for h in hours]
        for case in cases:
            await uow.cases.add(case)
        due = [cases[2].id, cases[4].id, cases[0].id]
        assert await uow.cases.to_look_at(NOON, limit=9) == due
        assert await uow.cases.to_look_at(NOON, limit=2) == due[:2]
        assert await uow.cases.to_look_at(NOON - 3 * HOUR, limit=9) == []


async def test_what_ended_from_the_start_and_before_the_end(open_uow: OpenUow) -> None:
    async with open_uow() as uow:
        account = await an_account(uow)
        ends = (NOON + HOUR, NOON, None, NOON - timedelta(microseconds=1), NOON + 2 * HOUR)
        cases = [a_case(account_id=account.id, status=Status.ARCHIVED, ended_at=at) for at in ends]
        for case in cases:
            await uow.cases.add(case)
        found = [case async for case in uow.cases.ended_between(NOON, NOON + 2 * HOUR)]
        assert found == [cases[0], cases[1]]


async def test_a_units_cases_are_those_it_leads_or_has_a_task_in(open_uow: OpenUow) -> None:
    async with open_uow() as uow:
        account = await an_account(uow)
        rows = [
            {"unit_code": "police"},
            {"tasks": (Task("sanitation", lead=True), Task("police", lead=False))},
            {"tasks": (Task("police", lead=False, done_at=NOON),)},
            {"tasks": (Task("police-linhe", lead=True),)},
        ]
        cases = [a_case(account_id=account.id, **row) for row in rows]
        for case in cases:
            await uow.cases.add(case)
        page = await uow.cases.search(CaseQuery(unit_code="police"))
        assert {case.id for case in page.cases} == {case.id for case in cases[:3]}
        assert page.total == 3
