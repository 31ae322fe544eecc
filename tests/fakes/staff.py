from copy import deepcopy
from datetime import datetime

from community.core.staff import Staff
from tests.fakes.store import Transaction, found, in_order, new_id, require_new


class FakeStaffRepository:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, staff: Staff) -> None:
        table = await self._table()
        require_new(table, staff, "username")
        staff.id = new_id(table)
        table[staff.id] = deepcopy(staff)

    async def get(self, staff_id: int) -> Staff | None:
        return found((await self._table()).get(staff_id))

    async def by_username(self, username: str) -> Staff | None:
        return found(next((s for s in (await self._table()).values() if s.username == username), None))

    async def by_account(self, account_id: int) -> Staff | None:
        return found(next((s for s in (await self._table()).values() if s.account_id == account_id), None))

    async def of_unit(self, unit_code: str) -> list[Staff]:
        return in_order(staff for staff in (await self._table()).values() if staff.unit_code == unit_code)

    async def with_code(self, now: datetime) -> list[Staff]:
        return in_order(s for s in (await self._table()).values() if s.bind_until is not None and s.bind_until > now)

    async def save(self, staff: Staff) -> None:
        (await self._table())[staff.id] = deepcopy(staff)

    async def _table(self) -> dict[int, Staff]:
        return (await self._transaction.tables()).staff
