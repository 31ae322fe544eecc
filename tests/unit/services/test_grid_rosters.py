"""Rosters come in whole or not at all; dates and times as spreadsheets write them."""

from datetime import date, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from community.core.rosters import Pattern, Roster, crew_count
from community.services.grid_rosters import export_rosters, import_rosters
from community.services.imports import ImportReport
from community.services.ports import UnitOfWork
from tests.fakes.makers import OpenUow, a_roster
from tests.unit.services.imported import NewMemory, names, reasons, run

HEADING = "code,pattern,starts_on,change_at,crews\n"
GOOD = "rs-1,two_crews,2026-11-01,08:30,陈志远;顾晓雯|唐建国\n"


async def test_rosters_come_in_and_are_replaced_by_code(open_uow: OpenUow) -> None:
    other = "rs-2,three_crews,2026/11/1,8：30, 甲 、乙 | 丙；丁|戊;\n"
    async with open_uow() as uow:
        assert await import_rosters(uow, HEADING + GOOD.replace("08:30", "20:00") + other) == ImportReport(2)
    async with open_uow() as uow:
        assert await import_rosters(uow, HEADING + GOOD) == ImportReport(1)
    crews = (("甲", "乙"), ("丙", "丁"), ("戊",))
    async with open_uow() as uow:
        assert await uow.grids.rosters() == [a_roster(), a_roster(code="rs-2", pattern="three_crews", crews=crews)]


async def test_nothing_is_written_beside_an_error(open_uow: OpenUow) -> None:
    async with open_uow() as uow:
        report = await import_rosters(uow, HEADING + GOOD + GOOD)
    assert (report.written, reasons(report)) == (0, [(3, "code", "import_code_repeated")])
    async with open_uow() as uow:
        assert await uow.grids.rosters() == []


BAD = [
    (GOOD.replace("rs-1", ""), [("code", "import_missing")]),
    (GOOD.replace("two_crews", "five_crews"), [("pattern", "import_not_a_choice")]),
    (GOOD.replace("2026-11-01", ""), [("starts_on", "import_missing")]),
    (GOOD.replace("2026-11-01", "2026-02-30"), [("starts_on", "roster_date_wrong")]),
    (GOOD.replace("2026-11-01", "11月1日"), [("starts_on", "roster_date_wrong")]),
    (GOOD.replace("2026-11-01", "0000-01-01"), [("starts_on", "roster_date_wrong")]),
    (GOOD.replace("08:30", "24:00"), [("change_at", "roster_time_wrong")]),
    (GOOD.replace("08:30", "8"), [("change_at", "roster_time_wrong")]),
    (GOOD.replace("陈志远;顾晓雯|唐建国", ""), [("crews", "roster_crew_empty")]),
    (GOOD.replace("唐建国", ";"), [("crews", "roster_crew_empty")]),
    (GOOD.replace("|唐建国", ""), [("crews", "roster_crew_count")]),
    (GOOD.replace("唐建国", "唐建国|周敏"), [("crews", "roster_crew_count")]),
    (GOOD.replace("唐建国", " 陈志远"), [("crews", "roster_person_repeated")]),
    (GOOD.replace("唐建国", "长" * 65), [("crews", "import_too_long")]),
    (
        "rs-1,x,y,z,|\n",
        [
            ("pattern", "import_not_a_choice"),
            ("starts_on", "roster_date_wrong"),
            ("change_at", "roster_time_wrong"),
            ("crews", "roster_crew_empty"),
        ],
    ),
]


@pytest.mark.parametrize(("row", "expected"), BAD)
def test_each_thing_that_is_wrong(new_memory: NewMemory, row: str, expected: list[tuple[str, str]]) -> None:
    report = run(new_memory(), lambda uow: import_rosters(uow, HEADING + row))
    assert reasons(report) == [(2, *reason) for reason in expected]


people = names.map(lambda name: "".join(c for c in name if c not in "|;；、").strip()).filter(bool)


@st.composite
def a_drawn_roster(draw: st.DrawFn, code: str) -> Roster:
    pattern = draw(st.sampled_from(Pattern))
    count = crew_count(pattern)
    everybody = draw(st.lists(people, unique=True, min_size=count, max_size=2 * count))
    crews = tuple(tuple(everybody[crew::count]) for crew in range(count))
    change_at = draw(st.times()).replace(second=0, microsecond=0)
    return Roster(code, pattern, draw(st.dates()), change_at, crews)


@st.composite
def many_rosters(draw: st.DrawFn) -> list[Roster]:
    codes = draw(st.lists(names, unique=True, max_size=4))
    return [draw(a_drawn_roster(code)) for code in codes]


@settings(max_examples=50)
@given(rosters=many_rosters())
def test_what_goes_out_comes_in_again(new_memory: NewMemory, rosters: list[Roster]) -> None:
    here, there = new_memory(), new_memory()
    run(here, lambda uow: _save(uow, rosters))
    exported = run(here, export_rosters)
    assert run(there, lambda uow: import_rosters(uow, exported)) == ImportReport(len(rosters))
    assert run(there, lambda uow: uow.grids.rosters()) == sorted(rosters, key=lambda roster: roster.code)


async def _save(uow: UnitOfWork, rosters: list[Roster]) -> None:
    await uow.grids.save_rosters(rosters)
    await uow.commit()


def test_dates_and_times_are_what_they_say(new_memory: NewMemory) -> None:
    open_uow = new_memory()
    run(open_uow, lambda uow: import_rosters(uow, HEADING + GOOD.replace("2026-11-01", "２０２６/1/9")))
    [roster] = run(open_uow, lambda uow: uow.grids.rosters())
    assert (roster.starts_on, roster.change_at) == (date(2026, 1, 9), time(8, 30))
