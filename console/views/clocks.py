"""The clocks of a case: how much of each limit is used, by when, and why it stands still."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from community.core.alarms import ClockName, read
from community.core.clocks import Limit, Reading
from community.core.history import History
from community.core.texts import Texts
from community.core.workflow import FINISHED, UNDER_LIMIT, Status
from community.core.worktime import Basis
from community.services.reference import Reference
from community.services.wording import day_words
from console import labels
from console.views.cases import Share
from console.views.moments import DueLevel, Moment, left_words, moment

NEARLY, WHOLE = 80, 100  # percent
_DONE = frozenset({Status.RESOLVED, Status.VERIFIED, Status.ARCHIVED})


@dataclass(frozen=True)
class ClockLine:
    """`at` is when the limit is used up; None while the clock stands."""

    name: str
    limit: str
    share: Share
    level: DueLevel
    words: str
    at: Moment | None


def clock_lines(history: History, reference: Reference, texts: Texts, now: datetime) -> list[ClockLine]:
    readings = [(clock, read(history, clock, now, reference.loop.schedule)) for clock in ClockName]
    return [_line(clock, found, history, reference, texts, now) for clock, found in readings if found]


def _line(
    clock: ClockName, reading: Reading, history: History, reference: Reference, texts: Texts, now: datetime
) -> ClockLine:
    percent = int(reading.share * 100)
    left = reading.due_at - now if reading.running and reading.due_at else None
    return ClockLine(
        name=texts.render(labels.CLOCKS[clock]),
        limit=limit_words(reading.limit, texts),
        share=Share(percent, "low" if percent >= WHOLE else "middle" if percent >= NEARLY else "high"),
        level=_level(reading, percent),
        words=_standing(clock, reading, history, reference, texts) if left is None else left_words(left, texts),
        at=moment(reading.due_at, now) if left is not None and reading.due_at else None,
    )


def _level(reading: Reading, percent: int) -> DueLevel:
    if reading.is_late:
        return DueLevel.OVERDUE
    if not reading.running:
        return DueLevel.MET
    return DueLevel.SOON if percent >= NEARLY else DueLevel.FINE


def _standing(clock: ClockName, reading: Reading, history: History, reference: Reference, texts: Texts) -> str:
    """Why no time is used at the moment."""
    if history.status in _DONE or (clock is ClockName.RESPONSE and history.responded):
        return texts.render("clock_late" if reading.is_late else "clock_met")
    if history.suspended_until:
        return texts.render("clock_suspended", until=day_words(reference, history.suspended_until))
    if history.waiting and history.status in UNDER_LIMIT:
        return texts.render("clock_waiting")
    return texts.render("due_closed" if history.status in FINISHED else "clock_stopped")


def limit_words(limit: Limit, texts: Texts) -> str:
    """24小时, 8个工作小时, 10天: the largest unit that leaves nothing over."""
    for step, unit in ((timedelta(days=1), "days"), (timedelta(hours=1), "hours"), (timedelta(minutes=1), "minutes")):
        in_days_of_work = unit == "days" and (limit.basis is Basis.WORK or limit.amount < 2 * step)
        if not in_days_of_work and not limit.amount % step:
            break
    return texts.render(f"{labels.BASES[limit.basis]}_{unit}", amount=limit.amount // step)
