from copy import deepcopy
from datetime import datetime

from community.core.residents import ChannelAccount, Resident
from tests.fakes.store import Transaction, found, new_id, require, require_new


class FakeResidentRepository:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, resident: Resident) -> None:
        residents = (await self._transaction.tables()).residents
        resident.id = new_id(residents)
        residents[resident.id] = deepcopy(resident)

    async def get(self, resident_id: int) -> Resident | None:
        return found((await self._transaction.tables()).residents.get(resident_id))

    async def save(self, resident: Resident) -> None:
        (await self._transaction.tables()).residents[resident.id] = deepcopy(resident)

    async def add_account(self, resident_id: int, channel: str, external_id: str, at: datetime) -> ChannelAccount:
        tables = await self._transaction.tables()
        require(resident_id in tables.residents, "no such resident")
        account = ChannelAccount(
            id=new_id(tables.accounts), resident_id=resident_id, channel=channel, external_id=external_id, created_at=at
        )
        require_new(tables.accounts, account, "channel", "external_id")
        tables.accounts[account.id] = account
        return account

    async def account(self, account_id: int) -> ChannelAccount | None:
        return (await self._transaction.tables()).accounts.get(account_id)

    async def find_account(self, channel: str, external_id: str) -> ChannelAccount | None:
        accounts = (await self._transaction.tables()).accounts.values()
        return next((a for a in accounts if (a.channel, a.external_id) == (channel, external_id)), None)
