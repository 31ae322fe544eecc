"""What every grid repository must do."""

from datetime import date, time

import pytest
from sqlalchemy.exc import IntegrityError

from community.core.grids import Grid, GridKind, GridRole
from community.core.rosters import Pattern
from tests.fakes.makers import OpenUow, a_grid, a_member, a_roster, square

SEVERAL_PARTS = {
    "type": "MultiPolygon",
    "coordinates": [square(121.3, 31.3)["coordinates"], square(121.33, 31.3)["coordinates"]],
}


async def _save(open_uow: OpenUow, *grids: Grid) -> None:
    async with open_uow() as uow:
        await uow.grids.save_all(grids)
        await uow.commit()


async def test_nothing_is_there_at_first(open_uow: OpenUow) -> None:
    async with open_uow() as uow:
        assert await uow.grids.all() == []
        assert await uow.grids.members() == await uow.grids.members_of("gd-1") == []
        assert await uow.grids.rosters() == []


async def test_grids_come_back_as_saved_in_the_order_of_their_codes(open_uow: OpenUow) -> None:
    rural = a_grid(code="gd-B", kind=GridKind.RURAL, polygon=SEVERAL_PARTS, roster_code="rs-1")
    await _save(open_uow, a_grid(code="gd-a"), rural)
    async with open_uow() as uow:
        assert await uow.grids.all() == [rural, a_grid(code="gd-a")]


async def test_a_grid_takes_the_place_of_the_one_with_its_code(open_uow: OpenUow) -> None:
    await _save(open_uow, a_grid(), a_grid(code="gd-2"))
    changed = a_grid(name="新的网格", polygon=square(121.3, 31.3), kind=GridKind.MIXED)
    await _save(open_uow, changed)
    async with open_uow() as uow:
        assert await uow.grids.all() == [changed, a_grid(code="gd-2")]


async def test_members_are_replaced_grid_by_grid(open_uow: OpenUow) -> None:
    first, second = a_member(name="周"), a_member(name="安", role=GridRole.MEMBER, service="fire")
    other = a_member(grid_code="gd-0")
    await _save(open_uow, a_grid(), a_grid(code="gd-0"))
    async with open_uow() as uow:
        await uow.grids.save_members([a_member(), other])
        await uow.commit()
    async with open_uow() as uow:
        await uow.grids.save_members([first, second])
        await uow.commit()
    async with open_uow() as uow:
        assert await uow.grids.members() == [other, first, second]
        assert await uow.grids.members_of("gd-1") == [first, second]


async def test_members_stay_when_their_grid_is_saved_again(open_uow: OpenUow) -> None:
    await _save(open_uow, a_grid())
    async with open_uow() as uow:
        await uow.grids.save_members([a_member()])
        await uow.grids.save_all([a_grid(name="新的网格")])
        await uow.commit()
    async with open_uow() as uow:
        assert await uow.grids.members() == [a_member()]


@pytest.mark.parametrize("members", [[a_member(grid_code="gd-9")], [a_member(), a_member(role=GridRole.MEMBER)]])
async def test_members_belong_to_a_grid_and_each_once(open_uow: OpenUow, members: list[object]) -> None:
    await _save(open_uow, a_grid())
    async with open_uow() as uow:
        with pytest.raises(IntegrityError):
            await uow.grids.save_members(members)  # type: ignore[arg-type]


async def test_rosters_come_back_as_saved_and_are_replaced_by_code(open_uow: OpenUow) -> None:
    async with open_uow() as uow:
        await uow.grids.save_rosters([a_roster(code="rs-2"), a_roster()])
        await uow.commit()
    changed = a_roster(
        pattern=Pattern.THREE_CREWS,
        starts_on=date(2027, 1, 1),
        change_at=time(20),
        crews=(("甲",), ("乙", "丙"), ("丁",)),
    )
    async with open_uow() as uow:
        await uow.grids.save_rosters([changed])
        await uow.commit()
    async with open_uow() as uow:
        assert await uow.grids.rosters() == [changed, a_roster(code="rs-2")]
