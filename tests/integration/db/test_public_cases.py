"""What every repository of cases for the public must do."""

from dataclasses import replace
from datetime import timedelta

from community.core.cases import Case, CaseEvent, EventKind, Urgency
from community.core.workflow import Actor, Status
from community.services.ports import PublicQuery, UnitOfWork
from tests.fakes.clock import NOON
from tests.fakes.makers import OpenUow, a_case, an_account

DAY = timedelta(days=1)
EVERYTHING = PublicQuery(NOON - DAY, NOON, frozenset(Status), frozenset({"exposed_waste", "manhole"}), limit=10)


async def _add(uow: UnitOfWork, **fields: object) -> Case:
    account = await uow.residents.find_account("telegram", "42") or await an_account(uow)
    case = a_case(account_id=account.id, **fields)
    await uow.cases.add(case)
    return case


async def test_the_newest_first_and_both_ends_included(open_uow: OpenUow) -> None:
    async with open_uow() as uow:
        early = await _add(uow, opened_at=NOON - DAY)
        late = await _add(uow, opened_at=NOON, service_code="manhole")
        await _add(uow, opened_at=NOON - DAY - timedelta(seconds=1))
        await _add(uow, opened_at=NOON + timedelta(seconds=1))
        await _add(uow, urgency=Urgency.EMERGENCY)
        await _add(uow, service_code="other")
        cases = uow.public_cases
        assert await cases.opened_between(EVERYTHING) == [late, early]
        assert await cases.opened_between(replace(EVERYTHING, limit=1, offset=1)) == [early]
        assert await cases.opened_between(replace(EVERYTHING, statuses=frozenset({Status.ARCHIVED}))) == []


async def test_several_by_id_and_by_number(open_uow: OpenUow) -> None:
    async with open_uow() as uow:
        first, second, _third = await _add(uow), await _add(uow), await _add(uow)
        assert await uow.public_cases.by_ids({second.id, first.id, 404}) == [first, second]
        assert await uow.public_cases.by_numbers([second.number, "KT-404"]) == [second]


async def test_events_of_several_and_of_a_time(open_uow: OpenUow) -> None:
    async with open_uow() as uow:
        first, second = await _add(uow), await _add(uow)
        for case, kind, at in (
            (second, EventKind.REPLIED, NOON + DAY),
            (first, EventKind.OPENED, NOON),
            (first, EventKind.REPLIED, NOON),
        ):
            await uow.cases.add_event(CaseEvent(case_id=case.id, kind=kind, at=at, actor=Actor.SYSTEM))
        cases = uow.public_cases
        kinds = [event.kind for event in await cases.events_of([first.id])]
        assert kinds == [EventKind.OPENED, EventKind.REPLIED]
        found = await cases.events_between(NOON, NOON + DAY, [EventKind.REPLIED], limit=10)
        assert [event.case_id for event in found] == [first.id, second.id]
        assert len(await cases.events_between(NOON, NOON + DAY, [EventKind.REPLIED], limit=1)) == 1
        assert await cases.events_between(NOON + DAY * 2, NOON + DAY * 3, [EventKind.REPLIED], limit=9) == []
