"""Sending what the outbox holds, and coming back to messages that Rasa could not take at the time."""

import asyncio
from collections.abc import Mapping

import structlog

from bot.channels.ports import NotDelivered, Sender
from bot.dialogue import Dialogue, Locks
from bot.rasa import RasaClient
from community.core.outbox import Delivery
from community.services.outbox import mark_delivered, mark_failed, parcel
from community.services.ports import UnitOfWorkFactory

log = structlog.get_logger()

_PAUSE = 1.0  # seconds between looks at the outbox when nothing wakes us
_BATCH = 100


class Courier:
    def __init__(self, open_uow: UnitOfWorkFactory, senders: Mapping[str, Sender]) -> None:
        self._open_uow = open_uow
        self._senders = senders
        self._busy = Locks()
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """Look at the outbox now."""
        self._woken.set()

    async def run(self) -> None:
        while True:
            self._woken.clear()
            try:
                await self.deliver_due()
            except Exception:  # the database may be away for a while; the rows are still there afterwards
                log.exception("outbox.round_failed")
            try:
                await asyncio.wait_for(self._woken.wait(), _PAUSE)
            except TimeoutError:
                continue

    async def deliver_due(self) -> None:
        async with self._open_uow() as uow:
            due = await uow.outbox.due(uow.now(), _BATCH)
        await asyncio.gather(*(self.flush(delivery.account_id) for delivery in due))

    async def flush(self, account_id: int) -> None:
        """Sends what waits for one account, in order, up to the first failure."""
        async with self._busy[account_id]:
            async with self._open_uow() as uow:
                waiting, now = await uow.outbox.waiting_for(account_id), uow.now()
            for delivery in waiting:
                if delivery.next_attempt_at > now or not await self._attempt(delivery):
                    return

    async def _attempt(self, delivery: Delivery) -> bool:
        async with self._open_uow() as uow:
            account, message = await parcel(uow, delivery)
        sender = self._senders.get(account.channel)
        try:
            if sender is None:
                raise NotDelivered(f"channel {account.channel} is switched off")
            await sender.send(account.external_id, message)
        except NotDelivered as error:
            log.warning("delivery.failed", delivery_id=delivery.id, attempts=delivery.attempts + 1, reason=str(error))
            async with self._open_uow() as uow:
                await mark_failed(uow, delivery, str(error), hopeless=error.hopeless, not_before=error.retry_after)
            return error.hopeless
        async with self._open_uow() as uow:
            await mark_delivered(uow, delivery)
        return True


class Recovery:
    """Messages that came while Rasa was away are answered once it is back."""

    def __init__(self, open_uow: UnitOfWorkFactory, dialogue: Dialogue, rasa: RasaClient, courier: Courier) -> None:
        self._open_uow = open_uow
        self._dialogue = dialogue
        self._rasa = rasa
        self._courier = courier

    async def run(self) -> None:
        while True:
            await asyncio.sleep(_PAUSE)
            try:
                await self.catch_up()
            except Exception:  # as above: nothing is lost by looking again in a second
                log.exception("recovery.round_failed")

    async def catch_up(self) -> None:
        async with self._open_uow() as uow:
            waiting = await uow.messages.accounts_waiting(uow.now())
        if not waiting or not await self._rasa.ready():
            return
        for account_id in waiting:
            await self._dialogue.catch_up(account_id)
        self._courier.wake()
