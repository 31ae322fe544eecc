"""Moments and time limits as staff read them: Shanghai time, and a colour with words."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from community.core.cases import Case
from community.core.clock import shanghai
from community.core.texts import Texts
from community.core.workflow import FINISHED, UNDER_LIMIT

SOON = 0.25  # of the whole limit left, or less


class DueLevel(StrEnum):
    OVERDUE = "overdue"
    SOON = "soon"
    FINE = "fine"
    MET = "met"  # handled, not yet closed
    CLOSED = "closed"


@dataclass(frozen=True)
class Moment:
    """`iso` for machines; `text` without the year while it is the current one."""

    iso: str
    text: str


@dataclass(frozen=True)
class Due:
    level: DueLevel
    words: str
    at: Moment | None  # None while the clock stands still


def moment(at: datetime, now: datetime) -> Moment:
    local = shanghai(at)
    form = "%m-%d %H:%M" if local.year == shanghai(now).year else "%Y-%m-%d %H:%M"
    return Moment(local.isoformat(timespec="minutes"), local.strftime(form))


def due(case: Case, now: datetime, texts: Texts) -> Due:
    level = due_level(case, now)
    if case.due_at is None:
        return Due(level, _due_words(level, timedelta(0), texts), None)
    return Due(level, _due_words(level, case.due_at - now, texts), moment(case.due_at, now))


def due_level(case: Case, now: datetime) -> DueLevel:
    if case.status in FINISHED:
        return DueLevel.CLOSED
    if case.status not in UNDER_LIMIT or case.due_at is None:
        return DueLevel.MET
    if case.due_at < now:
        return DueLevel.OVERDUE
    soon = case.due_at - now <= SOON * (case.due_at - case.opened_at)
    return DueLevel.SOON if soon else DueLevel.FINE


def _due_words(level: DueLevel, left: timedelta, texts: Texts) -> str:
    if level is DueLevel.CLOSED:
        return texts.render("due_closed")
    if level is DueLevel.MET:
        return texts.render("due_met")
    return left_words(left, texts)


def left_words(left: timedelta, texts: Texts) -> str:
    """剩3小时, or 超期3小时 when there is less than nothing left."""
    over = left < timedelta(0)
    minutes = int(abs(left) / timedelta(minutes=1))
    if minutes < 60:
        return texts.render("due_over_minutes" if over else "due_left_minutes", minutes=max(minutes, 1))
    if minutes < 48 * 60:
        return texts.render("due_over_hours" if over else "due_left_hours", hours=minutes // 60)
    return texts.render("due_over_days" if over else "due_left_days", days=minutes // (24 * 60))
