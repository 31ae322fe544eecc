"""From a shared position or a named area to neighbourhood and grid, or to the choice that is left."""

import math

import prcoords
import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.core.errors import BadPosition, NotFound
from community.core.grids import Grid
from community.services.geometry import METRES
from community.services.locate import CoordinateSystem, Located, locate_area, locate_point, to_wgs84, whereabouts
from community.services.ports import UnitOfWork
from tests.fakes.makers import OpenUow, a_draft, a_grid, square
from tests.unit.services.imported import NewMemory, run

WGS84, GCJ02 = CoordinateSystem.WGS84, CoordinateSystem.GCJ02
METRE_NORTH = 1 / METRES
METRE_EAST = METRE_NORTH / math.cos(math.radians(31.36))

# 桂花苑 lies at 121.2557, 31.3636; its zone 望湖片区 holds four more; 翠竹苑 is one of four in 沙浦片区.
WIDE = square(121.24, 31.35, 0.03)
ZONE = a_grid(code="gd-zone", area_code="zn-wanghu", polygon=WIDE)
OWN = a_grid(code="gd-own", area_code="nb-guihuayuan", polygon=square(121.25, 31.36))
NEXT = a_grid(code="gd-next", area_code="nb-meiyuan", polygon=square(121.26, 31.36))


def _storage(new_memory: NewMemory, *grids: Grid) -> OpenUow:
    async def save(uow: UnitOfWork) -> None:
        await uow.grids.save_all(grids)
        await uow.commit()

    open_uow = new_memory()
    run(open_uow, save)
    return open_uow


def _at(open_uow: OpenUow, longitude: float, latitude: float) -> Located:
    return run(open_uow, lambda uow: locate_point(uow, longitude, latitude))


def _of(open_uow: OpenUow, area_code: str) -> Located:
    return run(open_uow, lambda uow: locate_area(uow, area_code))


def test_a_wechat_position_is_moved_to_where_it_is() -> None:
    """The pair is published with several converters."""
    longitude, latitude = to_wgs84(121.531541859215, 31.17530398364597, GCJ02)
    assert (longitude, latitude) == pytest.approx((121.5272106, 31.1774276), abs=1e-7)


@given(longitude=st.floats(74, 134), latitude=st.floats(18, 53))
def test_the_way_back_from_gcj02_is_right_to_the_centimetre(longitude: float, latitude: float) -> None:
    shifted = prcoords.wgs_gcj((latitude, longitude))
    back_longitude, back_latitude = to_wgs84(shifted.lon, shifted.lat, GCJ02)
    assert math.hypot(back_longitude - longitude, back_latitude - latitude) * METRES < 0.01


@pytest.mark.parametrize("system", CoordinateSystem)
def test_what_needs_no_moving(system: CoordinateSystem) -> None:
    assert to_wgs84(2.35, 48.86, system) == (2.35, 48.86)
    assert to_wgs84(121.25, 31.36, WGS84) == (121.25, 31.36)


NOWHERE = [(181.0, 31.0), (121.0, -90.1), (31.36, 121.25), (math.nan, 31.0), (121.0, math.inf)]


@pytest.mark.parametrize(("longitude", "latitude"), NOWHERE)
def test_nowhere_on_earth(new_memory: NewMemory, longitude: float, latitude: float) -> None:
    with pytest.raises(BadPosition):
        to_wgs84(longitude, latitude, GCJ02)
    with pytest.raises(BadPosition):
        _at(_storage(new_memory, ZONE), longitude, latitude)


def test_no_grid_anywhere(new_memory: NewMemory) -> None:
    open_uow = _storage(new_memory)
    assert _at(open_uow, 121.255, 31.365) == Located(None, None)
    assert _of(open_uow, "nb-guihuayuan") == Located("nb-guihuayuan", None)


def test_in_the_grid_of_a_neighbourhood(new_memory: NewMemory) -> None:
    assert _at(_storage(new_memory, OWN, NEXT), 121.2555, 31.3655) == Located("nb-guihuayuan", "gd-own")


def test_the_lowest_of_grids_above_each_other(new_memory: NewMemory) -> None:
    assert _at(_storage(new_memory, ZONE, OWN), 121.2555, 31.3655) == Located("nb-guihuayuan", "gd-own")


def test_in_the_grid_of_a_building_group(new_memory: NewMemory) -> None:
    group = a_grid(code="gd-group", area_code="bg-guihuayuan-1", polygon=square(121.255, 31.365, 0.001))
    assert _at(_storage(new_memory, OWN, group), 121.2555, 31.3655) == Located("nb-guihuayuan", "gd-group")


def test_in_a_grid_of_several_neighbourhoods_the_nearest_is_offered_first(new_memory: NewMemory) -> None:
    located = _at(_storage(new_memory, ZONE), 121.2460, 31.3625)
    assert (located.area_code, located.grid_code) == (None, "gd-zone")
    assert located.candidates[:2] == ("nb-hejiaxincun", "nb-wanghumingdi")
    assert len(located.candidates) == 5


def test_a_neighbourhood_with_a_grid_of_its_own_is_no_choice_in_its_zone(new_memory: NewMemory) -> None:
    located = _at(_storage(new_memory, ZONE, OWN), 121.2460, 31.3625)
    assert "nb-guihuayuan" not in located.candidates
    assert len(located.candidates) == 4


@pytest.mark.parametrize("metres", [-0.4, 0, 0.4])
def test_on_the_border_both_sides_are_offered(new_memory: NewMemory, metres: float) -> None:
    located = _at(_storage(new_memory, OWN, NEXT), 121.26 + metres * METRE_EAST, 31.3636)
    assert located == Located(None, None, ("nb-guihuayuan", "nb-meiyuan"))


@pytest.mark.parametrize(("metres", "grid"), [(-3, "gd-own"), (3, "gd-next")])
def test_beside_the_border_one_side_counts(new_memory: NewMemory, metres: float, grid: str) -> None:
    assert _at(_storage(new_memory, OWN, NEXT), 121.26 + metres * METRE_EAST, 31.3636).grid_code == grid


@pytest.mark.parametrize(("metres", "grid"), [(45, "gd-own"), (55, None)])
def test_a_little_outside_the_nearest_grid_counts(new_memory: NewMemory, metres: float, grid: str | None) -> None:
    open_uow = _storage(new_memory, OWN, NEXT)
    assert _at(open_uow, 121.255, 31.36 - metres * METRE_NORTH).grid_code == grid
    assert _at(open_uow, 121.25 - metres * METRE_EAST, 31.365).grid_code == grid


def test_outside_between_two_grids(new_memory: NewMemory) -> None:
    gap = a_grid(code="gd-gap", area_code="nb-meiyuan", polygon=square(121.26 + 40 * METRE_EAST, 31.36))
    located = _at(_storage(new_memory, OWN, gap), 121.26 + 20 * METRE_EAST, 31.365)
    assert (located.grid_code, set(located.candidates)) == (None, {"nb-guihuayuan", "nb-meiyuan"})


def test_between_two_grids_of_one_neighbourhood_only_the_grid_is_open(new_memory: NewMemory) -> None:
    east = a_grid(code="gd-east", area_code="nb-guihuayuan", polygon=square(121.26, 31.36))
    assert _at(_storage(new_memory, OWN, east), 121.26, 31.365) == Located("nb-guihuayuan", None)


def test_a_grid_whose_area_is_gone_is_as_good_as_none(new_memory: NewMemory) -> None:
    open_uow = _storage(new_memory, a_grid(area_code="nb-gone"))
    assert _at(open_uow, 121.255, 31.365) == Located(None, None)


AREAS = [
    ("nb-guihuayuan", Located("nb-guihuayuan", "gd-own")),
    ("bg-guihuayuan-1", Located("nb-guihuayuan", "gd-own")),
    ("nb-hejiaxincun", Located("nb-hejiaxincun", "gd-zone")),
    ("nb-wentingyuan", Located("nb-wentingyuan", None)),
    ("zn-wenting", Located(None, None, ("nb-wentingyuan", "nb-baiheyuan"))),
]


@pytest.mark.parametrize(("area_code", "located"), AREAS)
def test_a_named_area(new_memory: NewMemory, area_code: str, located: Located) -> None:
    assert _of(_storage(new_memory, ZONE, OWN), area_code) == located


def test_a_named_zone_leaves_a_choice_within_its_grid(new_memory: NewMemory) -> None:
    located = _of(_storage(new_memory, ZONE), "zn-wanghu")
    assert (located.grid_code, len(located.candidates)) == ("gd-zone", 5)


def test_of_two_grids_of_a_zone_the_one_where_the_neighbourhood_stands(new_memory: NewMemory) -> None:
    west = a_grid(code="gd-west", area_code="zn-wanghu", polygon=square(121.24, 31.36))
    east = a_grid(code="gd-east", area_code="zn-wanghu", polygon=square(121.25, 31.36))
    open_uow = _storage(new_memory, west, east)
    assert _of(open_uow, "bg-guihuayuan-2") == Located("nb-guihuayuan", "gd-east")
    assert _of(open_uow, "nb-hejiaxincun") == Located("nb-hejiaxincun", "gd-west")
    assert _of(open_uow, "nb-yinxingfang") == Located("nb-yinxingfang", None), "farther from both"


def test_an_unknown_area(new_memory: NewMemory) -> None:
    with pytest.raises(NotFound):
        _of(_storage(new_memory), "nb-nowhere")


def test_a_report_with_a_position_alone_goes_to_the_nearest_neighbourhood(new_memory: NewMemory) -> None:
    """Another system has nobody to ask which of the zone's five it was."""
    open_uow = _storage(new_memory, ZONE)
    here = a_draft(area_code=None, longitude=121.2557, latitude=31.3636)
    named = a_draft(area_code="nb-meiyuan", longitude=121.2557, latitude=31.3636)
    assert run(open_uow, lambda uow: whereabouts(uow, here)) == ("nb-guihuayuan", "gd-zone")
    assert run(open_uow, lambda uow: whereabouts(uow, named)) == ("nb-meiyuan", "gd-zone")
    nowhere = a_draft(area_code=None, longitude=2.35, latitude=48.85)
    assert run(open_uow, lambda uow: whereabouts(uow, nowhere)) == (None, None)
