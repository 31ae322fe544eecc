"""Clocks of limits against a reckoning five minutes at a step, and against days worked out by hand."""

from datetime import datetime, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.core.clock import SHANGHAI
from community.core.clocks import Limit, Reading, Span, moment_of, read_clock
from community.core.worktime import Basis, Schedule
from tests.unit.community.core.stopwatch import FIRST, MOMENTS, OFFICE, STEP, schedules, slowly

HOUR = timedelta(hours=1)
TICK = timedelta(microseconds=1)
NOTHING = timedelta(0)
WHOLE = Fraction(1)
WORK_DAY = Limit(7 * HOUR, Basis.WORK)
TWO_HOURS = Limit(2 * HOUR, Basis.CLOCK)
LIMITS = st.builds(Limit, st.integers(1, 300).map(lambda n: n * STEP), st.sampled_from(Basis))
SHARES = st.fractions(0, 2)


@st.composite
def histories(draw: st.DrawFn, stopped: bool | None = None) -> list[Span]:
    """Up to three spans in order, some without a pause between, some empty; `stopped` None: either."""
    edges = sorted(draw(st.lists(MOMENTS, max_size=6)))
    ends = draw(st.booleans()) if stopped is None else stopped
    if ends:
        edges = edges[: len(edges) // 2 * 2]
    return [Span(*edges[n : n + 2]) for n in range(0, len(edges), 2)]


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """In November 2026, whose 20th is a Friday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


def shown(reading: Reading) -> tuple[timedelta, bool, datetime | None, bool]:
    return reading.elapsed, reading.running, reading.due_at, reading.is_late


# 4 working hours from 10 to 15:30, waiting for the resident over the weekend, 3 left from Monday 10:00
PAUSED = [Span(at(20, 10), at(20, 15, 30)), Span(at(23, 10))]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (at(20, 9), (NOTHING, False, None, False)),
        (at(20, 10), (NOTHING, True, at(23, 10), False)),
        (at(20, 12), (2 * HOUR, True, at(23, 10), False)),
        (at(20, 15, 30), (4 * HOUR, False, None, False)),
        (at(22, 12), (4 * HOUR, False, None, False)),
        (at(23, 10), (4 * HOUR, True, at(23, 14, 30), False)),
        (at(23, 14, 30), (7 * HOUR, True, at(23, 14, 30), False)),  # due at that very moment is in time
        (at(23, 14, 31), (7 * HOUR + timedelta(minutes=1), True, at(23, 14, 30), True)),
    ],
)
def test_a_clock_with_a_pause(now: datetime, expected: tuple[timedelta, bool, datetime | None, bool]) -> None:
    assert shown(read_clock(WORK_DAY, PAUSED, now, OFFICE)) == expected


@pytest.mark.parametrize(
    ("end", "late"),
    [(at(20, 10), False), (at(20, 11), False), (at(20, 11) + TICK, True), (at(20, 12), True)],
)
def test_what_has_ended_stays_as_late_as_it_was(end: datetime, late: bool) -> None:
    reading = read_clock(TWO_HOURS, [Span(at(20, 9), end)], at(30, 0), OFFICE)
    assert (reading.running, reading.is_late) == (False, late)


def test_a_stop_at_the_moment_of_a_new_start_makes_nothing_late() -> None:
    spans = [Span(at(20, 9), at(20, 11)), Span(at(20, 12), at(20, 12))]
    assert not read_clock(TWO_HOURS, spans, at(30, 0), OFFICE).is_late


@pytest.mark.parametrize(("now", "late"), [(at(20, 17, 30), False), (at(20, 20), True), (at(21, 12), True)])
def test_the_evening_after_the_last_working_hour_is_late(now: datetime, late: bool) -> None:
    reading = read_clock(WORK_DAY, [Span(at(20, 9))], now, OFFICE)
    assert (reading.share, reading.due_at, reading.is_late) == (1, at(20, 17, 30), late)


def test_the_share_is_exact() -> None:
    assert read_clock(Limit(3 * HOUR, Basis.CLOCK), [Span(at(20, 9))], at(20, 10), OFFICE).share == Fraction(1, 3)


@pytest.mark.parametrize(
    ("share", "moment"),
    [
        (Fraction(0), at(20, 10)),
        (Fraction(1, 2), at(20, 15)),
        (Fraction(4, 7), at(20, 15, 30)),
        (Fraction(4, 5), at(23, 11, 36)),
        (WHOLE, at(23, 14, 30)),
        (Fraction(2), at(24, 14, 30)),
    ],
)
def test_when_a_warning_is_due(share: Fraction, moment: datetime) -> None:
    assert moment_of(WORK_DAY, PAUSED, share, OFFICE) == moment


def test_a_third_of_a_microsecond_is_rounded_up() -> None:
    assert moment_of(Limit(TICK, Basis.CLOCK), [Span(FIRST)], Fraction(1, 3), OFFICE) == FIRST + TICK


@pytest.mark.parametrize("spans", [[], [Span(at(20, 9), at(20, 10))], [Span(at(20, 9), at(20, 9))]])
def test_a_clock_that_stopped_before(spans: list[Span]) -> None:
    assert moment_of(TWO_HOURS, spans, WHOLE, OFFICE) is None


@given(LIMITS, histories(), schedules(), MOMENTS)
def test_a_reading_equals_the_slow_reckoning(
    limit: Limit, spans: list[Span], schedule: Schedule, now: datetime
) -> None:
    ran = [(span.start, min(span.end or now, now)) for span in spans if span.start < now]
    used = sum((slowly(limit.basis, schedule, start, end) for start, end in ran), NOTHING)
    reading = read_clock(limit, spans, now, schedule)
    assert reading.elapsed == used
    assert reading.share == Fraction(used // STEP, limit.amount // STEP)
    assert reading.running == any(span.start <= now and (span.end is None or now < span.end) for span in spans)


@given(LIMITS, histories(), schedules(), MOMENTS)
def test_due_and_late_follow_from_what_was_used(
    limit: Limit, spans: list[Span], schedule: Schedule, now: datetime
) -> None:
    reading = read_clock(limit, spans, now, schedule)
    used_up = reading.elapsed >= limit.amount
    assert (reading.due_at is not None) == (used_up or reading.running)
    if reading.due_at is not None:
        assert (reading.due_at <= now) == used_up
    assert (reading.elapsed > limit.amount) <= reading.is_late <= used_up
    if limit.basis is Basis.CLOCK:
        assert reading.is_late == (reading.elapsed > limit.amount)


@given(LIMITS, histories(), schedules(), SHARES)
def test_a_moment_is_when_the_clock_first_shows_that_share(
    limit: Limit, spans: list[Span], schedule: Schedule, share: Fraction
) -> None:
    moment = moment_of(limit, spans, share, schedule)
    if moment is None:
        end = max((span.end for span in spans if span.end), default=FIRST)
        assert not spans or read_clock(limit, spans, end, schedule).share < share
    else:
        assert read_clock(limit, spans, moment, schedule).share >= share
        before = read_clock(limit, spans, moment - TICK, schedule)
        assert before.share < share or share == 0


@given(LIMITS, histories(), schedules(), st.tuples(MOMENTS, MOMENTS).map(sorted))
def test_a_clock_never_runs_back(limit: Limit, spans: list[Span], schedule: Schedule, moments: list[datetime]) -> None:
    sooner, later = (read_clock(limit, spans, now, schedule) for now in moments)
    assert sooner.elapsed <= later.elapsed
    assert sooner.is_late <= later.is_late


@given(LIMITS, histories(stopped=True), schedules(), MOMENTS)
def test_spans_add_up(limit: Limit, spans: list[Span], schedule: Schedule, now: datetime) -> None:
    apart = sum((read_clock(limit, [span], now, schedule).elapsed for span in spans), NOTHING)
    assert read_clock(limit, spans, now, schedule).elapsed == apart


@given(LIMITS, histories(), schedules(), st.tuples(MOMENTS, MOMENTS).map(sorted))
def test_an_empty_pause_changes_nothing(
    limit: Limit, spans: list[Span], schedule: Schedule, moments: list[datetime]
) -> None:
    cut, now = moments
    parts = [part for span in spans for part in _cut(span, cut)]
    assert read_clock(limit, parts, now, schedule) == read_clock(limit, spans, now, schedule)


def _cut(span: Span, moment: datetime) -> list[Span]:
    if span.start < moment and (span.end is None or moment < span.end):
        return [Span(span.start, moment), Span(moment, span.end)]
    return [span]


@given(LIMITS, histories(), schedules())
def test_nothing_counts_during_a_pause(limit: Limit, spans: list[Span], schedule: Schedule) -> None:
    pauses = [(one.end, other.start) for one, other in pairwise(spans) if one.end and one.end < other.start]
    for start, end in pauses:
        readings = [read_clock(limit, spans, moment, schedule) for moment in (start, end - TICK)]
        assert readings[0] == readings[1]
        assert not readings[0].running


@pytest.mark.parametrize("amount", [NOTHING, -HOUR])
def test_a_limit_leaves_time(amount: timedelta) -> None:
    with pytest.raises(ValueError, match="limit"):
        Limit(amount, Basis.CLOCK)


def test_a_span_ends_after_it_starts() -> None:
    with pytest.raises(ValueError, match="stop before"):
        Span(at(20, 10), at(20, 9))


@pytest.mark.parametrize(
    "spans",
    [
        [Span(at(20, 9)), Span(at(20, 10))],
        [Span(at(20, 9), at(20, 11)), Span(at(20, 10), at(20, 12))],
        [Span(at(21, 9), at(21, 10)), Span(at(20, 9), at(20, 10))],
    ],
)
def test_spans_follow_each_other(spans: list[Span]) -> None:
    with pytest.raises(ValueError, match="in order"):
        read_clock(TWO_HOURS, spans, at(22, 0), OFFICE)
    with pytest.raises(ValueError, match="in order"):
        moment_of(TWO_HOURS, spans, WHOLE, OFFICE)


def test_no_share_is_negative() -> None:
    with pytest.raises(ValueError, match="negative"):
        moment_of(TWO_HOURS, PAUSED, Fraction(-1), OFFICE)
