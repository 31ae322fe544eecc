"""Public holidays with their make-up workdays; the library knows the years the State Council has announced."""

# ruff: noqa: E501  # tables and patterns are read a line at a time

import logging
from datetime import date, timedelta
from typing import Dict, List

import chinese_calendar
from chinese_calendar.constants import holidays as _announced

logger = logging.getLogger(__name__)

HOLIDAYS: Dict[str, str] = {  # how people call them -> the library's name
    "元旦": "New Year's Day", "春节": "Spring Festival", "过年": "Spring Festival", "清明": "Tomb-sweeping Day", "五一": "Labour Day",
    "劳动节": "Labour Day", "端午": "Dragon Boat Festival", "国庆": "National Day", "十一长假": "National Day", "中秋": "Mid-autumn Festival",
}  # fmt: skip
_FIXED = {"New Year's Day": (1, 1, 1), "Labour Day": (5, 1, 5), "National Day": (10, 1, 7)}  # month, day, length


def holiday_days(name: str, year: int) -> List[date]:
    """The days off, in order; an estimate (or nothing, for the moon's feasts) in years not yet announced."""
    days = sorted(day for day, called in _announced.items() if day.year == year and called == name)
    if days or name not in _FIXED:
        return days
    _warn(year)
    month, first, length = _FIXED[name]
    return [date(year, month, first) + timedelta(days=i) for i in range(length)]


def is_workday(day: date) -> bool:
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        _warn(day.year)
        return day.weekday() < 5


def _warn(year: int) -> None:
    logger.warning("no holiday calendar for %s yet: update chinesecalendar; weekends only until then", year)
