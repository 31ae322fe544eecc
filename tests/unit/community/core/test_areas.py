import pytest

from community.core.areas import Area, Areas, Level
from community.core.errors import NotFound

DISTRICT = Area("ds-1", "禾川区", level=Level.DISTRICT)
TOWN = Area("tn-1", "临禾街道", level=Level.TOWN, parent="ds-1")
OTHER_TOWN = Area("tn-2", "槐塘镇", level=Level.TOWN, parent="ds-1")
ZONE = Area("zn-1", "望湖片区", level=Level.ZONE, parent="tn-1")
NEIGHBOURHOOD = Area("nb-1", "桂花苑", town="临禾街道", parent="zn-1")
BORDER = Area("nb-2", "槐荫新村", town="临禾街道", parent="tn-1", also=("tn-2",))
GROUP = Area("bg-1", "槐荫新村第一楼组", town="临禾街道", level=Level.BUILDING, parent="nb-2")
AREAS = Areas({area.code: area for area in (DISTRICT, TOWN, OTHER_TOWN, ZONE, NEIGHBOURHOOD, BORDER, GROUP)})


def test_an_area_by_its_code() -> None:
    assert AREAS["nb-1"].name == "桂花苑"
    assert "nb-1" in AREAS


def test_an_unknown_area() -> None:
    assert "nb-3" not in AREAS
    with pytest.raises(NotFound, match="nb-3"):
        AREAS["nb-3"]


@pytest.mark.parametrize(("code", "name"), [("nb-1", "桂花苑"), ("nb-3", ""), ("", ""), (None, "")])
def test_the_name_of_an_area_that_may_be_missing(code: str | None, name: str) -> None:
    assert AREAS.name(code) == name


def test_only_neighbourhoods_among_the_neighbourhoods() -> None:
    assert list(AREAS.neighbourhoods) == ["nb-1", "nb-2"]


def test_levels_are_ordered_from_the_top() -> None:
    assert Level.DISTRICT < Level.TOWN < Level.ZONE < Level.NEIGHBOURHOOD < Level.BUILDING


@pytest.mark.parametrize(
    ("code", "above"),
    [("ds-1", []), ("tn-1", ["ds-1"]), ("nb-1", ["zn-1", "tn-1", "ds-1"]), ("bg-1", ["nb-2", "tn-1", "ds-1"])],
)
def test_the_nearest_ancestor_comes_first(code: str, above: list[str]) -> None:
    assert [area.code for area in AREAS.ancestors(code)] == above


@pytest.mark.parametrize(
    ("code", "ancestor", "answer"),
    [
        ("nb-1", "nb-1", True),
        ("nb-1", "zn-1", True),
        ("nb-1", "ds-1", True),
        ("nb-1", "tn-2", False),
        ("tn-1", "nb-1", False),
        ("nb-2", "tn-2", False),  # answers for it, too, but does not hold it
    ],
)
def test_within(code: str, ancestor: str, answer: bool) -> None:
    assert AREAS.within(code, ancestor) is answer


def test_within_knows_both_areas() -> None:
    for code, ancestor in (("nb-3", "tn-1"), ("nb-1", "tn-3")):
        with pytest.raises(NotFound):
            AREAS.within(code, ancestor)


@pytest.mark.parametrize(("code", "town"), [("nb-1", TOWN), ("bg-1", TOWN), ("tn-2", OTHER_TOWN), ("ds-1", None)])
def test_the_town_of_an_area(code: str, town: Area | None) -> None:
    assert AREAS.town_of(code) == town


@pytest.mark.parametrize(
    ("code", "towns"), [("nb-1", (TOWN,)), ("nb-2", (TOWN, OTHER_TOWN)), ("bg-1", (TOWN, OTHER_TOWN)), ("ds-1", ())]
)
def test_a_border_area_has_further_towns(code: str, towns: tuple[Area, ...]) -> None:
    assert AREAS.responsible_towns(code) == towns
