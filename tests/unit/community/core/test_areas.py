import pytest

from community.core.areas import Area, Areas
from community.core.errors import NotFound

AREAS = Areas({"nb-1": Area("nb-1", "桂花苑")})


def test_an_area_by_its_code() -> None:
    assert AREAS["nb-1"].name == "桂花苑"
    assert "nb-1" in AREAS


def test_an_unknown_area() -> None:
    assert "nb-2" not in AREAS
    with pytest.raises(NotFound, match="nb-2"):
        AREAS["nb-2"]


@pytest.mark.parametrize(("code", "name"), [("nb-1", "桂花苑"), ("nb-2", ""), ("", ""), (None, "")])
def test_the_name_of_an_area_that_may_be_missing(code: str | None, name: str) -> None:
    assert AREAS.name(code) == name
