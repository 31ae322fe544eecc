import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.core.messages import Button, clean, is_lasting, pressed

CONFIRM, CHANGE, CANCEL = OFFERED = [Button("确认", "/affirm"), Button("修改", "/change"), Button("取消", "/deny")]
POINTS = [Button("5分 很满意", "/rate?score=5"), Button("1分 很不满意", "/rate?score=1")]
STARS = [Button("5", '/rate{"stars": 5}'), Button("1", '/rate{"stars": 1}')]


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("垃圾没人清", "垃圾没人清"),
        ("  路灯坏了\n", "路灯坏了"),
        ("　路灯坏了　", "路灯坏了"),
        ("路灯\x00坏了", "路灯坏了"),
        ("路灯\ud83d坏了", "路灯坏了"),
        ("\udc00路灯坏了\udfff", "路灯坏了"),
        ("\ufeff路灯坏了", "路灯坏了"),
        ("路灯\x1b[31m坏了\x7f", "路灯[31m坏了"),
        ("\x00 路灯坏了 \x00", "路灯坏了"),
        ("第一行\r\n第二行\t三", "第一行\r\n第二行\t三"),
        ("臭死了😷👨‍👩‍👧", "臭死了😷👨‍👩‍👧"),
        ("𠮷野家门口", "𠮷野家门口"),
        ("", ""),
        ("\x00\ud800\ufeff \n", ""),
    ],
)
def test_clean(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@given(st.text(st.characters(categories=None)))  # surrogates included
def test_clean_text_can_be_stored_anywhere_and_is_clean_already(text: str) -> None:
    cleaned = clean(text)
    assert "\x00" not in cleaned
    assert cleaned.encode().decode() == cleaned == clean(cleaned)


@pytest.mark.parametrize(
    ("offered", "text", "button"),
    [
        (OFFERED, "/affirm", CONFIRM),
        (OFFERED, "修改", CHANGE),
        (OFFERED, "1", CONFIRM),
        (OFFERED, "3", CANCEL),
        (OFFERED, "03", CANCEL),
        (OFFERED, "３", CANCEL),  # what a Chinese keyboard types in full-width mode
        (OFFERED, "0", None),
        (OFFERED, "4", None),
        (OFFERED, "99", None),
        (OFFERED, "001", None),
        (OFFERED, "1" * 5000, None),
        (OFFERED, "-1", None),
        (OFFERED, "1.0", None),
        (OFFERED, "②", CHANGE),
        (OFFERED, "三", None),
        (OFFERED, "", None),
        (OFFERED, "确认一下", None),
        (OFFERED, '/affirm{"x": 1}', None),
        ([], "1", None),
        (STARS, "1", STARS[1]),  # what stands on the button counts before its place
        (STARS, "2", STARS[1]),
        (STARS, "5", STARS[0]),
        (POINTS, "5", POINTS[0]),
        (POINTS, "１", POINTS[1]),
        (POINTS, "5分", POINTS[0]),
        (POINTS, "很不满意", POINTS[1]),
        (POINTS, "2", POINTS[1]),
        (POINTS, "3", None),
    ],
)
def test_pressed(offered: list[Button], text: str, button: Button | None) -> None:
    assert pressed(offered, text) == button


@given(st.text())
def test_pressing_never_fails(text: str) -> None:
    assert pressed(OFFERED, text) in {*OFFERED, None}


@pytest.mark.parametrize(
    ("payload", "lasts"),
    [("/solved?number=KT20261123-0001", True), ("/rate?number=1&score=5", True), ("/affirm", False), ("解决了", False)],
)
def test_is_lasting(payload: str, lasts: bool) -> None:
    assert is_lasting(payload) is lasts
