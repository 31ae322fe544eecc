"""The data under data/ that changes with a release, not with a click: taxonomy, places, wording."""

import csv
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from community.core.areas import Area, Areas
from community.core.errors import BadReferenceData
from community.core.procedures import Procedures
from community.core.routing import Routes
from community.core.taxonomy import Service, Taxonomy, Unit
from community.core.texts import Texts
from community.services.procedures import load_procedures
from community.services.routing import load_routes


@dataclass(frozen=True)
class Reference:
    taxonomy: Taxonomy
    areas: Areas
    texts: Texts
    procedures: Procedures
    routes: Routes


def load_reference(data_dir: Path) -> Reference:
    """Raises BadReferenceData, `file: reason`, for the first file, or the procedures or routes, that are wrong."""
    taxonomy = load_taxonomy(data_dir / "taxonomy" / "services.yml")
    places = data_dir / "dictionaries" / "places.csv"
    procedures = load_procedures(data_dir / "procedures", taxonomy.services, taxonomy.units)
    return Reference(
        taxonomy=taxonomy,
        areas=load_areas(places),
        texts=load_texts(data_dir / "texts" / "zh.yml"),
        procedures=procedures,
        routes=load_routes(data_dir / "routing", taxonomy, load_area_lines(places), procedures),
    )


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    """Whatever a missing, unreadable or misshapen file raises inside is reported under the file's name."""
    try:
        yield
    except KeyError as missing:
        raise BadReferenceData(f"{path.name}: lacks {missing}") from missing
    except (OSError, ValueError, TypeError, AttributeError, csv.Error, yaml.YAMLError) as error:
        raise BadReferenceData(f"{path.name}: {error}") from error


def load_taxonomy(path: Path) -> Taxonomy:
    with _reading(path):
        content = _read_yaml(path)
        units = {code: Unit(code, name) for code, name in content["units"].items()}
        services = [_service(path, units, group, row) for group in content["groups"] for row in group["services"]]
    _refuse_duplicates(path, (service.code for service in services))
    return Taxonomy({service.code: service for service in services}, units)


def _service(path: Path, units: dict[str, Unit], group: dict[str, Any], row: dict[str, Any]) -> Service:
    if row["unit"] not in units:
        raise BadReferenceData(f"{path.name}: {row['code']} names the unknown unit {row['unit']}")
    if type(row["hours"]) is not int or row["hours"] < 1:  # True is an int, too
        raise BadReferenceData(f"{path.name}: {row['code']} needs a limit of at least one hour")
    return Service(
        code=row["code"],
        name=row["name"],
        group=group["code"],
        group_name=group["name"],
        covers=row["covers"],
        gb_code=row.get("gb", ""),
        unit=units[row["unit"]],
        resolve_hours=row["hours"],
    )


def load_areas(path: Path) -> Areas:
    """The neighbourhoods among the places of the gazetteer, each with the name of the town it lies in."""
    with _reading(path), path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
        names = {row["code"]: row["name"] for row in rows}
        areas = [_area(row, names) for row in rows if row["kind"] == "neighbourhood"]
    _refuse_duplicates(path, (row["code"] for row in rows))
    if not areas:
        raise BadReferenceData(f"{path.name}: holds no neighbourhood")
    return Areas({area.code: area for area in areas})


def _area(row: dict[str, str], names: dict[str, str]) -> Area:
    return Area(
        code=row["code"],
        name=row["name"],
        aliases=tuple(filter(None, row["aliases"].split("|"))),
        town=names.get(row["parent"], ""),
    )


def load_area_lines(path: Path) -> dict[str, tuple[str, ...]]:
    """Each place's code with those of what it lies in, the smallest first."""
    with _reading(path), path.open(encoding="utf-8", newline="") as file:
        parents = {row["code"]: row["parent"] for row in csv.DictReader(file)}
    return {code: _line(path, parents, code) for code in parents}


def _line(path: Path, parents: dict[str, str], code: str) -> tuple[str, ...]:
    line: list[str] = []
    while parent := parents.get(line[-1] if line else code):
        if parent in (code, *line):
            raise BadReferenceData(f"{path.name}: {code} lies in itself")
        line.append(parent)
    return tuple(line)


def load_texts(path: Path) -> Texts:
    with _reading(path):
        return Texts({key: text.strip() for key, text in _read_yaml(path)["texts"].items()})


def _read_yaml(path: Path) -> dict[str, Any]:
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(content, dict):
        raise BadReferenceData(f"{path.name}: is not a mapping")
    return content


def _refuse_duplicates(path: Path, codes: Iterable[str]) -> None:
    seen: set[str] = set()
    for code in codes:
        if code in seen:
            raise BadReferenceData(f"{path.name}: {code} stands there twice")
        seen.add(code)
