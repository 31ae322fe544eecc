"""People who work in the console."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

MAX_FAILURES = 5
LOCK_TIME = timedelta(minutes=15)


class Role(StrEnum):
    ADMIN = "admin"
    DISPATCHER = "dispatcher"


@dataclass(kw_only=True)
class Staff:
    id: int = 0
    username: str
    password_hash: str
    role: Role
    created_at: datetime
    failures: int = 0
    locked_until: datetime | None = None
