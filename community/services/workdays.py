"""Which days are workdays in China, statutory holidays and make-up workdays included, as far as they are announced."""

from datetime import date
from functools import cache, lru_cache

import chinese_calendar
import structlog

log = structlog.get_logger()

_SATURDAY = 5
_DAYS_AHEAD = 60  # the State Council announces the next year in November
_DAYS_KEPT = 4096  # the library needs 17 µs a day, and clocks ask for the same days over and over


@lru_cache(_DAYS_KEPT)
def is_workday(day: date) -> bool:
    """In a year that the library does not know, Monday to Friday; the first such day of each year is logged."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        _warn(day.year)
        return day.weekday() < _SATURDAY


def calendar_gap(today: date) -> int | None:
    """The next year, when it begins within 60 days and its holidays are unknown."""
    new_year = date(today.year + 1, 1, 1)
    is_near = (new_year - today).days <= _DAYS_AHEAD
    return new_year.year if is_near and not _is_known(new_year) else None


def _is_known(day: date) -> bool:
    try:
        chinese_calendar.is_workday(day)
    except NotImplementedError:
        return False
    return True


@cache
def _warn(year: int) -> None:
    log.warning("calendar.year_unknown", year=year)
