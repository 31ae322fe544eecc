from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from community.core.cases import Case, CaseEvent, EventKind, Urgency
from community.db.cases import to_case
from community.db.mapping import to_core
from community.db.models import CaseEventRow, CaseRow
from community.services.ports import PublicQuery


class SqlPublicCaseRepository:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def opened_between(self, query: PublicQuery) -> list[Case]:
        question = (
            select(CaseRow)
            .where(CaseRow.opened_at.between(query.start, query.end), CaseRow.urgency != Urgency.EMERGENCY)
            .where(CaseRow.status.in_(query.statuses), CaseRow.service_code.in_(query.service_codes))
            .order_by(CaseRow.opened_at.desc(), CaseRow.id.desc())
            .limit(query.limit)
            .offset(query.offset)
        )
        return [to_case(row) for row in await self._session.scalars(question)]

    async def by_ids(self, case_ids: Collection[int]) -> list[Case]:
        question = select(CaseRow).where(CaseRow.id.in_(case_ids)).order_by(CaseRow.id)
        return [to_case(row) for row in await self._session.scalars(question)]

    async def by_numbers(self, numbers: Collection[str]) -> list[Case]:
        question = select(CaseRow).where(CaseRow.number.in_(numbers)).order_by(CaseRow.id)
        return [to_case(row) for row in await self._session.scalars(question)]

    async def events_of(self, case_ids: Collection[int]) -> list[CaseEvent]:
        question = select(CaseEventRow).where(CaseEventRow.case_id.in_(case_ids)).order_by(CaseEventRow.id)
        return [to_core(CaseEvent, row) for row in await self._session.scalars(question)]

    async def events_between(
        self, start: datetime, end: datetime, kinds: Collection[EventKind], limit: int
    ) -> list[CaseEvent]:
        question = (
            select(CaseEventRow)
            .where(CaseEventRow.at.between(start, end), CaseEventRow.kind.in_(kinds))
            .order_by(CaseEventRow.at, CaseEventRow.id)
            .limit(limit)
        )
        return [to_core(CaseEvent, row) for row in await self._session.scalars(question)]
