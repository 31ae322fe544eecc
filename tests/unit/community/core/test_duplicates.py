"""With the rarity that the product ships."""

from datetime import UTC, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.core.duplicates import OFFERED, Report, likeness
from community.services.reference import Reference
from tests.fakes.clock import NOON


def a_report(reference: Reference, description: str, **fields: Any) -> Report:
    values = {"service_codes": ("exposed_waste",), "area_code": "nb-1", "address": "", "at": NOON}
    return Report(description=description, rarity=reference.rarity, **{**values, **fields})


TOLD = "3号楼楼下垃圾堆了好几天没人清，臭死了"


@pytest.mark.parametrize(
    "again", [TOLD, "请问三号楼门口那堆垃圾啥时候有人来收啊，苍蝇到处飞", "我们3号楼下面的垃圾袋都堆成山了，味道冲得很"]
)
def test_one_matter_in_other_words(reference: Reference, again: str) -> None:
    a, b = a_report(reference, TOLD), a_report(reference, again, at=NOON + timedelta(days=1))
    assert likeness(a, b) >= OFFERED


@pytest.mark.parametrize(
    ("other", "fields"),
    [
        ("5号楼楼下垃圾堆了好几天没人清，臭死了", {}),
        (TOLD, {"area_code": "nb-2", "at": NOON + timedelta(days=90), "service_codes": ("odour",)}),
        ("3号楼电梯老是停在半当中，吓死人了", {"service_codes": ("elevator_fault",)}),
        ("请问一下，麻烦尽快处理，谢谢", {}),
        ("", {}),
    ],
)
def test_another_matter(reference: Reference, other: str, fields: dict[str, Any]) -> None:
    assert likeness(a_report(reference, TOLD), a_report(reference, other, **fields)) < OFFERED


@pytest.mark.parametrize(
    ("nearer", "farther"),
    [
        ({"service_codes": ("exposed_waste",)}, {"service_codes": ("odour", "exposed_waste")}),
        ({"service_codes": ("odour", "exposed_waste")}, {"service_codes": ("odour",)}),
        ({"address": "3号楼"}, {"address": "5号楼"}),
        ({"address": "清河路"}, {"address": "柳岸路"}),
        ({"area_code": "nb-1"}, {"area_code": "nb-2"}),
        ({"area_code": None}, {"area_code": "nb-2"}),
        ({"at": NOON}, {"at": NOON + timedelta(days=3)}),
    ],
)
def test_each_kind_of_evidence(reference: Reference, nearer: dict[str, Any], farther: dict[str, Any]) -> None:
    told = a_report(reference, "楼下的垃圾没人收", address="清河路3号楼")
    near, far = (a_report(reference, "垃圾堆着好多天了", **fields) for fields in (nearer, farther))
    assert likeness(told, near) > likeness(told, far)


def test_a_polite_phrase_is_no_likeness(reference: Reference) -> None:
    told = a_report(reference, "请问什么时候能处理，路灯不亮")
    polite, same = a_report(reference, "请问什么时候能处理，楼道堆物"), a_report(reference, "路灯不亮，走路看不见")
    assert likeness(told, polite) < likeness(told, same)


def test_one_mark_that_differs_outweighs_another_that_agrees(reference: Reference) -> None:
    told = a_report(reference, "漏水", address="3号楼501室")
    other, silent = a_report(reference, "漏水", address="5号楼501室"), a_report(reference, "漏水")
    assert likeness(told, other) < likeness(told, silent)


_texts = st.text(alphabet="3五号楼东门清河路垃圾灯不亮请问 ，a", max_size=40)
_reports = st.tuples(
    _texts,
    st.lists(st.sampled_from(["a", "b", "c"]), max_size=3).map(tuple),
    st.sampled_from([None, "nb-1", "nb-2"]),
    st.datetimes(timezones=st.just(UTC)),
)


@given(a=_reports, b=_reports)
def test_any_two_reports(reference: Reference, a: tuple[Any, ...], b: tuple[Any, ...]) -> None:
    x, y = (a_report(reference, text, service_codes=codes, area_code=area, at=at) for text, codes, area, at in (a, b))
    assert 0 <= likeness(x, y) <= 1
    assert likeness(x, y) == pytest.approx(likeness(y, x))
