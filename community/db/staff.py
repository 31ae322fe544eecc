from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from community.core.staff import Staff
from community.db.mapping import apply, to_core, to_values
from community.db.models import StaffRow


class SqlStaffRepository:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, staff: Staff) -> None:
        row = StaffRow(**to_values(staff))
        self._session.add(row)
        await self._session.flush()
        staff.id = row.id

    async def get(self, staff_id: int) -> Staff | None:
        row = await self._session.get(StaffRow, staff_id)
        return to_core(Staff, row) if row else None

    async def by_username(self, username: str) -> Staff | None:
        row = await self._session.scalar(select(StaffRow).where(StaffRow.username == username))
        return to_core(Staff, row) if row else None

    async def by_account(self, account_id: int) -> Staff | None:
        row = await self._session.scalar(select(StaffRow).where(StaffRow.account_id == account_id))
        return to_core(Staff, row) if row else None

    async def of_unit(self, unit_code: str) -> list[Staff]:
        question = select(StaffRow).where(StaffRow.unit_code == unit_code).order_by(StaffRow.id)
        return [to_core(Staff, row) for row in await self._session.scalars(question)]

    async def with_code(self, now: datetime) -> list[Staff]:
        question = select(StaffRow).where(StaffRow.bind_until > now).order_by(StaffRow.id)
        return [to_core(Staff, row) for row in await self._session.scalars(question)]

    async def save(self, staff: Staff) -> None:
        apply(to_values(staff), await self._session.get_one(StaffRow, staff.id))
        await self._session.flush()
