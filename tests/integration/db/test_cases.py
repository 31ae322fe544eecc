"""What every case repository must do."""

import asyncio
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from community.core.cases import CaseEvent, EventKind, Task, Urgency
from community.core.errors import StaleCase
from community.core.workflow import Actor, Status
from community.services.ports import CaseQuery
from tests.fakes.clock import NOON
from tests.fakes.makers import OpenUow, a_case, an_account, committed_account

MONDAY = date(2026, 11, 23)


async def test_a_case_comes_back_as_it_was(open_uow: OpenUow) -> None:
    account = await committed_account(open_uow)
    case = a_case(account_id=account.id, description="「3號樓」旁𠮷野家漏水💧\n第二行", confidence=None, area_code=None)
    async with open_uow() as uow:
        await uow.cases.add(case)
        await uow.commit()
    async with open_uow() as uow:
        for stored in (
            await uow.cases.get(case.id),
            await uow.cases.by_number(case.number),
            await uow.cases.by_origin(case.origin),
        ):
            assert stored == case
            assert stored.opened_at.tzinfo is not None
            assert stored.due_at.utcoffset() is not None


async def test_what_is_not_there(open_uow: OpenUow) -> None:
    async with open_uow() as uow:
        assert await uow.cases.get(404) is None
        assert await uow.cases.by_number("KT20261123-0404") is None
        assert await uow.cases.by_origin("nobody") is None
        assert await uow.cases.of_account(404, limit=5) == []
        assert await uow.cases.events(404) == []
        assert await uow.cases.count_by_status() == {}


@pytest.mark.parametrize("column", ["number", "origin"])
async def test_number_and_origin_are_unique(open_uow: OpenUow, column: str) -> None:
    async with open_uow() as uow:
        account = await an_account(uow)
        first = a_case(account_id=account.id)
        await uow.cases.add(first)
        with pytest.raises(IntegrityError):
            await uow.cases.add(a_case(account_id=account.id, **{column: getattr(first, column)}))


async def test_a_case_needs_its_account(open_uow: OpenUow) -> None:
    async with open_uow() as uow:
        with pytest.raises(IntegrityError):
            await uow.cases.add(a_case(account_id=404))


async def test_save_writes_every_field_and_counts_the_version(open_uow: OpenUow) -> None:
    async with open_uow() as uow:
        case = a_case(account_id=(await an_account(uow)).id)
        await uow.cases.add(case)
        case.status, case.service_code, case.due_at = Status.ASSIGNED, "noise", NOON + timedelta(hours=3)
        case.alternatives, case.confidence = (), 0.5
        await uow.cases.save(case)
        await uow.commit()
    assert case.version == 2
    async with open_uow() as uow:
        assert await uow.cases.get(case.id) == case


async def test_a_stale_case_writes_nothing(open_uow: OpenUow) -> None:
    async with open_uow() as uow:
        case = a_case(account_id=(await an_account(uow)).id)
        await uow.cases.add(case)
        await uow.commit()
        stale = await uow.cases.get(case.id)
        assert stale is not None
        case.status = Status.ASSIGNED
        await uow.cases.save(case)
        await uow.commit()
        stale.status = Status.REJECTED
        with pytest.raises(StaleCase, match=case.number):
            await uow.cases.save(stale)
    async with open_uow() as uow:
        assert await uow.cases.get(case.id) == case


async def test_two_who_save_the_same_version_at_once(open_uow: OpenUow) -> None:
    account = await committed_account(open_uow)
    case = a_case(account_id=account.id)
    async with open_uow() as uow:
        await uow.cases.add(case)
        await uow.commit()

    async def move(to: Status) -> bool:
        async with open_uow() as uow:
            mine = a_case(id=case.id, account_id=account.id, number=case.number, origin=case.origin, status=to)
            try:
                await uow.cases.save(mine)
            except StaleCase:
                return False
            await uow.commit()
            return True

    assert Counter(await asyncio.gather(*map(move, Status))) == {True: 1, False: len(Status) - 1}


async def test_changing_what_was_read_writes_nothing(open_uow: OpenUow) -> None:
    async with open_uow() as uow:
        case = a_case(account_id=(await an_account(uow)).id)
        await uow.cases.add(case)
        case.address = "没有保存"
        await uow.commit()
        stored = await uow.cases.get(case.id)
        assert stored is not None
        assert stored.address != "没有保存"


async def test_of_account_gives_the_newest_first(open_uow: OpenUow) -> None:
    async with open_uow() as uow:
        mine, neighbour = await an_account(uow, "42"), await an_account(uow, "43")
        cases = [a_case(account_id=account.id) for account in (mine, neighbour, mine, mine)]
        for case in cases:
            await uow.cases.add(case)
        assert await uow.cases.of_account(mine.id, limit=2) == [cases[3], cases[2]]
        assert await uow.cases.of_account(mine.id, limit=9) == [cases[3], cases[2], cases[0]]


async def test_count_by_status(open_uow: OpenUow) -> None:
    async with open_uow() as uow:
        account = await an_account(uow)
        for status in (Status.REPORTED, Status.ASSIGNED, Status.REPORTED):
            await uow.cases.add(a_case(account_id=account.id, status=status))
        assert await uow.cases.count_by_status() == {Status.REPORTED: 2, Status.ASSIGNED: 1}


async def test_count_by_status_of_what_a_unit_leads_or_has_a_task_in(open_uow: OpenUow) -> None:
    async with open_uow() as uow:
        account = await an_account(uow)
        both = (Task("water", lead=True), Task("police", lead=False))
        for unit, tasks in (("water", both), ("police", ()), ("gas", ())):
            await uow.cases.add(a_case(account_id=account.id, unit_code=unit, tasks=tasks))
        for unit, count in (("police", 2), ("water", 1), ("gas", 1), ("", 3)):
            assert await uow.cases.count_by_status(unit) == {Status.REPORTED: count}
        assert await uow.cases.count_by_status("nobody") == {}


async def test_ordinals_count_each_day_on_its_own(open_uow: OpenUow) -> None:
    async with open_uow() as uow:
        days = [MONDAY, MONDAY, date(2026, 11, 24), MONDAY]
        assert [await uow.cases.next_ordinal(day) for day in days] == [1, 2, 1, 3]


async def test_ordinals_never_repeat_when_many_ask_at_once(open_uow: OpenUow) -> None:
    async def ask() -> int:
        async with open_uow() as uow:
            ordinal = await uow.cases.next_ordinal(MONDAY)
            await uow.commit()
        return ordinal

    assert sorted(await asyncio.gather(*(ask() for _ in range(50)))) == list(range(1, 51))


async def test_an_ordinal_not_committed_is_given_again(open_uow: OpenUow) -> None:
    for _ in range(2):
        async with open_uow() as uow:
            assert await uow.cases.next_ordinal(MONDAY) == 1


async def test_events_come_back_in_the_order_written(open_uow: OpenUow) -> None:
    async with open_uow() as uow:
        case = a_case(account_id=(await an_account(uow)).id)
        await uow.cases.add(case)
        opened = CaseEvent(case_id=case.id, kind=EventKind.OPENED, at=NOON, actor=Actor.RESIDENT)
        corrected = CaseEvent(
            case_id=case.id,
            kind=EventKind.CODE_CORRECTED,
            at=NOON - timedelta(hours=1),
            actor=Actor.DISPATCHER,
            actor_name="王芳",
            from_status=Status.REPORTED,
            to_status=Status.ASSIGNED,
            note="是噪声🔊",
            data={"from": "暴露垃圾", "to": "noise"},
        )
        for event in (opened, corrected):
            await uow.cases.add_event(event)
        await uow.commit()
    async with open_uow() as uow:
        events = await uow.cases.events(case.id)
    assert [_without_id(event) for event in events] == [_without_id(opened), _without_id(corrected)]
    assert events[0].id < events[1].id
    assert all(event.at.tzinfo is not None for event in events)


async def test_an_event_needs_its_case(open_uow: OpenUow) -> None:
    async with open_uow() as uow:
        with pytest.raises(IntegrityError):
            await uow.cases.add_event(CaseEvent(case_id=404, kind=EventKind.OPENED, at=NOON, actor=Actor.RESIDENT))


def _without_id(event: CaseEvent) -> dict[str, Any]:
    return {**vars(event), "id": 0}


HOUR = timedelta(hours=1)
PLAIN = {"description": "", "address": "", "due_at": NOON + HOUR}
ROWS: dict[str, dict[str, Any]] = {
    "percent": {"description": "打折50%是骗人的", "opened_at": NOON - 5 * HOUR},
    "underscore": {"description": "WiFi名叫home_net", "opened_at": NOON - 4 * HOUR, "area_code": "nb-2"},
    "slash": {"address": "1/2号楼\\后门", "opened_at": NOON - 3 * HOUR, "service_code": "noise"},
    "fire": {"description": "冒烟", "urgency": Urgency.EMERGENCY, "opened_at": NOON - 9 * HOUR},
    "old_fire": {
        "description": "火已扑灭",
        "urgency": Urgency.EMERGENCY,
        "status": Status.ARCHIVED,
        "opened_at": NOON - 8 * HOUR,
        "due_at": NOON - 2 * HOUR,
    },
    "late": {"description": "还没修", "status": Status.ASSIGNED, "opened_at": NOON - 7 * HOUR, "due_at": NOON - HOUR},
    "numbered": {"number": "KT20261122-0001", "description": "昨天的", "opened_at": NOON - 6 * HOUR},
}

SEARCHES: list[tuple[dict[str, Any], list[str]]] = [
    ({}, ["fire", "slash", "underscore", "percent", "numbered", "late", "old_fire"]),
    ({"text": "%"}, ["percent"]),
    ({"text": "50%是"}, ["percent"]),
    ({"text": "_"}, ["underscore"]),
    ({"text": "WIFI"}, ["underscore"]),
    ({"text": "home%net"}, []),
    ({"text": "1/2"}, ["slash"]),
    ({"text": "\\"}, ["slash"]),
    ({"text": "kt20261122"}, ["numbered"]),
    ({"text": "  冒烟\x00 "}, ["fire"]),
    ({"text": '\'; drop table "case"; --'}, []),
    ({"statuses": {Status.ARCHIVED, Status.ASSIGNED}}, ["late", "old_fire"]),
    ({"statuses": {Status.MERGED}}, []),
    ({"service_codes": {"noise"}}, ["slash"]),
    ({"area_code": "nb-2"}, ["underscore"]),
    ({"overdue_at": NOON}, ["late"]),
    ({"overdue_at": NOON - HOUR}, []),  # due at that very moment is in time
    ({"text": "火", "statuses": {Status.REPORTED}}, []),
    ({"page_size": 2}, ["fire", "slash"]),
    ({"page_size": 2, "page": 2}, ["underscore", "percent"]),
    ({"page_size": 2, "page": 9}, []),
]


async def test_search(open_uow: OpenUow) -> None:
    async with open_uow() as uow:
        account = await an_account(uow)
        names = {}
        for name, fields in ROWS.items():
            case = a_case(**{**PLAIN, "account_id": account.id, **fields})
            await uow.cases.add(case)
            names[case.id] = name
        for fields, expected in SEARCHES:
            page = await uow.cases.search(_query(fields))
            assert [names[case.id] for case in page.cases] == expected, fields
            assert page.total == (len(ROWS) if "page_size" in fields else len(expected)), fields


async def test_what_most_needs_a_look_comes_first(open_uow: OpenUow) -> None:
    async with open_uow() as uow:
        account = await an_account(uow)
        cases = [a_case(account_id=account.id, review_priority=priority) for priority in (0.5, None, 1.5, 0.5)]
        for case in cases:
            await uow.cases.add(case)
        page = await uow.cases.search(CaseQuery(to_review=True))
        assert page.cases == [cases[2], cases[3], cases[0]]
        assert page.total == 3


async def test_reviewed_cases_once_each_from_the_oldest(open_uow: OpenUow) -> None:
    async with open_uow() as uow:
        account = await an_account(uow)
        cases = [a_case(account_id=account.id) for _ in range(4)]
        for case in cases:
            await uow.cases.add(case)
        kinds = ((3, "code_confirmed"), (0, "opened"), (1, "code_corrected"), (3, "code_corrected"))
        for at, kind in kinds:
            await uow.cases.add_event(
                CaseEvent(case_id=cases[at].id, kind=EventKind(kind), at=NOON, actor=Actor.DISPATCHER)
            )
        assert await uow.cases.reviewed(after=0, limit=9) == [cases[1], cases[3]]
        assert await uow.cases.reviewed(after=0, limit=1) == [cases[1]]
        assert await uow.cases.reviewed(after=cases[1].id, limit=9) == [cases[3]]


def _query(fields: dict[str, Any]) -> CaseQuery:
    values: dict[str, Any] = {k: frozenset(v) if isinstance(v, set) else v for k, v in fields.items()}
    return CaseQuery(**values)
