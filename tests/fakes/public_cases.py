from collections.abc import Collection
from datetime import datetime

from community.core.cases import Case, CaseEvent, EventKind, Urgency
from community.services.ports import PublicQuery
from tests.fakes.store import Transaction, in_order


class FakePublicCaseRepository:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def opened_between(self, query: PublicQuery) -> list[Case]:
        meant = [
            case
            for case in (await self._transaction.tables()).cases.values()
            if query.start <= case.opened_at <= query.end
            and case.urgency is not Urgency.EMERGENCY
            and case.status in query.statuses
            and case.service_code in query.service_codes
        ]
        newest_first = sorted(in_order(meant), key=lambda case: (case.opened_at, case.id), reverse=True)
        return newest_first[query.offset : query.offset + query.limit]

    async def by_ids(self, case_ids: Collection[int]) -> list[Case]:
        return in_order(case for case in (await self._transaction.tables()).cases.values() if case.id in case_ids)

    async def by_numbers(self, numbers: Collection[str]) -> list[Case]:
        return in_order(case for case in (await self._transaction.tables()).cases.values() if case.number in numbers)

    async def events_of(self, case_ids: Collection[int]) -> list[CaseEvent]:
        return in_order(e for e in (await self._transaction.tables()).events.values() if e.case_id in case_ids)

    async def events_between(
        self, start: datetime, end: datetime, kinds: Collection[EventKind], limit: int
    ) -> list[CaseEvent]:
        events = (await self._transaction.tables()).events.values()
        meant = in_order(event for event in events if start <= event.at <= end and event.kind in kinds)
        return sorted(meant, key=lambda event: event.at)[:limit]
