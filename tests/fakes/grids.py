from collections.abc import Sequence
from copy import deepcopy

from community.core.grids import Grid, GridMember
from community.core.rosters import Roster
from tests.fakes.store import Tables, Transaction, require


class FakeGridRepository:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def all(self) -> list[Grid]:
        return deepcopy([grid for _, grid in sorted((await self._tables()).grids.items())])

    async def save_all(self, grids: Sequence[Grid]) -> None:
        (await self._tables()).grids.update({grid.code: deepcopy(grid) for grid in grids})

    async def members(self) -> list[GridMember]:
        return sorted((await self._tables()).grid_members, key=lambda member: member.grid_code)

    async def members_of(self, grid_code: str) -> list[GridMember]:
        return [member for member in (await self._tables()).grid_members if member.grid_code == grid_code]

    async def save_members(self, members: Sequence[GridMember]) -> None:
        tables, named = await self._tables(), {member.grid_code for member in members}
        require(named <= set(tables.grids), "no such grid")
        require(len({(m.grid_code, m.name) for m in members}) == len(members), "a member of a grid must be new")
        kept = [member for member in tables.grid_members if member.grid_code not in named]
        tables.grid_members = [*kept, *members]

    async def rosters(self) -> list[Roster]:
        return [roster for _, roster in sorted((await self._tables()).rosters.items())]

    async def save_rosters(self, rosters: Sequence[Roster]) -> None:
        (await self._tables()).rosters.update({roster.code: roster for roster in rosters})

    async def _tables(self) -> Tables:
        return await self._transaction.tables()
