"""Members come in grid by grid, whole or not at all."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from community.core.grids import GridMember, GridRole
from community.services.grid_members import export_members, import_members
from community.services.imports import ImportReport
from community.services.ports import UnitOfWork
from tests.fakes.makers import OpenUow, a_grid, a_member
from tests.unit.services.imported import NewMemory, names, reasons, run

HEADING = "grid_code,name,role,service\n"
GRIDS = ("gd-1", "gd-2")


async def _save_grids(uow: UnitOfWork) -> None:
    await uow.grids.save_all([a_grid(code=code) for code in GRIDS])
    await uow.commit()


async def test_members_come_in_and_replace_those_of_their_grid(open_uow: OpenUow) -> None:
    async with open_uow() as uow:
        await _save_grids(uow)
    rows = ("\ufeff service ,name,role,grid_code,telephone", "police,陈志远,manager_1,gd-1,", ",,,,")
    text = "\r\n".join([*rows, "fire, 安 ,member,gd-2,1"])
    async with open_uow() as uow:
        assert await import_members(uow, text) == ImportReport(2)
    async with open_uow() as uow:
        assert await import_members(uow, HEADING + "gd-1,周敏,manager_2,property\n") == ImportReport(1)
    async with open_uow() as uow:
        assert await uow.grids.members() == [
            a_member(name="周敏", role=GridRole.MANAGER_2, service="property"),
            a_member(grid_code="gd-2", name="安", role=GridRole.MEMBER, service="fire"),
        ]


async def test_nothing_is_written_beside_an_error(open_uow: OpenUow) -> None:
    async with open_uow() as uow:
        await _save_grids(uow)
    async with open_uow() as uow:
        report = await import_members(uow, HEADING + "gd-1,周敏,manager_2,property\ngd-1,陈志远,manager_2,cooks\n")
    assert (report.written, reasons(report)) == (0, [(3, "service", "import_not_a_choice")])
    async with open_uow() as uow:
        assert await uow.grids.members() == []


BAD = [
    ("", [(0, column, "import_column_missing") for column in ("grid_code", "name", "role", "service")]),
    ("grid_code,name,role\n", [(0, "service", "import_column_missing")]),
    (HEADING + "gd-9,周敏,member,police\n", [(2, "grid_code", "import_grid_unknown")]),
    (HEADING + "gd-1,,member,police\n", [(2, "name", "import_missing")]),
    (HEADING + f"gd-1,{'长' * 65},member,police\n", [(2, "name", "import_too_long")]),
    (HEADING + "gd-1,周敏,boss,\n", [(2, "role", "import_not_a_choice"), (2, "service", "import_missing")]),
    (HEADING + "gd-1,周敏,member\n", [(2, "", "import_row_uneven")]),
    (HEADING + "gd-1,周敏,member,police,x\n\ngd-1,周\n", [(2, "", "import_row_uneven"), (4, "", "import_row_uneven")]),
    (HEADING + f'gd-1,"{"长" * 200_000}",member,police\n', [(2, "", "import_csv_broken")]),
    (
        HEADING + "gd-1,周敏,member,police\ngd-2,周敏,member,police\ngd-1, 周敏,manager_1,fire\n",
        [(4, "name", "import_member_repeated")],
    ),
]


@pytest.mark.parametrize(("text", "expected"), BAD)
def test_each_thing_that_is_wrong(new_memory: NewMemory, text: str, expected: list[tuple[int, str, str]]) -> None:
    open_uow = new_memory()
    run(open_uow, _save_grids)
    assert reasons(run(open_uow, lambda uow: import_members(uow, text))) == expected


@st.composite
def many_members(draw: st.DrawFn) -> list[GridMember]:
    keys = draw(st.lists(st.tuples(st.sampled_from(GRIDS), names), unique=True, max_size=10))
    services = st.sampled_from(["police", "property", "fire"])
    return [GridMember(grid, name, draw(st.sampled_from(GridRole)), draw(services)) for grid, name in keys]


@settings(max_examples=50)
@given(members=many_members())
def test_what_goes_out_comes_in_again(new_memory: NewMemory, members: list[GridMember]) -> None:
    here, there = new_memory(), new_memory()
    for open_uow in (here, there):
        run(open_uow, _save_grids)
    run(here, lambda uow: _save(uow, members))
    exported = run(here, export_members)
    assert run(there, lambda uow: import_members(uow, exported)) == ImportReport(len(members))
    assert run(there, lambda uow: uow.grids.members()) == run(here, lambda uow: uow.grids.members())


async def _save(uow: UnitOfWork, members: list[GridMember]) -> None:
    await uow.grids.save_members(members)
    await uow.commit()
