"""The data itself loads, and each thing that can be wrong with it is named `file: reason`."""

import shutil
from collections.abc import Callable
from math import log
from pathlib import Path

import pytest

from community.core.errors import BadReferenceData
from community.services.rarity import load_rarity
from community.services.reference import (
    Reference,
    load_grid_services,
    load_rating_words,
    load_reference,
    load_taxonomy,
    load_texts,
)

DATA = Path(__file__).parents[3] / "data"

PLACES = """code,name,kind,aliases,parent,longitude,latitude
tn-1,临禾街道,town,,,121.2,31.3
nb-1,桂花苑,neighbourhood,桂花苑小区|桂花,tn-1,121.2,31.3
"""

TAXONOMY = """
units: {water: 水务所}
groups:
- code: water
  name: 水务
  services:
  - {code: leak, name: 漏水, unit: water, hours: 24, gb: "01", covers: 水管}
"""


def test_our_own_data_loads(reference: Reference) -> None:
    assert len(reference.taxonomy.services) >= 90
    assert len(reference.taxonomy.groups()) >= 10
    assert set(reference.routes.defaults) == set(reference.taxonomy.services)
    assert len(reference.procedures.by_code) >= 2


def test_services_know_their_unit(tmp_path: Path) -> None:
    service = load_taxonomy(_file(tmp_path, "services.yml", TAXONOMY))["leak"]
    assert (service.unit.name, service.resolve_hours, service.group_name) == ("水务所", 24, "水务")


Load = Callable[[Path], object]
BAD: list[tuple[Load, str, str, str]] = [
    (load_taxonomy, "services.yml", "", "is not a mapping"),
    (load_taxonomy, "services.yml", "[1, 2]", "is not a mapping"),
    (load_taxonomy, "services.yml", "units: {", "while parsing"),
    (load_taxonomy, "services.yml", "groups: []", "lacks 'units'"),
    (load_taxonomy, "services.yml", "units: {}", "lacks 'groups'"),
    (load_taxonomy, "services.yml", "units: [water]\ngroups: []", ""),
    (load_taxonomy, "services.yml", TAXONOMY.replace("unit: water", "unit: fire"), "leak names the unknown unit fire"),
    (load_taxonomy, "services.yml", TAXONOMY.replace("hours: 24", "hours: 0"), "at least one hour"),
    (load_taxonomy, "services.yml", TAXONOMY.replace("hours: 24", "hours: true"), "at least one hour"),
    (load_taxonomy, "services.yml", TAXONOMY.replace("hours: 24", "hours: soon"), "at least one hour"),
    (load_taxonomy, "services.yml", TAXONOMY.replace("name: 漏水, ", ""), "lacks 'name'"),
    (load_taxonomy, "services.yml", TAXONOMY + TAXONOMY.splitlines()[-1], "leak stands there twice"),
    (load_texts, "zh.yml", "hello: 您好", "lacks 'texts'"),
    (load_texts, "zh.yml", "texts: {hello: 1}", ""),
    (load_texts, "zh.yml", "texts:", ""),
    (load_rating_words, "ratings.yml", "rating_words: {6: [绝了]}", "nobody can give"),
    (load_rating_words, "ratings.yml", "rating_words: {5: [好], 4: [好]}", "好 stands there twice"),
    (load_grid_services, "grid_services.yml", "services: {}", "lacks 'grid_services'"),
    (load_grid_services, "grid_services.yml", "grid_services: {police: 110}", ""),
]


@pytest.mark.parametrize(("load", "name", "content", "reason"), BAD)
def test_bad_data_is_named(tmp_path: Path, load: Load, name: str, content: str, reason: str) -> None:
    with pytest.raises(BadReferenceData, match=f"^{name}: .*{reason}" if reason else f"^{name}: .+"):
        load(_file(tmp_path, name, content))


@pytest.mark.parametrize(("load", "name"), [(load_taxonomy, "x.yml"), (load_texts, "y.yml")])
def test_missing_and_undecodable_files_are_named(tmp_path: Path, load: Load, name: str) -> None:
    with pytest.raises(BadReferenceData, match=f"^{name}: "):
        load(tmp_path / name)
    (tmp_path / name).write_bytes("桂花苑".encode("gb18030"))
    with pytest.raises(BadReferenceData, match=f"^{name}: "):
        load(tmp_path / name)


def test_a_whole_folder(tmp_path: Path) -> None:
    for folder, name, content in (
        ("taxonomy", "services.yml", TAXONOMY),
        ("dictionaries", "places.csv", PLACES),
        ("texts", "zh.yml", "texts: {hello: ' 您好 '}"),
        ("routing", "units.yml", "units: [{code: water-1, kind: water, name: 一水务, areas: [tn-1]}]"),
        ("routing", "routes.yml", "response: {hours: 8, basis: work}\nroutes: []"),
        ("areas", "grid_services.yml", "grid_services: {police: 公安}"),
    ):
        (tmp_path / folder).mkdir(exist_ok=True)
        _file(tmp_path / folder, name, content)
    shutil.copytree(DATA / "duplicates", tmp_path / "duplicates")
    shutil.copy(DATA / "routing" / "loop.yml", tmp_path / "routing")
    shutil.copy(DATA / "ratings.yml", tmp_path)
    reference = load_reference(tmp_path)
    assert reference.texts.render("hello") == "您好"
    assert reference.routes.unit("water-1").areas == ("tn-1",)
    assert reference.procedures.by_code == {}
    _file(tmp_path / "areas", "areas.csv", "code,name,level,parent,also\nzn-1,望湖片区,zone,tn-1,\n")
    assert load_reference(tmp_path).areas.name("zn-1") == "望湖片区"
    shutil.rmtree(tmp_path / "texts")
    with pytest.raises(BadReferenceData, match=r"^zh\.yml: "):
        load_reference(tmp_path)


RARITY = "sentences,characters,pairs\n100,,\n10,水,停水路灯\n50,的,\n"


def test_rarity_is_read_from_counts(tmp_path: Path) -> None:
    _file(tmp_path, "rarity.csv", RARITY)
    _file(tmp_path, "phrases.txt", "# polite\n请问\n\n请问一下\n")
    rarity = load_rarity(tmp_path, _file(tmp_path, "places.csv", PLACES))
    assert rarity["停水"] == rarity["路灯"] == rarity["水"] == pytest.approx(log(10))
    assert rarity["的"] == pytest.approx(log(2))
    assert rarity["水路"] == pytest.approx(log(20))
    assert rarity.phrases == {"请问", "请问一下", "临禾街道"}


@pytest.mark.parametrize(
    "content",
    [
        "sentences,characters,pairs\n",
        "sentences,characters,pairs\n100,,\n",
        "sentences,characters,pairs\n100,,\n10,,停水路\n",
        "sentences,characters,pairs\n100,,\n0,水,\n",
        "sentences,characters,pairs\n100,,\n10,水,\n101,火,\n",
        "sentences,characters,pairs\nmany,,\n10,水,\n",
        "sentences,pairs\n100,\n10,停水\n",
    ],
)
def test_a_table_of_rarity_that_makes_no_sense(tmp_path: Path, content: str) -> None:
    _file(tmp_path, "rarity.csv", content)
    _file(tmp_path, "phrases.txt", "")
    with pytest.raises(BadReferenceData, match=r"^rarity\.csv: "):
        load_rarity(tmp_path, _file(tmp_path, "places.csv", PLACES))


def test_rarity_without_phrases_is_named(tmp_path: Path) -> None:
    _file(tmp_path, "rarity.csv", RARITY)
    with pytest.raises(BadReferenceData, match=r"^phrases\.txt: "):
        load_rarity(tmp_path, _file(tmp_path, "places.csv", PLACES))


def _file(folder: Path, name: str, content: str) -> Path:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path
