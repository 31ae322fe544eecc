"""The demonstration's grids cover its neighbourhoods, and its rosters are made of its members."""

from functools import partial
from pathlib import Path

import pytest

from bot.demo_grids import load_grids
from community.core.errors import BadReferenceData
from community.core.grids import GridKind, GridRole
from community.core.rosters import Pattern
from community.services.locate import locate_area, locate_point
from community.services.ports import UnitOfWork
from community.services.reference import Reference
from tests.fakes.clock import SetClock
from tests.fakes.store import Store
from tests.fakes.uow import FakeUnitOfWork

DATA = Path(__file__).parents[2] / "data"


class Memory:
    """As much of a Storage as loading needs."""

    def __init__(self, reference: Reference) -> None:
        self.open_uow = partial(FakeUnitOfWork, Store(), SetClock(), reference)


@pytest.fixture
async def uow(reference: Reference) -> UnitOfWork:
    memory = Memory(reference)
    await load_grids(memory, DATA)  # type: ignore[arg-type]
    return memory.open_uow()


async def test_grids_of_all_kinds_and_rosters_of_all_patterns(uow: UnitOfWork) -> None:
    grids, rosters = await uow.grids.all(), await uow.grids.rosters()
    assert {grid.kind for grid in grids} == set(GridKind)
    assert {roster.pattern for roster in rosters} == set(Pattern)
    assert {grid.roster_code for grid in grids} >= {roster.code for roster in rosters}


async def test_every_neighbourhood_stands_in_the_grid_that_looks_after_it(
    uow: UnitOfWork, reference: Reference
) -> None:
    for code, area in reference.areas.neighbourhoods.items():
        named = await locate_area(uow, code)
        assert named.area_code == code
        assert area.point
        there = await locate_point(uow, *area.point)
        assert (there.grid_code, (there.area_code, *there.candidates)[:2]) == (
            named.grid_code,
            (code,) if there.area_code else (None, code),
        )


async def test_every_grid_has_three_managers_and_several_services(uow: UnitOfWork) -> None:
    for grid in await uow.grids.all():
        members = await uow.grids.members_of(grid.code)
        roles = [member.role for member in members]
        assert [roles.count(role) for role in GridRole][:3] == [1, 1, 1], grid.code
        assert len({member.service for member in members}) >= 3, grid.code


async def test_who_is_on_a_roster_works_in_its_grids(uow: UnitOfWork) -> None:
    names: dict[str, set[str]] = {}
    for grid in await uow.grids.all():
        names.setdefault(grid.roster_code, set()).update(m.name for m in await uow.grids.members_of(grid.code))
    for roster in await uow.grids.rosters():
        assert {name for crew in roster.crews for name in crew} <= names[roster.code]


async def test_wrong_data_is_not_swallowed(reference: Reference, tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "rosters.csv").write_text("code\n", encoding="utf-8")
    with pytest.raises(BadReferenceData, match=r"^rosters\.csv: "):
        await load_grids(Memory(reference), tmp_path)  # type: ignore[arg-type]
