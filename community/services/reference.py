"""The data under data/ that changes with a release, not with a click: taxonomy, places, wording."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from community.core.areas import Area, Areas
from community.core.errors import BadReferenceData
from community.core.taxonomy import Service, Taxonomy, Unit
from community.core.texts import Texts


@dataclass(frozen=True)
class Reference:
    taxonomy: Taxonomy
    areas: Areas
    texts: Texts


def load_reference(data_dir: Path) -> Reference:
    """Raises BadReferenceData, `file: reason`, for the first thing that is wrong."""
    return Reference(
        taxonomy=load_taxonomy(data_dir / "taxonomy" / "services.yml"),
        areas=load_areas(data_dir / "dictionaries" / "places.csv"),
        texts=load_texts(data_dir / "texts" / "zh.yml"),
    )


def load_taxonomy(path: Path) -> Taxonomy:
    content = _read_yaml(path)
    units = {code: Unit(code, name) for code, name in content["units"].items()}
    services = [_service(path, units, group, row) for group in content["groups"] for row in group["services"]]
    _refuse_duplicates(path, (service.code for service in services))
    return Taxonomy({service.code: service for service in services})


def _service(path: Path, units: dict[str, Unit], group: dict[str, Any], row: dict[str, Any]) -> Service:
    if row["unit"] not in units:
        raise BadReferenceData(f"{path.name}: {row['code']} names the unknown unit {row['unit']}")
    if not isinstance(row["hours"], int) or row["hours"] < 1:
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
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    _refuse_duplicates(path, (row["code"] for row in rows))
    names = {row["code"]: row["name"] for row in rows}
    areas = [
        Area(
            code=row["code"],
            name=row["name"],
            aliases=tuple(filter(None, row["aliases"].split("|"))),
            town=names.get(row["parent"], ""),
        )
        for row in rows
        if row["kind"] == "neighbourhood"
    ]
    if not areas:
        raise BadReferenceData(f"{path.name}: holds no neighbourhood")
    return Areas({area.code: area for area in areas})


def load_texts(path: Path) -> Texts:
    return Texts({key: text.strip() for key, text in _read_yaml(path)["texts"].items()})


def _read_yaml(path: Path) -> dict[str, Any]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise BadReferenceData(f"{path.name}: {error}") from error
    if not isinstance(content, dict):
        raise BadReferenceData(f"{path.name}: is not a mapping")
    return content


def _refuse_duplicates(path: Path, codes: Iterable[str]) -> None:
    seen: set[str] = set()
    for code in codes:
        if code in seen:
            raise BadReferenceData(f"{path.name}: {code} stands there twice")
        seen.add(code)
