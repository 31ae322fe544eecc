"""What must still be delivered: written in the transaction that made it true, sent after it, tried again."""

from dataclasses import dataclass
from datetime import datetime, timedelta

MAX_ATTEMPTS = 12
_FIRST_DELAY = timedelta(seconds=2)
_LONGEST_DELAY = timedelta(minutes=30)


@dataclass(kw_only=True)
class Delivery:
    id: int = 0
    account_id: int
    message_id: int
    created_at: datetime
    next_attempt_at: datetime
    attempts: int = 0
    delivered_at: datetime | None = None
    abandoned_at: datetime | None = None
    last_error: str = ""


def delay_after(attempts: int) -> timedelta:
    """Doubling from two seconds up to half an hour."""
    return min(_FIRST_DELAY * (1 << (attempts - 1)), _LONGEST_DELAY)
