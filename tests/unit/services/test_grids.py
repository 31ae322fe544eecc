"""Grids come in whole or not at all, and go out as they came."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from community.core.grids import Grid, GridKind
from community.services.grids import export_grids, import_grids
from community.services.imports import ImportReport
from community.services.ports import UnitOfWork
from tests.fakes.makers import OpenUow, a_grid, a_roster, square
from tests.unit.services.imported import NewMemory, feature, geojson, names, reasons, run


async def _import(open_uow: OpenUow, text: str) -> ImportReport:
    async with open_uow() as uow:
        return await import_grids(uow, text)


async def _stored(open_uow: OpenUow) -> list[Grid]:
    async with open_uow() as uow:
        return await uow.grids.all()


async def test_grids_come_in(open_uow: OpenUow) -> None:
    async with open_uow() as uow:
        await uow.grids.save_rosters([a_roster()])
        await uow.commit()
    text = geojson(feature(), feature(square(121.3, 31.3), code="gd-2", kind="mixed", roster_code="rs-1", colour="red"))
    assert await _import(open_uow, "\ufeff" + text) == ImportReport(2)
    second = a_grid(code="gd-2", polygon=square(121.3, 31.3), kind=GridKind.MIXED, roster_code="rs-1")
    assert await _stored(open_uow) == [a_grid(), second]


async def test_a_grid_is_replaced_by_its_code_and_the_others_stay(open_uow: OpenUow) -> None:
    await _import(open_uow, geojson(feature(), feature(square(121.3, 31.3), code="gd-2")))
    assert await _import(open_uow, geojson(feature(square(121.255, 31.36), name="新名字"))) == ImportReport(1)
    changed = a_grid(name="新名字", polygon=square(121.255, 31.36))
    assert await _stored(open_uow) == [changed, a_grid(code="gd-2", polygon=square(121.3, 31.3))]


async def test_nothing_is_written_beside_an_error(open_uow: OpenUow) -> None:
    report = await _import(open_uow, geojson(feature(), feature(square(121.3, 31.3), code="gd-2", kind="wild")))
    assert report.written == 0
    assert reasons(report) == [(2, "kind", "import_not_a_choice")]
    assert await _stored(open_uow) == []


BROKEN_FILES = ["", "{", "[]", "null", '{"type": "Feature"}', '{"type": "FeatureCollection"}', "[" * 100_000]
BROKEN_FILES += ['{"type": "FeatureCollection", "features": {}}', '{"features": []}']


@pytest.mark.parametrize("text", BROKEN_FILES)
def test_what_is_no_collection_of_features(new_memory: NewMemory, text: str) -> None:
    report = run(new_memory(), lambda uow: import_grids(uow, text))
    assert reasons(report) == [(0, "", "import_not_geojson")]


BAD_FEATURES: list[tuple[object, list[tuple[str, str]]]] = [
    (feature(code=""), [("code", "import_missing")]),
    (feature(code=None), [("code", "import_missing")]),
    (feature(code=7), [("code", "import_not_text")]),
    (feature(code=["gd-1"]), [("code", "import_not_text")]),
    (feature(name=" \u0000\ud800"), [("name", "import_missing")]),
    (feature(name="长" * 65), [("name", "import_too_long")]),
    (feature(kind="URBAN"), [("kind", "import_not_a_choice")]),
    (feature(area_code="nb-nowhere"), [("area_code", "import_area_unknown")]),
    (feature(area_code="rd-linhelu"), [("area_code", "import_area_unknown")]),
    (feature(roster_code="rs-9"), [("roster_code", "import_roster_unknown")]),
    (feature({"type": "Point", "coordinates": [121, 31]}), [("geometry", "grid_geometry_type")]),
    (feature(square(31, 121)), [("geometry", "grid_point_out_of_range")]),
    (
        {"type": "Feature"},
        [
            ("code", "import_missing"),
            ("name", "import_missing"),
            ("kind", "import_missing"),
            ("area_code", "import_missing"),
            ("geometry", "grid_geometry_type"),
        ],
    ),
]


@pytest.mark.parametrize(("bad", "expected"), BAD_FEATURES)
def test_each_thing_that_is_wrong_with_a_feature(
    new_memory: NewMemory, bad: object, expected: list[tuple[str, str]]
) -> None:
    report = run(new_memory(), lambda uow: import_grids(uow, geojson(bad)))
    assert reasons(report) == [(1, *reason) for reason in expected]


@pytest.mark.parametrize("bad", [None, 7, "feature", [], {"properties": 7}])
def test_what_is_no_feature_lacks_everything(new_memory: NewMemory, bad: object) -> None:
    report = run(new_memory(), lambda uow: import_grids(uow, geojson(bad)))
    assert len(reasons(report)) == 5


def test_all_rows_are_looked_at_and_told_in_order(new_memory: NewMemory) -> None:
    text = geojson(
        feature(kind=""), feature(), feature(), feature(name="", code="gd-4"), feature(area_code="x", code="c")
    )
    report = run(new_memory(), lambda uow: import_grids(uow, text))
    assert reasons(report) == [
        (1, "kind", "import_missing"),
        (2, "code", "grid_code_repeated"),
        (3, "code", "grid_code_repeated"),
        (4, "name", "import_missing"),
        (5, "area_code", "import_area_unknown"),
    ]
    assert report.errors[1].values == {"row": 1}


def test_overlaps_within_the_file_are_told_at_the_later_one(new_memory: NewMemory) -> None:
    text = geojson(feature(), feature(square(121.255, 31.36), code="gd-2"), feature(square(121.28, 31.36), code="gd-3"))
    report = run(new_memory(), lambda uow: import_grids(uow, text))
    assert reasons(report) == [(2, "geometry", "grid_overlaps")]
    assert report.errors[0].values["code"] == "gd-1"


async def test_overlaps_with_what_is_stored(open_uow: OpenUow) -> None:
    await _import(open_uow, geojson(feature()))
    report = await _import(open_uow, geojson(feature(square(121.255, 31.36), code="gd-0")))
    assert reasons(report) == [(1, "geometry", "grid_overlaps")]
    assert await _stored(open_uow) == [a_grid()]


async def test_grids_of_different_levels_lie_above_each_other(open_uow: OpenUow) -> None:
    text = geojson(feature(), feature(square(121.24, 31.35, 0.04), code="gd-2", area_code="zn-wanghu"))
    assert await _import(open_uow, text) == ImportReport(2)


async def test_two_grids_may_change_places(open_uow: OpenUow) -> None:
    here, there = square(121.25, 31.36), square(121.3, 31.36)
    await _import(open_uow, geojson(feature(here), feature(there, code="gd-2")))
    assert await _import(open_uow, geojson(feature(there), feature(here, code="gd-2"))) == ImportReport(2)


async def test_a_stored_grid_whose_area_is_gone_is_in_nobodys_way(open_uow: OpenUow) -> None:
    async with open_uow() as uow:
        await uow.grids.save_all([a_grid(code="gd-old", area_code="nb-gone")])
        await uow.commit()
    assert await _import(open_uow, geojson(feature())) == ImportReport(1)


async def test_the_export_is_geojson_that_can_be_read(open_uow: OpenUow) -> None:
    async with open_uow() as uow:
        assert json.loads(await export_grids(uow)) == {"type": "FeatureCollection", "features": []}
    await _import(open_uow, geojson(feature()))
    async with open_uow() as uow:
        [exported] = json.loads(await export_grids(uow))["features"]
    assert exported == feature(roster_code="")


cells = st.tuples(st.integers(0, 9), st.integers(0, 9))
sizes = st.floats(1e-4, 0.01)


@st.composite
def many_grids(draw: st.DrawFn) -> list[Grid]:
    """Each in a cell of its own of a lattice a hundredth of a degree wide."""
    places = draw(st.lists(cells, unique=True, max_size=8))
    codes = draw(st.lists(names, unique=True, min_size=len(places), max_size=len(places)))
    return [
        Grid(
            code=code,
            name=draw(names),
            kind=draw(st.sampled_from(GridKind)),
            area_code=draw(st.sampled_from(["tn-linhejiedao", "zn-wanghu", "nb-guihuayuan", "bg-guihuayuan-1"])),
            polygon=square(121 + x / 100, 31 + y / 100, draw(sizes)),
            roster_code=draw(st.sampled_from(["", "rs-1"])),
        )
        for code, (x, y) in zip(codes, places, strict=True)
    ]


@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow])
@given(grids=many_grids())
def test_what_goes_out_comes_in_again(new_memory: NewMemory, grids: list[Grid]) -> None:
    here, there = new_memory(), new_memory()
    run(there, _save_roster)
    run(here, lambda uow: _save(uow, grids))
    exported = run(here, export_grids)
    assert run(there, lambda uow: import_grids(uow, exported)) == ImportReport(len(grids))
    assert run(there, lambda uow: uow.grids.all()) == sorted(grids, key=lambda grid: grid.code)
    assert run(there, export_grids) == exported


async def _save(uow: UnitOfWork, grids: list[Grid]) -> None:
    await uow.grids.save_all(grids)
    await uow.commit()


async def _save_roster(uow: UnitOfWork) -> None:
    await uow.grids.save_rosters([a_roster()])
    await uow.commit()
