from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from community.core.residents import ChannelAccount, Resident
from community.db.cipher import Cipher
from community.db.mapping import apply, to_core, to_values
from community.db.models import ChannelAccountRow, ResidentRow


class SqlResidentRepository:
    def __init__(self, session: AsyncSession, cipher: Cipher) -> None:
        self._session = session
        self._cipher = cipher

    async def add(self, resident: Resident) -> None:
        row = ResidentRow(**to_values(resident, contacts=self._cipher.encrypt(resident.contacts)))
        self._session.add(row)
        await self._session.flush()
        resident.id = row.id

    async def get(self, resident_id: int) -> Resident | None:
        row = await self._session.get(ResidentRow, resident_id)
        return to_core(Resident, row, contacts=self._cipher.decrypt(row.contacts)) if row else None

    async def save(self, resident: Resident) -> None:
        row = await self._session.get_one(ResidentRow, resident.id)
        apply(to_values(resident, contacts=self._cipher.encrypt(resident.contacts)), row)
        await self._session.flush()

    async def add_account(self, resident_id: int, channel: str, external_id: str, at: datetime) -> ChannelAccount:
        row = ChannelAccountRow(resident_id=resident_id, channel=channel, external_id=external_id, created_at=at)
        self._session.add(row)
        await self._session.flush()
        return to_core(ChannelAccount, row)

    async def account(self, account_id: int) -> ChannelAccount | None:
        row = await self._session.get(ChannelAccountRow, account_id)
        return to_core(ChannelAccount, row) if row else None

    async def find_account(self, channel: str, external_id: str) -> ChannelAccount | None:
        row = await self._session.scalar(
            select(ChannelAccountRow).where(
                ChannelAccountRow.channel == channel, ChannelAccountRow.external_id == external_id
            )
        )
        return to_core(ChannelAccount, row) if row else None
