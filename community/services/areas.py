"""The areas from two files: places.csv with the names that residents say, areas.csv with the levels they never name."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from community.core.areas import Area, Areas, Level
from community.core.errors import BadReferenceData
from community.services.area_tree import tree_errors
from community.services.data_files import reading

_LEVELS = {level.name.lower(): level for level in Level}
_PLACE_COLUMNS = ("code", "name", "kind", "aliases", "parent", "longitude", "latitude")
_TREE_COLUMNS = ("code", "name", "level", "parent", "also")


@dataclass(frozen=True)
class _Row:
    where: str  # places.csv:5
    values: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.values[column].strip()


@dataclass
class _Found:
    """Areas by code, the line each stands in, and all that is wrong."""

    areas: dict[str, Area] = field(default_factory=dict)
    lines: dict[str, str] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)


def load_areas(places: Path, tree: Path | None = None) -> Areas:
    """The areas of the gazetteer, and of `tree`, which adds zones and building groups and says what lies in which zone.

    Raises BadReferenceData with every wrong line of both, `file:line: reason`, one below the other.
    """
    found = _Found()
    _take_places(found, _rows(places, _PLACE_COLUMNS, found.errors))
    if tree is not None:
        _take_tree(found, _rows(tree, _TREE_COLUMNS, found.errors))
    found.errors += [f"{found.lines[code]}: {reason}" for code, reason in tree_errors(found.areas)]
    if found.errors:
        raise BadReferenceData("\n".join(found.errors))
    if not (areas := Areas(_with_towns(found.areas))).neighbourhoods:
        raise BadReferenceData(f"{places.name}: holds no neighbourhood")
    return areas


def _rows(path: Path, columns: Sequence[str], errors: list[str]) -> list[_Row]:
    """The rows that have all columns; further columns are somebody else's."""
    with reading(path), path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if missing := [column for column in columns if column not in (reader.fieldnames or columns)]:
            raise KeyError(missing[0])
        lines = [(f"{path.name}:{reader.line_num}", values) for values in reader]
    uneven = [where for where, values in lines if None in values or None in values.values()]
    errors += [f"{where}: has not as many fields as the heading" for where in uneven]
    return [_Row(where, values) for where, values in lines if where not in uneven]


def _take_places(found: _Found, rows: Iterable[_Row]) -> None:
    seen: set[str] = set()
    for row in rows:
        if reason := _code_error(row, seen) or _place_error(row):
            found.errors.append(f"{row.where}: {reason}")
        elif row["kind"] in _LEVELS:
            found.areas[row["code"]] = _area(row)
            found.lines[row["code"]] = row.where
        seen.add(row["code"])


def _code_error(row: _Row, seen: set[str]) -> str:
    if not row["code"]:
        return "has no code"
    return f"{row['code']} stands there twice" if row["code"] in seen else ""


def _place_error(row: _Row) -> str:
    if not row["name"]:
        return f"{row['code']} has no name"
    try:
        point = _point(row)
    except ValueError:
        return f"{row['code']} needs longitude and latitude as numbers, or neither"
    in_range = point is None or (-180 <= point[0] <= 180 and -90 <= point[1] <= 90)
    return "" if in_range else f"{row['code']} lies nowhere on earth"


def _point(row: _Row) -> tuple[float, float] | None:
    if not row["longitude"] and not row["latitude"]:
        return None
    return float(row["longitude"]), float(row["latitude"])


def _area(row: _Row) -> Area:
    return Area(
        code=row["code"],
        name=row["name"],
        aliases=_listed(row["aliases"]),
        level=_LEVELS[row["kind"]],
        parent=row["parent"],
        point=_point(row),
    )


def _listed(text: str) -> tuple[str, ...]:
    return tuple(filter(None, (part.strip() for part in text.split("|"))))


def _take_tree(found: _Found, rows: Iterable[_Row]) -> None:
    seen: set[str] = set()
    for row in rows:
        code = row["code"]
        known = found.areas.get(code)
        if reason := _code_error(row, seen) or _tree_row_error(row, known):
            found.errors.append(f"{row.where}: {reason}")
        else:
            area = known or Area(code, row["name"], level=_LEVELS[row["level"]])
            found.areas[code] = replace(area, parent=row["parent"], also=_listed(row["also"]))
            found.lines[code] = row.where
        seen.add(code)


def _tree_row_error(row: _Row, known: Area | None) -> str:
    code, level = row["code"], _LEVELS.get(row["level"])
    if level is None:
        return f"{code} has the unknown level {row['level']!r}"
    if known is None:
        return "" if row["name"] else f"{code} has no name"
    if known.level is not level:
        return f"{code} is a {known.level.name.lower()} in the gazetteer"
    return "" if row["name"] in ("", known.name) else f"{code} is called {known.name} in the gazetteer"


def _with_towns(found: Mapping[str, Area]) -> dict[str, Area]:
    areas = Areas(found)
    towns = {code: areas.town_of(code) for code in found}
    return {code: replace(area, town=town.name) if (town := towns[code]) else area for code, area in found.items()}
