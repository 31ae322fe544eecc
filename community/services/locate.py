"""From a position or an area to the neighbourhood a case belongs to, and the grid that looks after it."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import prcoords

from community.core.areas import Area, Areas, Level
from community.core.cases import CaseDraft
from community.core.errors import BadPosition
from community.core.grids import Grid
from community.services.geometry import distances, is_on_earth
from community.services.ports import UnitOfWork

NEAR = 50.0  # metres outside all grids that telephones may be wrong by
SAME = 1.0  # metres: who is as near to two grids stands on their border


class CoordinateSystem(StrEnum):
    """Telegram says WGS-84; WeChat and the Chinese maps say GCJ-02, which lies some 500 metres off."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"


@dataclass(frozen=True)
class Located:
    """`candidates` are the neighbourhoods to choose from while there is no `area_code`, the likeliest first."""

    area_code: str | None
    grid_code: str | None
    candidates: tuple[str, ...] = ()


def to_wgs84(longitude: float, latitude: float, system: CoordinateSystem) -> tuple[float, float]:
    """Longitude and latitude in degrees; GCJ-02 leaves the world outside China as it is. Raises BadPosition."""
    if not is_on_earth(longitude, latitude):
        raise BadPosition(f"{longitude}, {latitude}")
    position = prcoords.Coords(latitude, longitude)
    if system is CoordinateSystem.GCJ02 and prcoords.sanity_in_china_p(position):
        position = prcoords.gcj_wgs_bored(position)
    return float(position.lon), float(position.lat)


async def locate_point(uow: UnitOfWork, longitude: float, latitude: float) -> Located:
    """What lies at these degrees in WGS-84, or at most 50 metres off; all empty where there is no grid.

    On the border of two grids, or in a grid of several neighbourhoods, these are the candidates. Raises BadPosition.
    """
    if not is_on_earth(longitude, latitude):
        raise BadPosition(f"{longitude}, {latitude}")
    areas, grids = uow.reference.areas, await _known_grids(uow)
    here = _grids_at(grids, areas, longitude, latitude)
    return _located(sorted(_choices(areas, here, grids), key=_nearness(areas, longitude, latitude)), here)


async def locate_area(uow: UnitOfWork, area_code: str) -> Located:
    """What a named area means: above the neighbourhoods it leaves a choice of them. Raises NotFound."""
    areas, area = uow.reference.areas, uow.reference.areas[area_code]
    return _located(_neighbourhoods(areas, area), _grids_of(await _known_grids(uow), areas, area))


async def whereabouts(uow: UnitOfWork, draft: CaseDraft) -> tuple[str | None, str | None]:
    """Neighbourhood and grid of a report: what was named counts, a position fills in what was not.

    Who could choose has chosen by now, so of several neighbourhoods around a position the nearest is taken.
    """
    found = Located(None, None)
    if draft.longitude is not None and draft.latitude is not None:
        found = await locate_point(uow, draft.longitude, draft.latitude)
        nearest = next(iter(found.candidates), None)
        return draft.area_code or found.area_code or nearest, found.grid_code
    if draft.area_code and draft.area_code in uow.reference.areas:
        found = await locate_area(uow, draft.area_code)
    return draft.area_code or found.area_code, found.grid_code


async def _known_grids(uow: UnitOfWork) -> list[Grid]:
    """Without those whose area a release has dropped."""
    return [grid for grid in await uow.grids.all() if grid.area_code in uow.reference.areas]


def _located(choices: Sequence[str], grids: Sequence[Grid]) -> Located:
    grid_code = grids[0].code if len(grids) == 1 else None
    return Located(choices[0], grid_code) if len(choices) == 1 else Located(None, grid_code, tuple(choices))


def _choices(areas: Areas, here: Sequence[Grid], grids: Sequence[Grid]) -> set[str]:
    """The neighbourhoods that these grids look after; one with a grid of its own is not its zone's."""
    with_own = {grid.area_code for grid in grids if grid not in here}
    held = {code for grid in here for code in _neighbourhoods(areas, areas[grid.area_code])}
    return held - with_own if any(areas[grid.area_code].level < Level.NEIGHBOURHOOD for grid in here) else held


def _grids_at(grids: Sequence[Grid], areas: Areas, longitude: float, latitude: float) -> list[Grid]:
    """The grids of the lowest level there; several where their borders meet."""
    away = distances([grid.polygon for grid in grids], longitude, latitude)
    measured = list(zip(grids, away, strict=True))
    within = [grid for grid, metres in measured if metres <= SAME]
    found = within or _nearest(measured)
    lowest = max((areas[grid.area_code].level for grid in found), default=None)
    return [grid for grid in found if areas[grid.area_code].level is lowest]


def _nearest(measured: Sequence[tuple[Grid, float]]) -> list[Grid]:
    nearest = min((metres for _, metres in measured), default=math.inf)
    return [grid for grid, metres in measured if metres <= nearest + SAME] if nearest <= NEAR else []


def _grids_of(grids: Sequence[Grid], areas: Areas, area: Area) -> list[Grid]:
    """Its own grid, else that of the area it lies in; of several those where it stands on the map."""
    for place in (area, *areas.ancestors(area.code)):
        if own := [grid for grid in grids if grid.area_code == place.code]:
            point = _point(areas, area)
            return _grids_at(own, areas, *point) if point and len(own) > 1 else own
    return []


def _point(areas: Areas, area: Area) -> tuple[float, float] | None:
    """Where a neighbourhood is, or the one a building group lies in; what lies above is too wide for a point."""
    held = _neighbourhoods(areas, area)
    return areas[held[0]].point if len(held) == 1 else None


def _neighbourhoods(areas: Areas, area: Area) -> list[str]:
    """Those it holds, or the one it is or lies in."""
    if area.level < Level.NEIGHBOURHOOD:
        return [code for code in areas.neighbourhoods if areas.within(code, area.code)]
    return [place.code for place in (area, *areas.ancestors(area.code)) if place.level is Level.NEIGHBOURHOOD]


def _nearness(areas: Areas, longitude: float, latitude: float) -> Callable[[str], tuple[float, str]]:
    """A key to sort neighbourhoods by; what has no place on the map comes last."""
    narrow = math.cos(math.radians(latitude))

    def key(code: str) -> tuple[float, str]:
        point = areas[code].point
        away = math.hypot((point[0] - longitude) * narrow, point[1] - latitude) if point else math.inf
        return away, code

    return key
