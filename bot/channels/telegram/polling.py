"""Long polling that tells Telegram to forget an update only once it has been handled."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Sequence

import structlog
from aiogram import Bot
from aiogram.exceptions import AiogramError, TelegramRetryAfter
from aiogram.utils.backoff import Backoff, BackoffConfig

from bot.channels.telegram.updates import GetRawUpdates, RawUpdate, sender

log = structlog.get_logger()

PATIENCE = BackoffConfig(min_delay=1.0, max_delay=30.0, factor=1.5, jitter=0.1)
WAIT = 25  # seconds that Telegram may keep us waiting for an update
MAX_TRIES = 10  # then the update is left behind, so that it cannot hold up everything for ever

Handle = Callable[[RawUpdate], Awaitable[bool]]


class Polling:
    """aiogram's own confirms while handlers still run, so that a crash or a database away loses what was said."""

    def __init__(self, bot: Bot, handle: Handle, kinds: list[str], patience: BackoffConfig = PATIENCE) -> None:
        self._bot = bot
        self._handle = handle
        self._kinds = kinds
        self._backoff = Backoff(patience)
        self._next: int | None = None
        self._done: set[int] = set()
        self._tries: Counter[int] = Counter()

    async def run(self) -> None:
        while True:
            try:
                in_order = await self._take(await self._fetch())
            except TelegramRetryAfter as error:
                await asyncio.sleep(error.retry_after)
                continue
            except AiogramError as error:  # its words may hold our token
                log.warning("telegram.unreachable", reason=type(error).__name__)
                in_order = False
            if in_order:
                self._backoff.reset()
            else:
                await self._backoff.asleep()

    async def _fetch(self) -> list[RawUpdate]:
        request = GetRawUpdates(offset=self._next, timeout=WAIT, allowed_updates=self._kinds)
        return await self._bot(request, request_timeout=WAIT + int(self._bot.session.timeout))

    async def _take(self, updates: Sequence[RawUpdate]) -> bool:
        """Different people side by side; False when something has to be offered again."""
        by_sender: defaultdict[object, list[RawUpdate]] = defaultdict(list)
        for update in updates:
            by_sender[sender(update)].append(update)
        await asyncio.gather(*(self._in_order(own) for own in by_sender.values()))
        for update in updates:
            if update["update_id"] not in self._done:
                return False
            self._next = update["update_id"] + 1
        self._done.clear()
        return True

    async def _in_order(self, updates: Sequence[RawUpdate]) -> None:
        for update in updates:
            if update["update_id"] not in self._done and not await self._settled(update):
                return
            self._done.add(update["update_id"])

    async def _settled(self, update: RawUpdate) -> bool:
        if await self._handle(update):
            return True
        self._tries[update["update_id"]] += 1
        if self._tries[update["update_id"]] < MAX_TRIES:
            return False
        log.error("telegram.update_left_behind", update_id=update["update_id"])
        return True
