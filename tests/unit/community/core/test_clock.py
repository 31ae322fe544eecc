from datetime import UTC, datetime, timedelta

import pytest

from community.core.clock import SHANGHAI, clock_from, shanghai, system_clock


@pytest.mark.parametrize(
    ("start", "meant"),
    [
        (datetime(2026, 11, 23, 9), datetime(2026, 11, 23, 1, tzinfo=UTC)),  # noqa: DTZ001  naive: Shanghai
        (datetime(2026, 11, 23, 9, tzinfo=SHANGHAI), datetime(2026, 11, 23, 1, tzinfo=UTC)),
        (datetime(2026, 11, 23, 9, tzinfo=UTC), datetime(2026, 11, 23, 9, tzinfo=UTC)),
    ],
)
def test_clock_from_begins_at_the_moment_given(start: datetime, meant: datetime) -> None:
    now = clock_from(start)()
    assert now.tzinfo is not None
    assert timedelta(0) <= now - meant < timedelta(seconds=5)


def test_clock_from_runs_on() -> None:
    clock = clock_from(datetime(2026, 11, 23, 9, tzinfo=SHANGHAI))
    assert clock() <= clock()


def test_system_clock_reads_utc() -> None:
    assert system_clock().utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("moment", "day"),
    [(datetime(2026, 11, 23, 15, 59, tzinfo=UTC), 23), (datetime(2026, 11, 23, 16, 0, tzinfo=UTC), 24)],
)
def test_the_day_begins_in_shanghai(moment: datetime, day: int) -> None:
    assert shanghai(moment).day == day
