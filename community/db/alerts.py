from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from community.core.alerts import Alert
from community.db.mapping import apply, to_core, to_values
from community.db.models import AlertRow

_UNSEEN = AlertRow.seen_at.is_(None)


def _values(alert: Alert) -> dict[str, Any]:
    return to_values(alert, names=list(alert.names))


def _of_unit[T](question: Select[T], unit_code: str) -> Select[T]:
    return question.where(AlertRow.unit_code == unit_code) if unit_code else question


class SqlAlertRepository:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, alert: Alert) -> None:
        row = AlertRow(**_values(alert))
        self._session.add(row)
        await self._session.flush()
        alert.id = row.id

    async def get(self, alert_id: int) -> Alert | None:
        found = await self._all(select(AlertRow).where(AlertRow.id == alert_id))
        return found[0] if found else None

    async def save(self, alert: Alert) -> None:
        apply(_values(alert), await self._session.get_one(AlertRow, alert.id))
        await self._session.flush()

    async def unseen(self, limit: int) -> list[Alert]:
        return await self._all(select(AlertRow).where(_UNSEEN).order_by(AlertRow.id.desc()).limit(limit))

    async def latest(self, limit: int, unit_code: str = "") -> list[Alert]:
        question = _of_unit(select(AlertRow), unit_code)
        return await self._all(question.order_by(_UNSEEN.desc(), AlertRow.id.desc()).limit(limit))

    async def count_unseen(self, unit_code: str = "") -> int:
        question = _of_unit(select(func.count()).select_from(AlertRow), unit_code)
        return await self._session.scalar(question.where(_UNSEEN)) or 0

    async def of_case(self, case_id: int) -> list[Alert]:
        return await self._all(select(AlertRow).where(AlertRow.case_id == case_id).order_by(AlertRow.id))

    async def _all(self, question: Select[AlertRow]) -> list[Alert]:
        return [to_core(Alert, row, names=tuple(row.names)) for row in await self._session.scalars(question)]
