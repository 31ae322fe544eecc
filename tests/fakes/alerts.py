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

    async def latest(self, limit: int, unit_code: str = "") -> list[Alert]:
        alerts = in_order((await self._transaction.tables()).alerts.values(), newest_first=True)
        own = [alert for alert in alerts if unit_code in ("", alert.unit_code)]
        return sorted(own, key=lambda alert: alert.seen_at is not None)[:limit]

    async def count_unseen(self, unit_code: str = "") -> int:
        return sum(alert.seen_at is None for alert in await self.latest(1_000_000, unit_code))

    async def of_case(self, case_id: int) -> list[Alert]:
        return in_order(a for a in (await self._transaction.tables()).alerts.values() if a.case_id == case_id)
