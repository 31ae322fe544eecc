from collections.abc import Collection
from functools import cache

from sqlalchemy import Select, bindparam, delete, func, insert, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from community.core.cases import Case
from community.db.cases import to_case
from community.db.models import CaseRow, case_key


class SqlDuplicateRepository:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def remember(self, case_id: int, keys: Collection[int]) -> None:
        await self.forget(case_id)
        if keys:
            await self._session.execute(insert(case_key), [{"key": key, "case_id": case_id} for key in sorted(keys)])

    async def forget(self, case_id: int) -> None:
        await self._session.execute(delete(case_key).where(case_key.c.case_id == case_id))

    async def near(self, keys: Collection[int], each: int, limit: int) -> list[Case]:
        if not keys:
            return []
        values = {f"key_{at}": key for at, key in enumerate(sorted(keys))}
        question = _sharing(len(keys))
        found = await self._session.scalars(question, {**values, "each": each, "at_most": limit})
        return [to_case(row) for row in found]


@cache
def _sharing(count: int) -> Select[CaseRow]:
    """One bounded walk along the primary key for each of `count` keys: how common a key is makes no difference."""
    walks = (
        select(case_key.c.case_id)
        .where(case_key.c.key == bindparam(f"key_{at}"))
        .order_by(case_key.c.case_id.desc())
        .limit(bindparam("each"))
        .subquery()
        for at in range(count)
    )
    found = union_all(*(select(walk.c.case_id) for walk in walks)).subquery()
    shared = func.count().label("shared")
    nearest = (
        select(found.c.case_id, shared)
        .group_by(found.c.case_id)
        .order_by(shared.desc(), found.c.case_id.desc())
        .limit(bindparam("at_most"))
        .subquery()
    )
    return (
        select(CaseRow)
        .join(nearest, nearest.c.case_id == CaseRow.id)
        .order_by(nearest.c.shared.desc(), CaseRow.id.desc())
    )
