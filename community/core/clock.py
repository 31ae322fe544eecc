"""One clock for everything, so that a test or a demonstration can choose the day."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")  # China has kept one offset without DST since 1991

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Now, timezone-aware in UTC."""
    return datetime.now(UTC)


def clock_from(start: datetime) -> Clock:
    """A clock that reads `start` at this moment and runs on from there. A naive start means Shanghai time."""
    if start.tzinfo is None:
        start = start.replace(tzinfo=SHANGHAI)
    offset = start - system_clock()
    return lambda: system_clock() + offset


def shanghai(moment: datetime) -> datetime:
    return moment.astimezone(SHANGHAI)
