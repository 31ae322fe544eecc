"""Nobody forgotten: looks at every case whose time has come, beside everything else the app does."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from community.core.errors import StaleCase
from community.services.ports import UnitOfWorkFactory
from community.services.watch import look_at

log = structlog.get_logger()

_PAUSE = 5.0  # seconds between rounds; limits are hours long
_BATCH = 100
_REST = timedelta(minutes=5)  # a case that cannot be dealt with must not be tried without end


class Watch:
    """What is due stands in the cases themselves, so a restart forgets nothing."""

    def __init__(self, open_uow: UnitOfWorkFactory, wake: Callable[[], None]) -> None:
        self._open_uow = open_uow
        self._wake = wake
        self._resting: dict[int, datetime] = {}  # cases that failed, and until when they are left alone

    async def run(self) -> None:
        while True:
            looked_at = 0
            try:
                looked_at = await self.go_round()
            except Exception:  # the database may be away for a while; the cases are still due afterwards
                log.exception("watch.round_failed")
            await asyncio.sleep(0 if looked_at == _BATCH else _PAUSE)

    async def go_round(self) -> int:
        """Looks at the cases that are due, at most a hundred, and says how many those were."""
        due = await self._due()
        for case_id in due:
            await self._look_at(case_id)
        if due:
            self._wake()
        return len(due)

    async def _due(self) -> list[int]:
        async with self._open_uow() as uow:
            now = uow.now()
            self._resting = {case_id: until for case_id, until in self._resting.items() if until > now}
            waiting = await uow.cases.to_look_at(now, _BATCH + len(self._resting))
        return [case_id for case_id in waiting if case_id not in self._resting][:_BATCH]

    async def _look_at(self, case_id: int) -> None:
        async with self._open_uow() as uow:
            try:
                await look_at(uow, case_id)
            except StaleCase:  # somebody was faster; if it is still due, the next round finds it
                log.info("watch.overtaken", case_id=case_id)
            except Exception:  # one broken case must not keep the others waiting
                log.exception("watch.case_failed", case_id=case_id)
                self._resting[case_id] = uow.now() + _REST
