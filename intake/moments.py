"""Moments as other systems write them: W3C's profile of ISO 8601, always with a time zone."""

from datetime import UTC, datetime

from community.core.clock import shanghai

_FIRST, _LAST = datetime(1970, 1, 2, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)  # further on arithmetic fails


def moment_of(text: str) -> datetime:
    """Raises ValueError. In an address `+` often arrives as the blank it stands for there."""
    day, _, time = text.strip().partition("T")
    moment = datetime.fromisoformat(f"{day}T{time.replace(' ', '+')}" if time else day)
    if moment.tzinfo is None or not _FIRST <= moment <= _LAST:
        raise ValueError(text)
    return moment


def moment_text(moment: datetime | None) -> str | None:
    return shanghai(moment).isoformat(timespec="seconds") if moment else None
