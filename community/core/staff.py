"""People who work in the console."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from community.core.workflow import Actor

MAX_FAILURES = 5
LOCK_TIME = timedelta(minutes=15)


class Role(StrEnum):
    ADMIN = "admin"
    DISPATCHER = "dispatcher"
    HANDLER = "handler"
    INSPECTOR = "inspector"


# A small committee has one person for everything, so a dispatcher may also report and check what units did.
PARTS: dict[Role, tuple[Actor, ...]] = {
    Role.ADMIN: (Actor.DISPATCHER, Actor.HANDLER, Actor.INSPECTOR),
    Role.DISPATCHER: (Actor.DISPATCHER, Actor.HANDLER, Actor.INSPECTOR),
    Role.HANDLER: (Actor.HANDLER,),
    Role.INSPECTOR: (Actor.INSPECTOR,),
}


@dataclass(kw_only=True)
class Staff:
    id: int = 0
    username: str
    password_hash: str
    role: Role
    created_at: datetime
    unit_code: str | None = None  # whose tasks a handler does
    account_id: int | None = None  # the chat where they are called
    bind_code: str | None = None  # six digits, plain: within minutes they are worth nothing
    bind_until: datetime | None = None
    bind_tries: int = 0
    failures: int = 0
    locked_until: datetime | None = None
