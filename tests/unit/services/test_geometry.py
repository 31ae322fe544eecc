"""Which geometries can be a grid's, and which overlap."""

from typing import Any

import pytest

from community.core.errors import ValueRefused
from community.services.geometry import overlaps, read_polygon
from tests.fakes.makers import square

METRE = 1 / 111_320  # in degrees of latitude


def _polygon(*rings: list[Any]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


def _ring(west: float, south: float, size: float) -> list[Any]:
    ring: list[Any] = square(west, south, size)["coordinates"][0]
    return ring


OUTER = _ring(121, 31, 1)
INNER = _ring(121.4, 31.4, 0.1)
TRIANGLE = [[121, 31], [122, 31], [121, 32], [121, 31]]


@pytest.mark.parametrize(
    "geometry",
    [
        square(121, 31),
        _polygon(TRIANGLE),
        _polygon(OUTER, INNER),
        _polygon(TRIANGLE[::-1]),  # which way round does not matter
        {"type": "MultiPolygon", "coordinates": [[_ring(121, 31, 0.1)], [_ring(122, 31, 0.1)]]},
        _polygon(_ring(-180, -90, 1)),
    ],
)
def test_what_a_grid_can_be(geometry: dict[str, Any]) -> None:
    assert read_polygon(geometry) == geometry


def test_heights_and_further_members_are_left_out() -> None:
    high = {"type": "Polygon", "bbox": [1], "coordinates": [[[*point, 4.5] for point in TRIANGLE]]}
    assert read_polygon(high) == _polygon(TRIANGLE)


POINT = {"type": "Point", "coordinates": [121, 31]}
BAD: list[tuple[object, str]] = [
    (None, "grid_geometry_type"),
    ("POLYGON((0 0))", "grid_geometry_type"),
    (POINT, "grid_geometry_type"),
    ({"type": ["Polygon"], "coordinates": [TRIANGLE]}, "grid_geometry_type"),
    ({"type": "LineString", "coordinates": TRIANGLE}, "grid_geometry_type"),
    ({"type": "Polygon"}, "grid_coordinates_malformed"),
    (_polygon(), "grid_coordinates_malformed"),
    (_polygon([]), "grid_coordinates_malformed"),
    (_polygon(OUTER, []), "grid_coordinates_malformed"),
    ({"type": "Polygon", "coordinates": TRIANGLE}, "grid_coordinates_malformed"),
    ({"type": "MultiPolygon", "coordinates": [TRIANGLE]}, "grid_coordinates_malformed"),
    (_polygon([[121], *TRIANGLE]), "grid_coordinates_malformed"),
    (_polygon([["121", "31"], *TRIANGLE]), "grid_coordinates_malformed"),
    (_polygon([[True, 31], *TRIANGLE]), "grid_coordinates_malformed"),
    (_polygon([None, *TRIANGLE]), "grid_coordinates_malformed"),
    (_polygon([[31, 121], [32, 121], [31, 122], [31, 121]]), "grid_point_out_of_range"),
    (_polygon([[181, 31], *TRIANGLE]), "grid_point_out_of_range"),
    (_polygon([[float("nan"), 31], *TRIANGLE]), "grid_point_out_of_range"),
    (_polygon([[121, float("inf")], *TRIANGLE]), "grid_point_out_of_range"),
    (_polygon([[10**400, 31], *TRIANGLE]), "grid_point_out_of_range"),
    (_polygon(TRIANGLE[:3]), "grid_ring_open"),
    (_polygon([[121, 31], [122, 31], [121, 31]]), "grid_ring_short"),
    (_polygon([[121, 31]]), "grid_ring_short"),
    (_polygon([[121, 31], [122, 32], [122, 31], [121, 32], [121, 31]]), "grid_border_crosses"),
    (_polygon([[121, 31], [123, 31], [123, 33], [122, 31], [121, 33], [121, 31]]), "grid_border_crosses"),
    ({"type": "MultiPolygon", "coordinates": [[OUTER], [_ring(121.5, 31.5, 1)]]}, "grid_border_crosses"),
    (_polygon(OUTER, _ring(121.9, 31.9, 1)), "grid_border_crosses"),
    (_polygon(OUTER, _ring(124, 34, 0.1)), "grid_hole_outside"),
    (_polygon(OUTER, INNER, _ring(121.45, 31.45, 0.01)), "grid_geometry_invalid"),
    (_polygon([[121, 31], [121, 31], [121, 31], [121, 31]]), "grid_geometry_invalid"),
]


@pytest.mark.parametrize(("geometry", "reason"), BAD)
def test_what_a_grid_cannot_be(geometry: object, reason: str) -> None:
    with pytest.raises(ValueRefused) as caught:
        read_polygon(geometry)
    assert caught.value.reason_key == reason


def test_where_a_border_crosses_itself() -> None:
    bow = _polygon([[121, 31], [122, 32], [122, 31], [121, 32], [121, 31]])
    with pytest.raises(ValueRefused) as caught:
        read_polygon(bow)
    assert caught.value.values == {"place": "121.5, 31.5"}


def test_an_overlap_is_told_in_square_metres() -> None:
    size = 100 * METRE
    [(first, second, shared)] = overlaps({"a": square(0, 0, size), "b": square(size * 0.75, 0, size)})
    assert (first, second) == ("a", "b")
    assert shared == pytest.approx(2500, rel=0.01)


def test_further_north_a_degree_of_longitude_is_shorter() -> None:
    [(_, _, shared)] = overlaps({"a": square(121, 60, 100 * METRE), "b": square(121, 60, 100 * METRE)})
    assert shared == pytest.approx(5000, rel=0.01)


def test_neighbours_may_touch_and_share_a_sliver() -> None:
    size = 100 * METRE
    for shift in (size, size * 1.5, size - 0.9 * METRE):
        assert not list(overlaps({"a": square(0, 0, size), "b": square(shift, 0, size)}))
    assert list(overlaps({"a": square(0, 0, size), "b": square(size - 1.1 * METRE, 0, size)}))


def test_each_pair_once_and_in_order() -> None:
    found = overlaps({"c": square(0, 0), "a": square(0.005, 0), "b": square(0.005, 0.005), "d": square(5, 5)})
    assert [pair[:2] for pair in found] == [("c", "a"), ("c", "b"), ("a", "b")]


def test_one_within_the_other_overlaps() -> None:
    assert len(list(overlaps({"a": square(0, 0, 0.1), "b": square(0.01, 0.01)}))) == 1
    assert not list(overlaps({}))
