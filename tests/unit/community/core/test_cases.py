from datetime import date

import pytest

from community.core.cases import case_number


@pytest.mark.parametrize(
    ("day", "ordinal", "number"),
    [
        (date(2026, 11, 23), 7, "KT20261123-0007"),
        (date(2026, 1, 2), 1, "KT20260102-0001"),
        (date(2026, 12, 31), 9999, "KT20261231-9999"),
        (date(2026, 12, 31), 10000, "KT20261231-10000"),
    ],
)
def test_case_number(day: date, ordinal: int, number: str) -> None:
    assert case_number(day, ordinal) == number
