from collections import Counter
from collections.abc import Collection

from community.core.cases import Case
from tests.fakes.store import Transaction, found, require


class FakeDuplicateRepository:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def remember(self, case_id: int, keys: Collection[int]) -> None:
        tables = await self._transaction.tables()
        require(case_id in tables.cases or not keys, "no such case")
        tables.case_keys[case_id] = frozenset(keys)

    async def forget(self, case_id: int) -> None:
        (await self._transaction.tables()).case_keys.pop(case_id, None)

    async def near(self, keys: Collection[int], each: int, limit: int) -> list[Case]:
        tables = await self._transaction.tables()
        newest_first = sorted(tables.case_keys, reverse=True)
        shared: Counter[int] = Counter()
        for key in set(keys):
            shared.update([case_id for case_id in newest_first if key in tables.case_keys[case_id]][:each])
        nearest = sorted(shared, key=lambda case_id: (-shared[case_id], -case_id))[:limit]
        return [case for case_id in nearest if (case := found(tables.cases[case_id]))]
