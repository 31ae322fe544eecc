"""The clock of a limit 时限: how much of it is used, when it will be, and that it stands still during a pause.

All of it is exact: whole microseconds and fractions. What belongs to no span, such as waiting for the resident, is a
pause and does not count.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from math import ceil

from community.core.worktime import Basis, Schedule, elapsed, moment_after

_MICROSECOND = timedelta(microseconds=1)
_NOTHING = timedelta(0)
_WHOLE = Fraction(1)


@dataclass(frozen=True)
class Limit:
    """How much time there is, in hours of the clock or in working hours; ValueError unless more than none."""

    amount: timedelta
    basis: Basis

    def __post_init__(self) -> None:
        if self.amount <= _NOTHING:
            raise ValueError("a limit must leave some time")


@dataclass(frozen=True)
class Span:
    """One stretch in which the clock ran; `end` None: it still does. ValueError when it ends before it starts."""

    start: datetime
    end: datetime | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end < self.start:
            raise ValueError("a clock may not stop before it starts")


@dataclass(frozen=True)
class Reading:
    """What a clock shows at one moment.

    `due_at` is when the limit was used up, or will be if the clock runs on; None when it stands still before that.
    `is_late` says that the clock ran past `due_at`, by however little. To end at that very moment is in time; to go on
    after it is late, also in an evening in which no working hour is lost.
    """

    limit: Limit
    elapsed: timedelta
    running: bool
    due_at: datetime | None
    is_late: bool

    @property
    def share(self) -> Fraction:
        """How much of the limit is used: 0 at first, 1 at `due_at`, more after it."""
        return Fraction(self.elapsed // _MICROSECOND, self.limit.amount // _MICROSECOND)


def read_clock(limit: Limit, spans: Sequence[Span], now: datetime, schedule: Schedule) -> Reading:
    """The clock at `now`, with no regard to anything later; ValueError when spans are out of order or overlap."""
    _check_order(spans)
    so_far = [_until(span, now) for span in spans if span.start <= now]
    used = (elapsed(limit.basis, schedule, span.start, span.end or now) for span in so_far)
    due_at = moment_of(limit, so_far, _WHOLE, schedule)
    return Reading(
        limit=limit,
        elapsed=sum(used, _NOTHING),
        running=bool(so_far) and so_far[-1].end is None,
        due_at=due_at,
        is_late=due_at is not None and any(max(due_at, span.start) < (span.end or now) for span in so_far),
    )


def moment_of(limit: Limit, spans: Sequence[Span], share: Fraction, schedule: Schedule) -> datetime | None:
    """The first moment at which that share of the limit is used, to the microsecond; None if the clock stops before.

    Raises ValueError when the share is negative, or spans are out of order or overlap.
    """
    _check_order(spans)
    remaining = _amount(limit, share)
    for span in spans:
        if span.end is None:
            return moment_after(limit.basis, schedule, span.start, remaining)
        used = elapsed(limit.basis, schedule, span.start, span.end)
        if remaining <= used:
            return moment_after(limit.basis, schedule, span.start, remaining)
        remaining -= used
    return None


def _amount(limit: Limit, share: Fraction) -> timedelta:
    """Rounded up, so that the share is really used by then."""
    if share < 0:
        raise ValueError("a share of a limit may not be negative")
    return ceil(limit.amount // _MICROSECOND * share) * _MICROSECOND


def _until(span: Span, now: datetime) -> Span:
    """The span as it looked at `now`: what stopped later was still running."""
    return Span(span.start) if span.end is None or span.end > now else span


def _check_order(spans: Sequence[Span]) -> None:
    if any(one.end is None or next_.start < one.end for one, next_ in pairwise(spans)):
        raise ValueError("spans must be in order and not overlap, and only the last may be running")
