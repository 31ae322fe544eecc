import pytest

from community.core.errors import UnknownService
from community.core.taxonomy import Service, Taxonomy, Unit

UNIT = Unit("water", "水务所")


def _service(code: str, group: str) -> Service:
    return Service(code, code, group, f"{group}类", "", "", UNIT, 24)


TAXONOMY = Taxonomy({code: _service(code, group) for code, group in [("leak", "a"), ("noise", "b"), ("flood", "a")]})


def test_a_service_by_its_code() -> None:
    assert TAXONOMY["leak"].unit is UNIT
    assert "leak" in TAXONOMY


@pytest.mark.parametrize("code", ["", "LEAK", "leak ", "nothing"])
def test_an_unknown_code(code: str) -> None:
    assert code not in TAXONOMY
    with pytest.raises(UnknownService, match=f"^{code}$"):
        TAXONOMY[code]


def test_groups_keep_the_order_of_the_file() -> None:
    grouped = {name: [service.code for service in services] for name, services in TAXONOMY.groups().items()}
    assert list(grouped.items()) == [("a类", ["leak", "flood"]), ("b类", ["noise"])]
