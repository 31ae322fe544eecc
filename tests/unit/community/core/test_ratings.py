import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.services.reference import Reference


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("5分", 5),
        ("给４分吧", 4),
        ("三分", 3),
        ("打两颗星", 2),
        ("一星都嫌多，1星", 1),
        ("五", 5),
        ("3", 3),
        ("满意", 4),
        ("不满意", 2),
        ("非常不满意！", 1),
        ("这次很满意", 5),
        ("一般般吧", 3),
        ("满分", 5),
        ("10分", 5),
        ("等了五分钟", None),
        ("三星期了", None),
        ("6分", None),
        ("1.5分", None),
        ("二十五分", None),
        ("不好意思，忘了", None),
        ("我要评价", None),
        ("", None),
    ],
)
def test_points_are_read_from_a_few_words(reference: Reference, text: str, score: int | None) -> None:
    assert reference.rating_words.score(text) == score


@given(text=st.text())
def test_whatever_is_said_gives_points_or_none(reference: Reference, text: str) -> None:
    assert reference.rating_words.score(text) in {None, 1, 2, 3, 4, 5}
