from copy import deepcopy

from community.core.keys import ApiKey
from tests.fakes.store import Transaction, new_id, require_new


class FakeKeyRepository:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, key: ApiKey) -> None:
        table = await self._table()
        require_new(table, key, "name")
        key.id = new_id(table)
        table[key.id] = deepcopy(key)

    async def save(self, key: ApiKey) -> None:
        (await self._table())[key.id] = deepcopy(key)

    async def all(self) -> list[ApiKey]:
        return [deepcopy(key) for key in sorted((await self._table()).values(), key=lambda key: key.name)]

    async def _table(self) -> dict[int, ApiKey]:
        return (await self._transaction.tables()).keys
