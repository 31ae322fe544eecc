import pytest

from community.core.rarity import folded
from community.core.whereabouts import marks, place_names


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("3号楼楼下", {"楼": {"3"}}),
        ("三栋的电梯", {"楼": {"3"}}),
        ("十号楼", {"楼": {"10"}}),
        ("十二幢", {"楼": {"12"}}),
        ("二十号楼", {"楼": {"20"}}),
        ("九十九号楼", {"楼": {"99"}}),
        ("012号楼", {"楼": {"12"}}),
        ("3号楼和5号楼之间", {"楼": {"3", "5"}}),
        ("7号楼2单元501室", {"楼": {"7"}, "单元": {"2"}, "室": {"501"}}),
        ("禾中路12号", {"号": {"12"}}),
        ("禾中路12号楼", {"楼": {"12"}}),
        ("204路公交和2号线", {"路": {"204"}, "号线": {"2"}}),
        ("北大门的灯", {"门": {"北"}}),
        ("南门和东小门", {"门": {"南", "东"}}),
        ("12月3号一路上都没灯", {}),
        ("", {}),
    ],
)
def test_marks(text: str, found: dict[str, set[str]]) -> None:
    assert marks(folded(text)) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("清河路边上", {"清河路"}),
        ("望湖名邸旁的小学", {"望湖名邸", "旁的小学"}),
        ("禾川区", set()),
        ("路", set()),
    ],
)
def test_place_names(text: str, found: set[str]) -> None:
    assert place_names(folded(text)) == found
