from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from community.core.grids import Grid, GridMember
from community.core.rosters import Roster
from community.db.mapping import apply, to_core, to_values
from community.db.models import GridMemberRow, GridRow, RosterRow


class SqlGridRepository:
    """Codes are put in order here, since each database has its own idea of the alphabet."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def all(self) -> list[Grid]:
        rows = await self._session.scalars(select(GridRow))
        return sorted((to_core(Grid, row) for row in rows), key=lambda grid: grid.code)

    async def save_all(self, grids: Sequence[Grid]) -> None:
        await self._replace(GridRow, [to_values(grid) for grid in grids])

    async def members(self) -> list[GridMember]:
        rows = await self._session.scalars(select(GridMemberRow).order_by(GridMemberRow.id))
        return sorted((to_core(GridMember, row) for row in rows), key=lambda member: member.grid_code)

    async def members_of(self, grid_code: str) -> list[GridMember]:
        of_grid = select(GridMemberRow).where(GridMemberRow.grid_code == grid_code).order_by(GridMemberRow.id)
        return [to_core(GridMember, row) for row in await self._session.scalars(of_grid)]

    async def save_members(self, members: Sequence[GridMember]) -> None:
        named = {member.grid_code for member in members}
        await self._session.execute(delete(GridMemberRow).where(GridMemberRow.grid_code.in_(named)))
        self._session.add_all([GridMemberRow(**to_values(member)) for member in members])
        await self._session.flush()

    async def rosters(self) -> list[Roster]:
        rows = await self._session.scalars(select(RosterRow))
        rosters = [to_core(Roster, row, crews=tuple(map(tuple, row.crews))) for row in rows]
        return sorted(rosters, key=lambda roster: roster.code)

    async def save_rosters(self, rosters: Sequence[Roster]) -> None:
        await self._replace(RosterRow, [to_values(roster, crews=list(map(list, roster.crews))) for roster in rosters])

    async def _replace[T: (GridRow, RosterRow)](self, table: type[T], entries: Sequence[Mapping[str, Any]]) -> None:
        there = {row.code: row for row in await self._session.scalars(select(table))}
        for values in entries:
            if row := there.get(values["code"]):
                apply(values, row)
            else:
                self._session.add(table(**values))
        await self._session.flush()
