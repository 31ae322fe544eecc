from collections import Counter
from collections.abc import AsyncIterator
from copy import deepcopy
from dataclasses import replace
from datetime import date, datetime

from community.core.cases import REVIEWS, Case, CaseEvent, Urgency
from community.core.errors import StaleCase
from community.core.messages import clean
from community.core.workflow import UNDER_LIMIT, Status
from community.services.ports import CasePage, CaseQuery
from tests.fakes.store import Transaction, found, in_order, new_id, require, require_new


class FakeCaseRepository:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, case: Case) -> None:
        tables = await self._transaction.tables()
        require(case.account_id in tables.accounts, "no such account")
        for column in ("number", "origin"):
            require_new(tables.cases, case, column)
        case.id = new_id(tables.cases)
        tables.cases[case.id] = deepcopy(case)

    async def get(self, case_id: int) -> Case | None:
        return found((await self._cases()).get(case_id))

    async def by_number(self, number: str) -> Case | None:
        return found(next((c for c in (await self._cases()).values() if c.number == number), None))

    async def by_origin(self, origin: str) -> Case | None:
        return found(next((c for c in (await self._cases()).values() if c.origin == origin), None))

    async def save(self, case: Case) -> None:
        cases = await self._cases()
        if case.id not in cases or cases[case.id].version != case.version:
            raise StaleCase(case.number)
        case.version += 1
        cases[case.id] = deepcopy(case)

    async def of_account(self, account_id: int, limit: int) -> list[Case]:
        own = (case for case in (await self._cases()).values() if case.account_id == account_id)
        return in_order(own, newest_first=True)[:limit]

    async def search(self, query: CaseQuery) -> CasePage:
        matching = [case for case in (await self._cases()).values() if _matches(query, case)]
        matching.sort(key=_most_in_need if query.to_review else _on_top)
        start = (query.page - 1) * query.page_size
        return CasePage(deepcopy(matching[start : start + query.page_size]), len(matching))

    async def reviewed(self, after: int, limit: int) -> list[Case]:
        events = (await self._transaction.tables()).events.values()
        looked_at = {event.case_id for event in events if event.kind in REVIEWS}
        cases = (case for key, case in (await self._cases()).items() if key > after and key in looked_at)
        return in_order(cases)[:limit]

    async def to_look_at(self, now: datetime, limit: int) -> list[int]:
        due = [(case.alarm_at, case.id) for case in (await self._cases()).values() if case.alarm_at]
        return [case_id for at, case_id in sorted(due) if at <= now][:limit]

    async def ended_between(self, start: datetime, end: datetime) -> AsyncIterator[Case]:
        cases = (case for case in (await self._cases()).values() if case.ended_at and start <= case.ended_at < end)
        for case in in_order(cases):
            yield case

    async def count_by_status(self, unit_code: str = "") -> dict[Status, int]:
        cases = (await self._cases()).values()
        return dict(Counter(case.status for case in cases if _is_of(unit_code, case)))

    async def next_ordinal(self, day: date) -> int:
        counters = (await self._transaction.tables()).counters
        counters[day] = counters.get(day, 0) + 1
        return counters[day]

    async def add_event(self, event: CaseEvent) -> None:
        tables = await self._transaction.tables()
        require(event.case_id in tables.cases, "no such case")
        key = new_id(tables.events)
        tables.events[key] = replace(deepcopy(event), id=key)

    async def events(self, case_id: int) -> list[CaseEvent]:
        events = (await self._transaction.tables()).events.values()
        return in_order(event for event in events if event.case_id == case_id)

    async def _cases(self) -> dict[int, Case]:
        return (await self._transaction.tables()).cases


def _on_top(case: Case) -> tuple[bool, float, int]:
    burning = case.urgency is Urgency.EMERGENCY and case.status in UNDER_LIMIT
    return not burning, -case.opened_at.timestamp(), -case.id


def _most_in_need(case: Case) -> tuple[float, int]:
    return -(case.review_priority or 0), -case.id


def _is_of(unit_code: str, case: Case) -> bool:
    return unit_code in ("", case.unit_code, *(task.unit_code for task in case.tasks))


def _matches(query: CaseQuery, case: Case) -> bool:
    text = clean(query.text).lower()
    return (
        any(text in field.lower() for field in (case.number, case.description, case.address))
        and (not query.statuses or case.status in query.statuses)
        and (not query.service_codes or case.service_code in query.service_codes)
        and query.area_code in ("", case.area_code)
        and _is_of(query.unit_code, case)
        and (case.to_revisit or not query.to_revisit)
        and (case.review_priority is not None or not query.to_review)
        and (
            query.overdue_at is None
            or (case.due_at is not None and case.due_at < query.overdue_at and case.status in UNDER_LIMIT)
        )
    )
