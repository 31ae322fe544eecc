from collections.abc import AsyncIterator, Callable
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, delete, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from community.core.cases import REVIEWS, Case, CaseEvent, Guess, Task, Urgency
from community.core.errors import StaleCase
from community.core.messages import clean
from community.core.workflow import UNDER_LIMIT, Status
from community.db.mapping import to_core, to_values
from community.db.models import CaseCounterRow, CaseEventRow, CaseRow, CaseTaskRow
from community.services.ports import CasePage, CaseQuery

_BATCH = 500


def to_case(row: CaseRow) -> Case:
    return to_core(
        Case,
        row,
        alternatives=tuple(Guess(code, confidence) for code, confidence in row.alternatives),
        tasks=tuple(to_core(Task, task) for task in row.tasks),
    )


def _values(entity: Case) -> dict[str, Any]:
    """The columns of the case itself; its tasks are rows of their own."""
    values = to_values(entity, alternatives=[[g.service_code, g.confidence] for g in entity.alternatives])
    del values["tasks"]
    return values


def _task_rows(entity: Case) -> list[CaseTaskRow]:
    return [CaseTaskRow(case_id=entity.id, **to_values(task)) for task in entity.tasks]


class SqlCaseRepository:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, entity: Case) -> None:
        row = CaseRow(**_values(entity))
        self._session.add(row)
        await self._session.flush()
        entity.id = row.id
        self._session.add_all(_task_rows(entity))
        await self._session.flush()

    async def get(self, case_id: int) -> Case | None:
        return await self._one(select(CaseRow).where(CaseRow.id == case_id))

    async def by_number(self, number: str) -> Case | None:
        return await self._one(select(CaseRow).where(CaseRow.number == number))

    async def by_origin(self, origin: str) -> Case | None:
        return await self._one(select(CaseRow).where(CaseRow.origin == origin))

    async def save(self, entity: Case) -> None:
        written = await self._session.execute(
            update(CaseRow)
            .where(CaseRow.id == entity.id, CaseRow.version == entity.version)
            .values({**_values(entity), "version": entity.version + 1})
            .returning(CaseRow.id)
        )
        if written.scalar_one_or_none() is None:
            raise StaleCase(entity.number)
        entity.version += 1
        await self._session.execute(delete(CaseTaskRow).where(CaseTaskRow.case_id == entity.id))
        self._session.add_all(_task_rows(entity))
        await self._session.flush()

    async def of_account(self, account_id: int, limit: int) -> list[Case]:
        question = select(CaseRow).where(CaseRow.account_id == account_id).order_by(CaseRow.id.desc()).limit(limit)
        return [to_case(row) for row in await self._session.scalars(question)]

    async def search(self, query: CaseQuery) -> CasePage:
        matching = _matching(query)
        total = await self._session.scalar(select(func.count()).select_from(matching.subquery()))
        order = (CaseRow.review_priority.desc(),) if query.to_review else (_EMERGENCY_FIRST, CaseRow.opened_at.desc())
        page = (
            matching.order_by(*order, CaseRow.id.desc())
            .limit(query.page_size)
            .offset((query.page - 1) * query.page_size)
        )
        return CasePage([to_case(row) for row in await self._session.scalars(page)], total or 0)

    async def reviewed(self, after: int, limit: int) -> list[Case]:
        looked_at = select(CaseEventRow.case_id).where(CaseEventRow.kind.in_(REVIEWS))
        question = (
            select(CaseRow).where(CaseRow.id > after, CaseRow.id.in_(looked_at)).order_by(CaseRow.id).limit(limit)
        )
        return [to_case(row) for row in await self._session.scalars(question)]

    async def to_look_at(self, now: datetime, limit: int) -> list[int]:
        question = select(CaseRow.id).where(CaseRow.alarm_at <= now).order_by(CaseRow.alarm_at, CaseRow.id).limit(limit)
        return list(await self._session.scalars(question))

    async def ended_between(self, start: datetime, end: datetime) -> AsyncIterator[Case]:
        after = 0
        while True:
            question = (
                select(CaseRow)
                .where(CaseRow.ended_at >= start, CaseRow.ended_at < end, CaseRow.id > after)
                .order_by(CaseRow.id)
                .limit(_BATCH)
            )
            rows = list(await self._session.scalars(question))
            for row in rows:
                yield to_case(row)
            if len(rows) < _BATCH:
                return
            after = rows[-1].id

    async def count_by_status(self, unit_code: str = "") -> dict[Status, int]:
        question = select(CaseRow.status, func.count()).group_by(CaseRow.status)
        if unit_code:
            question = question.where(_of_unit(unit_code))
        return dict((await self._session.execute(question)).all())

    async def next_ordinal(self, day: date) -> int:
        on_postgresql = self._session.get_bind().dialect.name == "postgresql"
        insert: Callable[..., sqlite.Insert | postgresql.Insert] = postgresql.insert if on_postgresql else sqlite.insert
        counted = await self._session.execute(
            insert(CaseCounterRow)
            .values(day=day, last=1)
            .on_conflict_do_update(index_elements=["day"], set_={"last": CaseCounterRow.last + 1})
            .returning(CaseCounterRow.last)
        )
        ordinal: int = counted.scalar_one()
        return ordinal

    async def add_event(self, event: CaseEvent) -> None:
        self._session.add(CaseEventRow(**to_values(event)))
        await self._session.flush()

    async def events(self, case_id: int) -> list[CaseEvent]:
        question = select(CaseEventRow).where(CaseEventRow.case_id == case_id).order_by(CaseEventRow.id)
        return [to_core(CaseEvent, row) for row in await self._session.scalars(question)]

    async def _one(self, question: Select[CaseRow]) -> Case | None:
        row = await self._session.scalar(question.execution_options(populate_existing=True))
        return to_case(row) if row else None


_EMERGENCY_FIRST = case(((CaseRow.urgency == Urgency.EMERGENCY) & CaseRow.status.in_(UNDER_LIMIT), 0), else_=1)


def _of_unit(unit_code: str) -> ColumnElement[bool]:
    own = select(CaseTaskRow.case_id).where(CaseTaskRow.unit_code == unit_code)
    return or_(CaseRow.unit_code == unit_code, CaseRow.id.in_(own))


def _matching(query: CaseQuery) -> Select[CaseRow]:
    question = select(CaseRow)
    if text := clean(query.text):
        like = [
            column.icontains(text, autoescape=True) for column in (CaseRow.number, CaseRow.description, CaseRow.address)
        ]
        question = question.where(or_(*like))
    if query.statuses:
        question = question.where(CaseRow.status.in_(query.statuses))
    if query.service_codes:
        question = question.where(CaseRow.service_code.in_(query.service_codes))
    if query.area_code:
        question = question.where(CaseRow.area_code == query.area_code)
    if query.overdue_at:
        question = question.where(CaseRow.due_at < query.overdue_at, CaseRow.status.in_(UNDER_LIMIT))
    if query.unit_code:
        question = question.where(_of_unit(query.unit_code))
    if query.to_revisit:
        question = question.where(CaseRow.to_revisit)
    if query.to_review:
        question = question.where(CaseRow.review_priority.is_not(None))
    return question
