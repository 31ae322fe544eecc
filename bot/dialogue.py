"""From a received message to its answers: kept first, then understood, one person's messages strictly in order."""

import asyncio
import re
from collections.abc import Hashable
from dataclasses import replace
from weakref import WeakValueDictionary

import structlog

from bot.channels.ports import Incoming
from bot.rasa import RasaClient, RasaUnavailable, TurnFailed, Utterance
from community.core.messages import MAX_TEXT, Message, Progress, Reply, clean
from community.services.messages import complete, postpone, press, receive, say
from community.services.ports import UnitOfWorkFactory
from community.services.residents import identify

log = structlog.get_logger()

_ANY_LETTER = re.compile(r"\w")
_EVERYTHING = 2**62  # larger than any message id


class Locks:
    """One lock a key; asyncio's locks serve in the order of asking. Kept only while somebody holds or awaits one."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[Hashable, asyncio.Lock] = WeakValueDictionary()

    def __getitem__(self, key: Hashable) -> asyncio.Lock:
        return self._locks.setdefault(key, asyncio.Lock())


class Dialogue:
    def __init__(self, open_uow: UnitOfWorkFactory, rasa: RasaClient) -> None:
        self._open_uow = open_uow
        self._rasa = rasa
        self._intake = Locks()
        self._turns = Locks()

    async def hear(self, incoming: Incoming, *, deliver: bool) -> list[Message]:
        """See bot.channels.ports.Dialogue."""
        text = clean(incoming.text)
        if refusal := _refusal(text):
            return await self.tell(incoming, refusal, deliver=deliver, length=len(text), limit=MAX_TEXT)
        async with self._intake[incoming.channel, incoming.external_user], self._open_uow() as uow:
            message = await receive(uow, incoming.channel, incoming.external_user, incoming.external_id, text)
        return await self._answer(message, is_button=incoming.is_button, deliver=deliver)

    async def tell(self, incoming: Incoming, text_key: str, *, deliver: bool, **values: object) -> list[Message]:
        """See bot.channels.ports.Dialogue."""
        async with self._open_uow() as uow:
            account = await identify(uow, incoming.channel, incoming.external_user)
            reply = Reply(uow.reference.texts.render(text_key, **values))
            said = await say(uow, account.id, reply, deliver=deliver)
            await uow.commit()
        return [said]

    async def catch_up(self, account_id: int) -> None:
        """Processes whatever is still pending of this account; the answers go through the outbox."""
        async with self._turns[account_id]:
            await self._process(account_id, _EVERYTHING, is_button=False, deliver_own=True)

    async def _answer(self, message: Message, *, is_button: bool, deliver: bool) -> list[Message]:
        async with self._turns[message.account_id]:
            in_time = await self._process(message.account_id, message.id, is_button=is_button, deliver_own=deliver)
            async with self._open_uow() as uow:
                answers = await uow.messages.replies_to(message.id)
            if answers or in_time:
                return answers
            return await self._note_for_later(message, deliver=deliver)

    async def _process(self, account_id: int, up_to: int, *, is_button: bool, deliver_own: bool) -> bool:
        """Answers pending messages in order; False when Rasa was not there or a turn broke.

        Answers to older messages than `up_to` have nobody waiting for them, so they go through the outbox.
        """
        async with self._open_uow() as uow:
            waiting = await uow.messages.pending(account_id, up_to)
        for message in waiting:
            own = message.id == up_to
            if not await self._turn(message, is_button=is_button and own, deliver=deliver_own or not own):
                return False
        return True

    async def _turn(self, message: Message, *, is_button: bool, deliver: bool) -> bool:
        async with self._open_uow() as uow:
            button = await press(uow, message.account_id, message.text)
            if is_button and button is None:
                stale = Reply(uow.reference.texts.render("stale_button"))
                await complete(uow, message, [stale], deliver=deliver)
                return True
        utterance = Utterance(
            account_id=message.account_id,
            message_id=message.id,
            text=button.title if button else message.text,
            payload=button.payload if button else None,
            at=message.at,
        )
        try:
            replies = await self._rasa.converse(utterance)
        except RasaUnavailable as error:
            log.warning("rasa.unavailable", message_id=message.id, reason=str(error))
            return False
        except TurnFailed as error:
            log.error("turn.failed", message_id=message.id, reason=str(error))
            return await self._give_way(message, deliver=deliver)
        async with self._open_uow() as uow:
            if not replies:
                replies = [Reply(uow.reference.texts.render("silent"))]
            await complete(uow, replace(message, text=utterance.text), replies, deliver=deliver)
        return True

    async def _give_way(self, message: Message, *, deliver: bool) -> bool:
        """After too many broken turns the message is left to people and the next one gets its chance."""
        async with self._open_uow() as uow:
            await postpone(uow, message)
            if message.progress is not Progress.FAILED:
                return False
            sorry = Reply(uow.reference.texts.render("left_to_people"))
            await say(uow, message.account_id, sorry, reply_to=message.id, deliver=deliver)
            await uow.commit()
            return True

    async def _note_for_later(self, message: Message, *, deliver: bool) -> list[Message]:
        async with self._open_uow() as uow:
            noted = Reply(uow.reference.texts.render("noted_for_later"))
            said = await say(uow, message.account_id, noted, deliver=deliver)
            await uow.commit()
        return [said]


def _refusal(text: str) -> str | None:
    """The key of what to say to a text that holds nothing to understand, or too much."""
    if not text:
        return "empty_message"
    if len(text) > MAX_TEXT:
        return "too_long_message"
    if not _ANY_LETTER.search(text):
        return "only_emoji"
    return None
