"""Working time against a reckoning five minutes at a step, and against days worked out by hand."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.core.clock import SHANGHAI
from community.core.worktime import Basis, Schedule, after_work, elapsed, moment_after, worked
from tests.unit.community.core.stopwatch import AMOUNTS, MOMENTS, OFFICE, STEP, counts, is_weekday, schedules, slowly

HOUR = timedelta(hours=1)
BASES = st.sampled_from(Basis)
EXACT_AMOUNTS = st.timedeltas(timedelta(0), timedelta(days=3))
EXACT_MOMENTS = st.builds(lambda moment, more: moment + more, MOMENTS, st.timedeltas(timedelta(0), STEP))


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """In November 2026, whose 20th is a Friday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        (at(20, 9), at(20, 9), 0),
        (at(20, 9), at(20, 17, 30), 7),  # lunch is free
        (at(20, 8), at(20, 23), 7),
        (at(20, 11), at(20, 14), 1.5),
        (at(20, 12), at(20, 13, 30), 0),
        (at(20, 16, 30), at(23, 10), 2),  # over a weekend
        (at(21, 9), at(22, 18), 0),
        (at(16, 0), at(30, 0), 70),
        (at(20, 9).astimezone(UTC), at(20, 10), 1),
    ],
)
def test_worked(start: datetime, end: datetime, hours: float) -> None:
    assert worked(OFFICE, start, end) == hours * HOUR


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        (at(21, 3), 0, at(21, 3)),  # nothing to do is done at once, also on a Saturday
        (at(20, 9), 3, at(20, 12)),  # the end of the morning, not the beginning of the afternoon
        (at(20, 9), 7, at(20, 17, 30)),
        (at(20, 17), 1, at(23, 9, 30)),
        (at(21, 10), 1, at(23, 10)),
        (at(20, 9), 70, datetime(2026, 12, 3, 17, 30, tzinfo=SHANGHAI)),
        (at(20, 9).astimezone(UTC), 1, at(20, 10)),
    ],
)
def test_after_work(start: datetime, hours: int, end: datetime) -> None:
    assert after_work(OFFICE, start, hours * HOUR) == end


def test_hours_of_the_clock_know_no_weekend() -> None:
    assert moment_after(Basis.CLOCK, OFFICE, at(20, 17), 48 * HOUR) == at(22, 17)
    assert elapsed(Basis.CLOCK, OFFICE, at(20, 17), at(22, 17)) == 48 * HOUR


def test_no_microsecond_is_lost() -> None:
    tick = timedelta(microseconds=1)
    assert worked(OFFICE, at(20, 9) + tick, at(23, 9) + tick) == 7 * HOUR
    assert after_work(OFFICE, at(20, 9), 7 * HOUR + tick) == at(23, 9) + tick


@given(BASES, schedules(), MOMENTS, MOMENTS)
def test_elapsed_equals_the_slow_reckoning(basis: Basis, schedule: Schedule, one: datetime, other: datetime) -> None:
    start, end = sorted((one, other))
    assert elapsed(basis, schedule, start, end) == slowly(basis, schedule, start, end)


@given(BASES, schedules(), MOMENTS, AMOUNTS)
def test_moment_after_equals_the_slow_reckoning(
    basis: Basis, schedule: Schedule, start: datetime, amount: timedelta
) -> None:
    moment, left = start, amount
    while left:
        left -= STEP if counts(basis, schedule, moment) else timedelta(0)
        moment += STEP
    assert moment_after(basis, schedule, start, amount) == moment


@given(BASES, schedules(), st.lists(EXACT_MOMENTS, min_size=3, max_size=3).map(sorted))
def test_stretches_add_up(basis: Basis, schedule: Schedule, moments: list[datetime]) -> None:
    start, between, end = moments
    first, second = elapsed(basis, schedule, start, between), elapsed(basis, schedule, between, end)
    assert first + second == elapsed(basis, schedule, start, end)


@given(BASES, schedules(), EXACT_MOMENTS, EXACT_AMOUNTS)
def test_the_moment_after_is_the_first_with_that_much(
    basis: Basis, schedule: Schedule, start: datetime, amount: timedelta
) -> None:
    end = moment_after(basis, schedule, start, amount)
    assert elapsed(basis, schedule, start, end) == amount
    if amount:
        assert elapsed(basis, schedule, start, end - timedelta(microseconds=1)) < amount


@given(BASES, schedules(), EXACT_MOMENTS, EXACT_AMOUNTS, EXACT_AMOUNTS)
def test_more_takes_no_less_time(
    basis: Basis, schedule: Schedule, start: datetime, one: timedelta, other: timedelta
) -> None:
    less, more = sorted((one, other))
    assert start <= moment_after(basis, schedule, start, less) <= moment_after(basis, schedule, start, more)


@pytest.mark.parametrize(
    "hours",
    [
        (),
        ((time(9), time(9)),),
        ((time(17), time(9)),),
        ((time(13), time(17)), (time(9), time(12))),
        ((time(9), time(13)), (time(12), time(17))),
        ((time(9, tzinfo=UTC), time(17, tzinfo=UTC)),),
    ],
)
def test_hours_that_are_none(hours: tuple[tuple[time, time], ...]) -> None:
    with pytest.raises(ValueError, match="work"):
        Schedule(is_weekday, hours)


@pytest.mark.parametrize("basis", Basis)
def test_time_runs_forwards(basis: Basis) -> None:
    with pytest.raises(ValueError, match="before it begins"):
        elapsed(basis, OFFICE, at(20, 10), at(20, 9))
    with pytest.raises(ValueError, match="negative"):
        moment_after(basis, OFFICE, at(20, 9), -HOUR)


def test_who_never_works_is_never_done() -> None:
    never = Schedule(lambda day: False, OFFICE.hours)
    with pytest.raises(OverflowError):
        after_work(never, datetime(9990, 1, 1, tzinfo=SHANGHAI), HOUR)
    assert worked(never, at(1, 0), at(30, 0)) == timedelta(0)


def test_no_day_beyond_the_end_is_asked_for() -> None:
    asked: list[date] = []
    schedule = Schedule(lambda day: not asked.append(day), OFFICE.hours)
    worked(schedule, at(20, 9), at(22, 9))
    assert asked == [date(2026, 11, 20), date(2026, 11, 21), date(2026, 11, 22)]
