"""What every way in needs at hand."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from community.core.clock import Clock
from community.core.texts import Texts
from community.services.ports import UnitOfWorkFactory
from community.services.reference import Reference
from intake.publicity import Publicity


class Limiter:
    """At most `limit` writes a minute for each key: a system gone wild must not keep the others waiting."""

    WINDOW = timedelta(minutes=1)

    def __init__(self, clock: Clock, limit: int = 120) -> None:
        self._clock = clock
        self._limit = limit
        self._admitted: dict[str, deque[datetime]] = {}

    def admits(self, name: str) -> bool:
        """Counts the write when it may go ahead."""
        moments = self._admitted.setdefault(name, deque())
        while moments and moments[0] <= self._clock() - self.WINDOW:
            moments.popleft()
        if len(moments) >= self._limit:
            return False
        moments.append(self._clock())
        return True


@dataclass(frozen=True)
class Desk:
    """`wake` is called after a commit that may have put something in the outbox."""

    open_uow: UnitOfWorkFactory
    reference: Reference
    texts: Texts
    publicity: Publicity
    clock: Clock
    wake: Callable[[], None]
    limiter: Limiter
    production: bool
    started_at: datetime
    writing: asyncio.Lock = field(default_factory=asyncio.Lock)  # two first reports of one account would collide
