"""Time as limits count it: every hour of the day, or only the hours in which people are at work.

Moments are timezone-aware; what is returned stands in Shanghai time. Past the year 9999 there is an OverflowError,
also when a schedule never works.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import chain, pairwise

from community.core.clock import SHANGHAI, shanghai

_NOTHING = timedelta(0)


class Basis(StrEnum):
    """Which hours count."""

    CLOCK = "clock"
    WORK = "work"


@dataclass(frozen=True)
class Schedule:
    """When people work: on which days, and within each between which times, by the wall clock of Shanghai.

    Raises ValueError when the hours are missing, out of order, overlapping, empty, or carry a time zone.
    """

    is_workday: Callable[[date], bool]
    hours: tuple[tuple[time, time], ...]

    def __post_init__(self) -> None:
        if not self.hours:
            raise ValueError("a working day needs hours")
        if any(edge.tzinfo is not None for edge in chain.from_iterable(self.hours)):
            raise ValueError("working hours are wall time in Shanghai and carry no zone")
        if any(opens >= closes for opens, closes in self.hours):
            raise ValueError("working hours must begin before they end, on one day")
        if any(closes > opens for (_, closes), (opens, _) in pairwise(self.hours)):
            raise ValueError("working hours must be in order and not overlap")


def worked(schedule: Schedule, start: datetime, end: datetime) -> timedelta:
    """Working time between two moments, exactly; ValueError when `end` lies before `start`."""
    start, end = _ordered(start, end)
    stretches = _stretches(schedule, start, end.date())
    return sum((min(closes, end) - opens for opens, closes in stretches if opens < end), _NOTHING)


def after_work(schedule: Schedule, start: datetime, amount: timedelta) -> datetime:
    """The first moment by which `amount` has been worked since `start`; ValueError when it is negative."""
    start, remaining = shanghai(start), _not_negative(amount)
    if not remaining:
        return start
    for opens, closes in _stretches(schedule, start, date.max):
        if remaining <= closes - opens:
            return opens + remaining
        remaining -= closes - opens
    raise OverflowError("so much is not worked before the year 10000")


def elapsed(basis: Basis, schedule: Schedule, start: datetime, end: datetime) -> timedelta:
    """What counts between two moments; ValueError when `end` lies before `start`."""
    if basis is Basis.WORK:
        return worked(schedule, start, end)
    start, end = _ordered(start, end)
    return end - start


def moment_after(basis: Basis, schedule: Schedule, start: datetime, amount: timedelta) -> datetime:
    """The first moment by which `amount` has counted since `start`; ValueError when it is negative."""
    if basis is Basis.WORK:
        return after_work(schedule, start, amount)
    return shanghai(start) + _not_negative(amount)


def _stretches(schedule: Schedule, start: datetime, last: date) -> Iterator[tuple[datetime, datetime]]:
    """What is left of the working hours from `start` (in Shanghai time) to the end of the day `last`."""
    for ordinal in range(start.toordinal(), last.toordinal() + 1):
        day = date.fromordinal(ordinal)
        if schedule.is_workday(day):
            for opens, closes in schedule.hours:
                begin = max(datetime.combine(day, opens, SHANGHAI), start)
                end = datetime.combine(day, closes, SHANGHAI)
                if begin < end:
                    yield begin, end


def _ordered(start: datetime, end: datetime) -> tuple[datetime, datetime]:
    if end < start:
        raise ValueError("a stretch of time may not end before it begins")
    return shanghai(start), shanghai(end)


def _not_negative(amount: timedelta) -> timedelta:
    if amount < _NOTHING:
        raise ValueError("an amount of time may not be negative")
    return amount
