"""Grids in and out as GeoJSON."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from community.core.areas import Areas, Level
from community.core.grids import Grid, GridKind
from community.services.geometry import overlaps, read_polygon
from community.services.imports import (
    ImportReport,
    Row,
    RowError,
    known,
    one_of,
    optional_text,
    refuse_repeated,
    refused,
    text,
)
from community.services.ports import UnitOfWork


async def import_grids(uow: UnitOfWork, geojson_text: str) -> ImportReport:
    """Takes in a FeatureCollection, each feature in the place of the grid with its code: all of them or none.

    A feature has a Polygon or MultiPolygon and the properties code, name, kind and area_code; it may have a
    roster_code. Area and roster must be known; grids of one level may not overlap, those already stored included.
    """
    errors: list[RowError] = []
    rows = _features(geojson_text, errors)
    rosters = {roster.code for roster in await uow.grids.rosters()}
    grids = {row.number: grid for row in rows if (grid := _grid(row, uow.reference.areas, rosters))}
    refuse_repeated(rows, ["code"], "grid_code_repeated")
    new = {grids[row.number].code: row for row in rows if row.number in grids}
    kept = [grid for grid in await uow.grids.all() if grid.code not in new]
    _refuse_overlaps([*kept, *grids.values()], new, uow.reference.areas)
    if errors:
        return refused(errors)
    await uow.grids.save_all(list(grids.values()))
    await uow.commit()
    return ImportReport(len(grids))


def _features(geojson_text: str, errors: list[RowError]) -> list[Row]:
    features = _feature_list(geojson_text)
    if features is None:
        errors.append(RowError(0, "", "import_not_geojson"))
    return [Row(number, _values(feature), errors) for number, feature in enumerate(features or (), 1)]


def _feature_list(geojson_text: str) -> list[Any] | None:
    try:
        content = json.loads(geojson_text.removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        return None
    is_collection = isinstance(content, dict) and content.get("type") == "FeatureCollection"
    features = content.get("features") if is_collection else None
    return features if isinstance(features, list) else None


def _values(feature: object) -> dict[str, object]:
    """What is no feature has no values, and is refused for lacking them."""
    members = feature if isinstance(feature, dict) else {}
    properties = members.get("properties")
    return {**(properties if isinstance(properties, dict) else {}), "geometry": members.get("geometry")}


def _grid(row: Row, areas: Areas, rosters: Collection[str]) -> Grid | None:
    code, name = row.take("code", text), row.take("name", text)
    kind = row.take("kind", one_of(GridKind))
    area_code = row.take("area_code", known(areas.all, "import_area_unknown"))
    has_roster = row.take("roster_code", optional_text)
    roster_code = row.take("roster_code", known(rosters, "import_roster_unknown")) if has_roster else ""
    polygon = row.take("geometry", read_polygon)
    return Grid(code, name, GridKind(kind), area_code, polygon, roster_code) if row.is_fine else None


def _refuse_overlaps(grids: Iterable[Grid], new: Mapping[str, Row], areas: Areas) -> None:
    """Notes the later one of each two; stored grids stand first in `grids`, and have long been let in."""
    levels: defaultdict[Level, dict[str, Mapping[str, Any]]] = defaultdict(dict)
    for grid in grids:
        if area := areas.all.get(grid.area_code):  # a release may drop the area of a stored one
            levels[area.level][grid.code] = grid.polygon
    for polygons in levels.values():
        for earlier, later, shared in overlaps(polygons):
            if row := new.get(later):
                row.refuse("geometry", "grid_overlaps", code=earlier, square_metres=round(shared))


async def export_grids(uow: UnitOfWork) -> str:
    """All grids as import_grids takes them, a feature a line."""
    features = [json.dumps(_feature(grid), ensure_ascii=False) for grid in await uow.grids.all()]
    return '{"type": "FeatureCollection", "features": [\n' + ",\n".join(features) + "\n]}\n"


def _feature(grid: Grid) -> dict[str, Any]:
    properties = {
        "code": grid.code,
        "name": grid.name,
        "kind": grid.kind.value,
        "area_code": grid.area_code,
        "roster_code": grid.roster_code,
    }
    return {"type": "Feature", "properties": properties, "geometry": grid.polygon}
