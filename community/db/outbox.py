from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from community.core.outbox import Delivery
from community.db.mapping import apply, to_core, to_values
from community.db.models import DeliveryRow

_UNFINISHED = DeliveryRow.delivered_at.is_(None) & DeliveryRow.abandoned_at.is_(None)


class SqlOutboxRepository:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, delivery: Delivery) -> None:
        row = DeliveryRow(**to_values(delivery))
        self._session.add(row)
        await self._session.flush()
        delivery.id = row.id

    async def due(self, now: datetime, limit: int) -> list[Delivery]:
        first_of_each = select(func.min(DeliveryRow.id)).where(_UNFINISHED).group_by(DeliveryRow.account_id)
        return await self._all(
            select(DeliveryRow)
            .where(DeliveryRow.id.in_(first_of_each), DeliveryRow.next_attempt_at <= now)
            .order_by(DeliveryRow.next_attempt_at)
            .limit(limit)
        )

    async def waiting_for(self, account_id: int) -> list[Delivery]:
        return await self._all(
            select(DeliveryRow).where(_UNFINISHED, DeliveryRow.account_id == account_id).order_by(DeliveryRow.id)
        )

    async def save(self, delivery: Delivery) -> None:
        apply(to_values(delivery), await self._session.get_one(DeliveryRow, delivery.id))
        await self._session.flush()

    async def _all(self, question: Select[DeliveryRow]) -> list[Delivery]:
        return [to_core(Delivery, row) for row in await self._session.scalars(question)]
