from datetime import timedelta

import pytest

from community.core.outbox import MAX_ATTEMPTS, delay_after


@pytest.mark.parametrize(
    ("attempts", "seconds"), [(1, 2), (2, 4), (3, 8), (4, 16), (9, 512), (10, 1024), (11, 1800), (MAX_ATTEMPTS, 1800)]
)
def test_delay_after(attempts: int, seconds: int) -> None:
    assert delay_after(attempts) == timedelta(seconds=seconds)
