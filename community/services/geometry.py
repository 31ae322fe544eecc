"""Polygons on the map: whether one from a file can be a grid's, and which of them overlap. All in WGS-84 degrees."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import shapely
from shapely.geometry import shape

from community.core.errors import ValueRefused

METRES = 111_320.0  # a degree of latitude, and of longitude at the equator
SLIVER = 100.0  # square metres that two neighbours may share, since borders are drawn by hand

_TYPES = ("Polygon", "MultiPolygon")
_REASONS = {"self-intersection": "grid_border_crosses", "hole lies outside": "grid_hole_outside"}


def read_polygon(value: object) -> dict[str, Any]:
    """The GeoJSON geometry, heights left out. Raises ValueRefused with the first thing that is wrong with it."""
    if not isinstance(value, dict) or value.get("type") not in _TYPES:
        raise ValueRefused("grid_geometry_type")
    parts = [value.get("coordinates")] if value["type"] == "Polygon" else value.get("coordinates")
    read = [[_ring(ring) for ring in _listed(part)] for part in _listed(parts)]
    polygon = {"type": value["type"], "coordinates": read[0] if value["type"] == "Polygon" else read}
    _check_shape(polygon)
    return polygon


def _listed(value: object) -> list[Any]:
    if not isinstance(value, list) or not value:
        raise ValueRefused("grid_coordinates_malformed")
    return value


def _ring(value: object) -> list[list[float]]:
    points = [_point(point) for point in _listed(value)]
    if points[0] != points[-1]:
        raise ValueRefused("grid_ring_open", place=_words(points[0]))
    if len(points) < 4:
        raise ValueRefused("grid_ring_short", place=_words(points[0]))
    return points


def _point(value: object) -> list[float]:
    numbers = _listed(value)
    if len(numbers) < 2 or any(isinstance(number, bool) or not isinstance(number, int | float) for number in numbers):
        raise ValueRefused("grid_coordinates_malformed")
    if not is_on_earth(numbers[0], numbers[1]):
        raise ValueRefused("grid_point_out_of_range", place=_words(numbers))
    return [float(numbers[0]), float(numbers[1])]


def is_on_earth(longitude: float, latitude: float) -> bool:
    """False for NaN, too."""
    return -180 <= longitude <= 180 and -90 <= latitude <= 90


def _words(point: Sequence[object]) -> str:
    return ", ".join(str(degrees)[:20] for degrees in point[:2])


def _check_shape(polygon: Mapping[str, Any]) -> None:
    reason = shapely.is_valid_reason(shape(polygon))
    if reason == "Valid Geometry":
        return
    what, _, place = reason.rstrip("]").partition("[")
    key = next((key for word, key in _REASONS.items() if word in what.lower()), "grid_geometry_invalid")
    raise ValueRefused(key, place=", ".join(place.split()))


def overlaps(polygons: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, str, float]]:
    """Each two names whose polygons share more than a sliver, in the order given, and the square metres they share."""
    if not polygons:
        return  # shapely's tree cannot be asked about nothing
    names, shapes = list(polygons), [shape(polygon) for polygon in polygons.values()]
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    for a, b in sorted((int(a), int(b)) for a, b in zip(first, second, strict=True) if a < b):
        if (shared := square_metres(shapes[a].intersection(shapes[b]))) > SLIVER:
            yield names[a], names[b], shared


def square_metres(geometry: Any) -> float:
    """Of something small enough to be flat."""
    if geometry.is_empty:
        return 0.0
    return float(geometry.area) * METRES**2 * math.cos(math.radians(geometry.centroid.y))


def distances(polygons: Sequence[Mapping[str, Any]], longitude: float, latitude: float) -> list[float]:
    """Metres from the position to each polygon, 0 within it. Right for what is near, which is all that counts."""
    scale = [METRES * math.cos(math.radians(latitude)), METRES]
    flat = shapely.transform([shape(polygon) for polygon in polygons], lambda at: (at - [longitude, latitude]) * scale)
    return [float(metres) for metres in shapely.distance(flat, shapely.Point(0, 0))]
