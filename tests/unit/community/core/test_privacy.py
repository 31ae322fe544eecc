import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.core.privacy import mask, mask_contacts

CONTACTS = [  # as written, as found, as shown
    ("13800138000", "13800138000", "138****8000"),
    ("138 0013 8000", "138 0013 8000", "138****8000"),
    ("138-0013-8000", "138-0013-8000", "138****8000"),
    ("１３８００１３８０００", "13800138000", "138****8000"),
    ("138　0013　8000", "138 0013 8000", "138****8000"),
    ("+8613800138000", "+8613800138000", "+86****8000"),
    ("+86 138 0013 8000", "+86 138 0013 8000", "+86****8000"),
    ("86-13800138000", "86-13800138000", "86-****8000"),
    ("008613800138000", "008613800138000", "008****8000"),
    ("021-62501234", "021-62501234", "021****1234"),
    ("02162501234", "02162501234", "021****1234"),
    ("021 62501234", "021 62501234", "021****1234"),
    ("（021）62501234", "021)62501234", "（021****1234"),
    ("0512-6250123", "0512-6250123", "051****0123"),
    ("310101199001011234", "310101199001011234", "310****1234"),
    ("31010119900101123X", "31010119900101123X", "310****123X"),
    ("31010119900101123x", "31010119900101123x", "310****123x"),
    ("310101 19900101 1234", "310101 19900101 1234", "310****1234"),
    ("wang.fang@example.com", "wang.fang@example.com", "w****@example.com"),
    ("wf@mail.example.com.cn", "wf@mail.example.com.cn", "w****@mail.example.com.cn"),
    ("wf＠example．com", "wf@example.com", "w****@example.com"),
]

HARMLESS = [
    "",
    "3号楼楼下垃圾堆了好几天",
    "KT20261123-0007",
    "工单KT20261123-0007怎么样了",
    "2026年11月23日",
    "2026-11-23 15:30",
    "20261123",
    "每月物业费1380.50元，停车费13800元",
    "房价13800000元",
    "门牌1380弄13号1305室",
    "拨打12345、110、119和120",
    "公交138路",
    "邮编201800",
    "沪A12345",
    "@居委会",
    "编号001 20261123",
    "KT20261123-0312 20261124",
    "１３号楼１３０５室，全角也不动",
    "12800138000",  # no mobile begins with 12
    "1138001380001",  # longer than a number to call
    "62501234",  # eight digits may be anything
]


@pytest.mark.parametrize(("written", "found", "shown"), CONTACTS)
def test_a_contact_is_found_and_shown_in_part(written: str, found: str, shown: str) -> None:
    assert mask_contacts(written) == (shown, [found])
    assert shown.endswith(mask(found))


@pytest.mark.parametrize(("written", "found", "shown"), CONTACTS)
@pytest.mark.parametrize("around", ["我的电话{}，请回电", "电话:{}", "{}王阿姨", "（{}）", "3号楼{}。"])
def test_a_contact_inside_a_sentence(written: str, found: str, shown: str, around: str) -> None:
    assert mask_contacts(around.format(written)) == (around.format(shown), [found])


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_no_contact_stays(text: str) -> None:
    assert mask_contacts(text) == (text, [])


def test_several_contacts_come_in_order() -> None:
    text = "先打13800138000，没人接就打021-62501234，或写信到 a@b.cn"
    masked, found = mask_contacts(text)
    assert masked == "先打138****8000，没人接就打021****1234，或写信到 a****@b.cn"
    assert found == ["13800138000", "021-62501234", "a@b.cn"]


@given(st.text(), st.sampled_from([written for written, _, _ in CONTACTS]), st.text())
def test_no_contact_survives_between_any_words(before: str, contact: str, after: str) -> None:
    masked, found = mask_contacts(f"{before} {contact}；{after}")
    assert found
    assert not [one for one in found if one in masked]


@pytest.mark.parametrize("text", ["a." * 2000, "a@" * 2000, "a@b." * 1000, "1" * 4000, "13 " * 1300, "+86 " * 1000])
def test_no_text_takes_long(text: str) -> None:
    start = time.perf_counter()
    mask_contacts(text)
    assert time.perf_counter() - start < 0.25
