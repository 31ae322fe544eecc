"""The data under data/ that changes with a release, not with a click: taxonomy, places, wording."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from community.core.areas import Areas
from community.core.errors import BadReferenceData
from community.core.procedures import Procedures
from community.core.rarity import Rarity
from community.core.ratings import SCORES, RatingWords
from community.core.routing import Routes
from community.core.taxonomy import Service, Taxonomy, Unit
from community.core.texts import Texts
from community.services.areas import load_areas
from community.services.data_files import read_yaml, reading, refuse_duplicates
from community.services.loop import Loop, load_loop
from community.services.procedures import load_procedures
from community.services.rarity import load_rarity
from community.services.routing import load_routes


@dataclass(frozen=True)
class Reference:
    taxonomy: Taxonomy
    areas: Areas
    texts: Texts
    procedures: Procedures
    routes: Routes
    rarity: Rarity
    loop: Loop
    rating_words: RatingWords
    grid_services: Mapping[str, str]  # who sends people into the grids: police → 公安


def load_reference(data_dir: Path) -> Reference:
    """Raises BadReferenceData, `file: reason`, for the first file, or the procedures or routes, that are wrong."""
    taxonomy = load_taxonomy(data_dir / "taxonomy" / "services.yml")
    tree = data_dir / "areas" / "areas.csv"  # zones and building groups, where a place has them
    areas = load_areas(data_dir / "dictionaries" / "places.csv", tree if tree.exists() else None)
    lines = {code: tuple(area.code for area in areas.ancestors(code)) for code in areas.all}
    procedures = load_procedures(data_dir / "procedures", taxonomy.services, taxonomy.units)
    return Reference(
        taxonomy=taxonomy,
        areas=areas,
        texts=load_texts(data_dir / "texts" / "zh.yml"),
        procedures=procedures,
        routes=load_routes(data_dir / "routing", taxonomy, lines, procedures),
        rarity=load_rarity(data_dir / "duplicates", data_dir / "dictionaries" / "places.csv"),
        loop=load_loop(data_dir / "routing" / "loop.yml"),
        rating_words=load_rating_words(data_dir / "ratings.yml"),
        grid_services=load_grid_services(data_dir / "areas" / "grid_services.yml"),
    )


def load_taxonomy(path: Path) -> Taxonomy:
    with reading(path):
        content = read_yaml(path)
        units = {code: Unit(code, name) for code, name in content["units"].items()}
        services = [_service(path, units, group, row) for group in content["groups"] for row in group["services"]]
    refuse_duplicates(path, (service.code for service in services))
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


def load_texts(path: Path) -> Texts:
    with reading(path):
        return Texts({key: text.strip() for key, text in read_yaml(path)["texts"].items()})


def load_grid_services(path: Path) -> dict[str, str]:
    with reading(path):
        return {code: name.strip() for code, name in read_yaml(path)["grid_services"].items()}


def load_rating_words(path: Path) -> RatingWords:
    with reading(path):
        rows = [(score, word) for score, words in read_yaml(path)["rating_words"].items() for word in words]
    refuse_duplicates(path, (word for _, word in rows))
    if wrong := {score for score, _ in rows} - set(SCORES):
        raise BadReferenceData(f"{path.name}: nobody can give {wrong} points")
    return RatingWords({word: score for score, word in rows})
