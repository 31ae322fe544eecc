from typing import Any

import pytest

from actions.heard import heard
from actions.places import address_of, area_of
from community.services.reference import Reference
from tests.unit.actions.rasa import Said, place, pressed, said, tracker

MEIYUAN, GUIHUAYUAN = place("梅园", "nb-meiyuan"), place("桂花苑", "nb-guihuayuan")
TOWN = place("临禾街道", "tn-linhejiedao", "town")
UNLISTED = place("幸福小区", None, "neighbourhood")


def at(*places: dict[str, Any]) -> Said:
    return said("在这里", "inform", *places)


@pytest.mark.parametrize(
    ("message", "area", "address"),
    [
        (at(), None, ""),
        (at(MEIYUAN), "nb-meiyuan", ""),
        (at(place("梅园居委", "nb-meiyuan")), "nb-meiyuan", ""),
        (at(place("桂花苑3号楼", "nb-guihuayuan")), "nb-guihuayuan", "桂花苑3号楼"),
        (at(place("3号楼")), None, "3号楼"),
        (at(MEIYUAN, place("3号楼"), place("车棚")), "nb-meiyuan", "3号楼车棚"),
        (at(place("3号楼"), place("3号楼")), None, "3号楼"),
        (at(GUIHUAYUAN, MEIYUAN), "nb-guihuayuan", ""),
        (at(TOWN), None, "临禾街道"),
        (at(TOWN, MEIYUAN), "nb-meiyuan", "临禾街道"),
        (at(UNLISTED), None, "幸福小区"),
        (pressed("梅园", "inform", area_code="nb-meiyuan"), "nb-meiyuan", ""),
        (pressed("梅园", "inform", area_code="nb-gone"), None, ""),
        (pressed("地点", "correct_report", part="place"), None, ""),
    ],
)
def test_neighbourhood_and_address(reference: Reference, message: Said, area: str | None, address: str) -> None:
    told = heard(tracker(message), reference.taxonomy)
    assert area_of(told, reference.areas) == area
    assert address_of(told, reference.areas) == address
