"""Cutting what is too long for one Telegram message."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.sending import MAX_LENGTH, fits, parts


@pytest.mark.parametrize(
    ("text", "lengths"),
    [
        ("", [0]),
        ("好", [1]),
        ("好" * MAX_LENGTH, [4096]),
        ("好" * (MAX_LENGTH + 1), [4096, 1]),
        ("😷" * 4000, [2048, 1952]),
        ("好" * 3000 + "\n" + "好" * 2000, [3001, 2000]),
        ("\n" + "好" * 5000, [4096, 905]),
    ],
)
def test_pieces(text: str, lengths: list[int]) -> None:
    assert [len(part) for part in parts(text)] == lengths


@given(st.text(st.sampled_from("好😷a\n"), min_size=1).map(lambda seed: seed * (9000 // len(seed))))
def test_nothing_is_lost_and_every_piece_fits(text: str) -> None:
    assert "".join(parts(text)) == text
    assert all(fits(part) and part for part in parts(text))
