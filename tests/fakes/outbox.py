from copy import deepcopy
from datetime import datetime

from community.core.outbox import Delivery
from tests.fakes.store import Transaction, in_order, new_id, require


class FakeOutboxRepository:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, delivery: Delivery) -> None:
        tables = await self._transaction.tables()
        require(delivery.account_id in tables.accounts, "no such account")
        require(delivery.message_id in tables.messages, "no such message")
        delivery.id = new_id(tables.deliveries)
        tables.deliveries[delivery.id] = deepcopy(delivery)

    async def due(self, now: datetime, limit: int) -> list[Delivery]:
        first_of_each: dict[int, Delivery] = {}
        for delivery in await self._unfinished():
            first_of_each.setdefault(delivery.account_id, delivery)
        ready = [delivery for delivery in first_of_each.values() if delivery.next_attempt_at <= now]
        return sorted(ready, key=lambda delivery: delivery.next_attempt_at)[:limit]

    async def waiting_for(self, account_id: int) -> list[Delivery]:
        return [delivery for delivery in await self._unfinished() if delivery.account_id == account_id]

    async def save(self, delivery: Delivery) -> None:
        (await self._transaction.tables()).deliveries[delivery.id] = deepcopy(delivery)

    async def _unfinished(self) -> list[Delivery]:
        deliveries = (await self._transaction.tables()).deliveries.values()
        return in_order(d for d in deliveries if d.delivered_at is None and d.abandoned_at is None)
