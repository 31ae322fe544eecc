from copy import deepcopy

from community.core.alerts import Alert
from tests.fakes.store import Transaction, found, in_order, new_id, require


class FakeAlertRepository:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, alert: Alert) -> None:
        tables = await self._transaction.tables()
        require(alert.case_id in tables.cases, "no such case")
        alert.id = new_id(tables.alerts)
        tables.alerts[alert.id] = deepcopy(alert)

    async def get(self, alert_id: int) -> Alert | None:
        return found((await self._transaction.tables()).alerts.get(alert_id))

    async def save(self, alert: Alert) -> None:
        (await self._transaction.tables()).alerts[alert.id] = deepcopy(alert)

    async def unseen(self, limit: int) -> list[Alert]:
        alerts = (await self._transaction.tables()).alerts.values()
        return in_order((alert for alert in alerts if alert.seen_at is None), newest_first=True)[:limit]

    async def count_unseen(self) -> int:
        return len(await self.unseen(limit=1_000_000))

    async def of_case(self, case_id: int) -> list[Alert]:
        return in_order(a for a in (await self._transaction.tables()).alerts.values() if a.case_id == case_id)
