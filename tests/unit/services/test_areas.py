"""Areas from the two files; every line that is wrong is named, and none of them hides another."""

from pathlib import Path

import pytest

from community.core.areas import Level
from community.core.errors import BadReferenceData
from community.services.areas import load_areas
from community.services.reference import Reference

PLACES = """code,name,kind,aliases,parent,longitude,latitude
ds-1,禾川区,district,,,,
tn-1,临禾街道,town,,ds-1,121.2,31.3
tn-2,槐塘镇,town,,ds-1,,
rd-1,临禾路,road,,tn-1,121.2,31.3
nb-1,桂花苑,neighbourhood,桂花苑小区|桂花,tn-1,121.25,31.36
nb-2,梅园,neighbourhood,,,,
"""
TREE = """code,name,level,parent,also
zn-1,望湖片区,zone,tn-1,
nb-1,,neighbourhood,zn-1,tn-2
bg-1,桂花苑第一楼组,building,nb-1,
"""


def _file(folder: Path, name: str, content: str) -> Path:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


def _errors(folder: Path, places: str, tree: str = TREE) -> list[str]:
    with pytest.raises(BadReferenceData) as caught:
        load_areas(_file(folder, "places.csv", places), _file(folder, "areas.csv", tree))
    return str(caught.value).splitlines()


def test_the_gazetteer_alone_is_enough(tmp_path: Path) -> None:
    areas = load_areas(_file(tmp_path, "places.csv", PLACES))
    assert list(areas.neighbourhoods) == ["nb-1", "nb-2"]
    assert (areas["nb-1"].town, areas["nb-1"].aliases) == ("临禾街道", ("桂花苑小区", "桂花"))
    assert (areas["nb-2"].town, areas["nb-2"].aliases, areas["nb-2"].point) == ("", (), None)
    assert areas["nb-1"].point == (121.25, 31.36)


def test_a_road_is_no_area(tmp_path: Path) -> None:
    assert "rd-1" not in load_areas(_file(tmp_path, "places.csv", PLACES))


def test_zones_and_building_groups_come_from_the_second_file(tmp_path: Path) -> None:
    areas = load_areas(_file(tmp_path, "places.csv", PLACES), _file(tmp_path, "areas.csv", TREE))
    assert [area.code for area in areas.ancestors("bg-1")] == ["nb-1", "zn-1", "tn-1", "ds-1"]
    assert areas["bg-1"].level is Level.BUILDING
    assert areas["bg-1"].town == "临禾街道"
    assert (areas["nb-1"].name, areas["nb-1"].also, areas["nb-1"].point) == ("桂花苑", ("tn-2",), (121.25, 31.36))


def test_our_own_areas_have_all_five_levels(reference: Reference) -> None:
    areas = reference.areas
    assert {area.level for area in areas.all.values()} == set(Level)
    for code in areas.neighbourhoods:
        assert [area.level for area in areas.ancestors(code)] == [Level.ZONE, Level.TOWN, Level.DISTRICT]
        assert areas[code].point
    assert any(area.also for area in areas.all.values()), "a border area"


BAD_PLACES = [
    (PLACES.replace("nb-2", "nb-1"), "places.csv:7: nb-1 stands there twice"),
    (PLACES.replace("nb-2", "rd-1"), "places.csv:7: rd-1 stands there twice"),
    (PLACES.replace("nb-2,", ","), "places.csv:7: has no code"),
    (PLACES.replace("梅园", " "), "places.csv:7: nb-2 has no name"),
    (PLACES.replace("neighbourhood,,,,", "neighbourhood,,,东,31"), "places.csv:7: nb-2 needs longitude and latitude"),
    (PLACES.replace("neighbourhood,,,,", "neighbourhood,,,121,"), "places.csv:7: nb-2 needs longitude and latitude"),
    (PLACES.replace("neighbourhood,,,,", "neighbourhood,,,31,121"), "places.csv:7: nb-2 lies nowhere on earth"),
    (PLACES.replace("neighbourhood,,,,", "neighbourhood,,,nan,31"), "places.csv:7: nb-2 lies nowhere on earth"),
    (PLACES.replace("neighbourhood,,,,", "neighbourhood,,tn-9,,"), "places.csv:7: nb-2 lies in the unknown area tn-9"),
    (PLACES.replace("neighbourhood,,,,", "neighbourhood,,rd-1,,"), "places.csv:7: nb-2 lies in the unknown area rd-1"),
    (PLACES.replace("neighbourhood,,,,", "neighbourhood,"), "places.csv:7: has not as many fields"),
    (PLACES + "nb-3,杏园,neighbourhood,,,,,,\n", "places.csv:8: has not as many fields"),
    (PLACES.replace("ds-1,禾川区,district,,,", "ds-1,禾川区,district,,tn-1,"), "places.csv:2: ds-1 lies in itself"),
    (PLACES.replace("aliases", "other_names"), "places.csv: lacks 'aliases'"),
]


@pytest.mark.parametrize(("places", "error"), BAD_PLACES)
def test_a_wrong_line_of_the_gazetteer(tmp_path: Path, places: str, error: str) -> None:
    assert any(found.startswith(error) for found in _errors(tmp_path, places))


def test_no_neighbourhood_at_all(tmp_path: Path) -> None:
    for places in ("", PLACES.replace("neighbourhood", "landmark")):
        assert _errors(tmp_path, places, "") == ["places.csv: holds no neighbourhood"]


BAD_TREES = [
    ("zn-1,望湖片区,region,tn-1,", "areas.csv:2: zn-1 has the unknown level 'region'"),
    ("zn-1,,zone,tn-1,", "areas.csv:2: zn-1 has no name"),
    ("tn-1,,zone,,", "areas.csv:2: tn-1 is a town in the gazetteer"),
    ("tn-1,临河街道,town,ds-1,", "areas.csv:2: tn-1 is called 临禾街道 in the gazetteer"),
    ("zn-1,望湖片区,zone,nb-2,", "areas.csv:2: zn-1, a zone, cannot lie in nb-2, a neighbourhood"),
    ("zn-1,望湖片区,zone,zn-1,", "areas.csv:2: zn-1 lies in itself: zn-1 → zn-1"),
    ("nb-1,,neighbourhood,tn-1,tn-1", "areas.csv:2: nb-1 names its own town tn-1"),
    ("nb-1,,neighbourhood,tn-1,nb-2", "areas.csv:2: nb-1 names nb-2, which is no town"),
    ("nb-1,,neighbourhood,tn-1,tn-2|tn-9", "areas.csv:2: nb-1 names tn-9, which is no town"),
]


@pytest.mark.parametrize(("line", "error"), BAD_TREES)
def test_a_wrong_line_of_the_levels(tmp_path: Path, line: str, error: str) -> None:
    heading = TREE.splitlines()[0]
    assert _errors(tmp_path, PLACES, f"{heading}\n{line}\n") == [error]


def test_a_circle_names_its_way(tmp_path: Path) -> None:
    tree = "code,name,level,parent,also\nzn-1,甲,zone,zn-2,\nzn-2,乙,zone,zn-1,\nnb-1,,neighbourhood,zn-1,\n"
    assert _errors(tmp_path, PLACES, tree) == [
        "areas.csv:2: zn-1 lies in itself: zn-1 → zn-2 → zn-1",
        "areas.csv:3: zn-2 lies in itself: zn-2 → zn-1 → zn-2",
    ]


def test_all_wrong_lines_of_both_files_at_once(tmp_path: Path) -> None:
    places = PLACES.replace("梅园", "") + "tn-2,重复,town,,,,\n"
    tree = "code,name,level,parent,also\nzn-1,望湖片区,region,tn-1,\nbg-1,甲楼组,building,nb-9,\n"
    assert [error.partition(" ")[0] for error in _errors(tmp_path, places, tree)] == [
        "places.csv:7:",
        "places.csv:8:",
        "areas.csv:2:",
        "areas.csv:3:",
    ]


def test_missing_and_undecodable_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(BadReferenceData, match=r"^places\.csv: "):
        load_areas(tmp_path / "places.csv")
    (tmp_path / "areas.csv").write_bytes("桂花苑".encode("gb18030"))
    with pytest.raises(BadReferenceData, match=r"^areas\.csv: "):
        load_areas(_file(tmp_path, "places.csv", PLACES), tmp_path / "areas.csv")
