"""When a case asks for attention by itself: its limits are being used up, or a day agreed on has come."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction

from community.core.clocks import Limit, Reading, Span, moment_of, read_clock
from community.core.history import History
from community.core.workflow import Status
from community.core.worktime import Schedule


class ClockName(StrEnum):
    RESPONSE = "response"  # until somebody takes it up
    RESOLVE = "resolve"  # until it is dealt with


@dataclass(frozen=True)
class Alarm:
    """At `percent` of a limit somebody is told: level 0 the unit that leads, 1 to 3 the grid managers 三级网格长."""

    clock: ClockName
    percent: int
    level: int

    @property
    def key(self) -> str:
        return f"{self.clock}:{self.percent}"


@dataclass(frozen=True)
class Vigil:
    """What to watch for in every case."""

    alarms: tuple[Alarm, ...]
    archive_after: timedelta  # a verified case nobody complains about


def read(history: History, clock: ClockName, now: datetime, schedule: Schedule) -> Reading | None:
    """How one clock of a case stands; None before it was routed."""
    if (found := _clock(history, clock)) is None:
        return None
    limit, spans = found
    return read_clock(limit, spans, now, schedule)


def moment(history: History, alarm: Alarm, schedule: Schedule) -> datetime | None:
    """When this alarm is to ring; None when it has, or when the clock stands still."""
    found = _clock(history, alarm.clock)
    if found is None or alarm.key in history.alarms:
        return None
    limit, spans = found
    if not spans or spans[-1].end is not None:
        return None
    return moment_of(limit, spans, Fraction(alarm.percent, 100), schedule)


def due_alarms(history: History, vigil: Vigil, schedule: Schedule, now: datetime) -> list[Alarm]:
    """What should have rung by now, the earliest first."""
    moments = ((moment(history, alarm, schedule), alarm) for alarm in vigil.alarms)
    due = [(at, alarm) for at, alarm in moments if at is not None and at <= now]
    return [alarm for _, alarm in sorted(due, key=lambda pair: (pair[0], pair[1].level))]


def next_look(history: History, vigil: Vigil, schedule: Schedule) -> datetime | None:
    """When the case must be looked at next."""
    moments = [moment(history, alarm, schedule) for alarm in vigil.alarms]
    moments.append(history.suspended_until)
    moments.append(archive_at(history, vigil))
    return _earliest(moments)


def archive_at(history: History, vigil: Vigil) -> datetime | None:
    return history.changed_at + vigil.archive_after if history.status is Status.VERIFIED else None


def _clock(history: History, clock: ClockName) -> tuple[Limit, tuple[Span, ...]] | None:
    if history.terms is None:
        return None
    if clock is ClockName.RESPONSE:
        return history.terms.response, history.response
    return history.terms.resolve, history.resolve


def _earliest(moments: Iterable[datetime | None]) -> datetime | None:
    return min((at for at in moments if at is not None), default=None)
