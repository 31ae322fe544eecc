"""The data itself loads, and each thing that can be wrong with it is named `file: reason`."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from community.core.errors import BadReferenceData
from community.services.reference import (
    Reference,
    load_area_lines,
    load_areas,
    load_reference,
    load_taxonomy,
    load_texts,
)

PLACES = """code,name,kind,aliases,parent,longitude,latitude
tn-1,临禾街道,town,,,121.2,31.3
nb-1,桂花苑,neighbourhood,桂花苑小区|桂花,tn-1,121.2,31.3
nb-2,梅园,neighbourhood,,,,
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


def test_neighbourhoods_know_their_town(tmp_path: Path) -> None:
    areas = load_areas(_file(tmp_path, "places.csv", PLACES))
    assert list(areas.by_code) == ["nb-1", "nb-2"]
    assert (areas["nb-1"].town, areas["nb-1"].aliases) == ("临禾街道", ("桂花苑小区", "桂花"))
    assert (areas["nb-2"].town, areas["nb-2"].aliases) == ("", ())


def test_services_know_their_unit(tmp_path: Path) -> None:
    service = load_taxonomy(_file(tmp_path, "services.yml", TAXONOMY))["leak"]
    assert (service.unit.name, service.resolve_hours, service.group_name) == ("水务所", 24, "水务")


def test_each_place_with_what_it_lies_in(tmp_path: Path) -> None:
    rows = PLACES + "bd-1,桂花苑3号楼,building,,nb-1,,\n"
    lines = load_area_lines(_file(tmp_path, "places.csv", rows))
    assert (lines["bd-1"], lines["nb-1"], lines["tn-1"]) == (("nb-1", "tn-1"), ("tn-1",), ())


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
    (load_areas, "places.csv", "", "no neighbourhood"),
    (load_areas, "places.csv", PLACES.replace("nb-1", "tn-1"), "tn-1 stands there twice"),
    (load_areas, "places.csv", PLACES.replace("neighbourhood", "road"), "no neighbourhood"),
    (load_areas, "places.csv", PLACES.replace("aliases", "other_names"), "lacks 'aliases'"),
    (load_areas, "places.csv", PLACES + "nb-3,短,neighbourhood\n", ""),
    (load_area_lines, "places.csv", PLACES.replace("town,,,", "town,,nb-1,"), "tn-1 lies in itself"),
    (load_texts, "zh.yml", "hello: 您好", "lacks 'texts'"),
    (load_texts, "zh.yml", "texts: {hello: 1}", ""),
    (load_texts, "zh.yml", "texts:", ""),
]


@pytest.mark.parametrize(("load", "name", "content", "reason"), BAD)
def test_bad_data_is_named(tmp_path: Path, load: Load, name: str, content: str, reason: str) -> None:
    with pytest.raises(BadReferenceData, match=f"^{name}: .*{reason}" if reason else f"^{name}: .+"):
        load(_file(tmp_path, name, content))


@pytest.mark.parametrize(("load", "name"), [(load_taxonomy, "x.yml"), (load_areas, "x.csv"), (load_texts, "x.yml")])
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
    ):
        (tmp_path / folder).mkdir(exist_ok=True)
        _file(tmp_path / folder, name, content)
    reference = load_reference(tmp_path)
    assert reference.texts.render("hello") == "您好"
    assert reference.routes.unit("water-1").areas == ("tn-1",)
    assert reference.procedures.by_code == {}
    shutil.rmtree(tmp_path / "texts")
    with pytest.raises(BadReferenceData, match=r"^zh\.yml: "):
        load_reference(tmp_path)


def _file(folder: Path, name: str, content: str) -> Path:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path
