"""From a received message to its answers: kept first, then understood, one person's messages strictly in order."""

import asyncio
import re
from collections.abc import Hashable
from dataclasses import replace
from weakref import WeakValueDictionary

import structlog

from bot.binding import Binding
from bot.channels.ports import Incoming
from bot.positions import Positions
from bot.presses import Presses
from bot.rasa import RasaClient, RasaUnavailable, TurnFailed
from community.core.messages import MAX_TEXT, Message, Reply, clean
from community.core.texts import Texts
from community.services.messages import Turn, complete, next_turn, postpone, receive, say
from community.services.ports import UnitOfWork, UnitOfWorkFactory
from community.services.residents import identify

log = structlog.get_logger()

_ANY_LETTER = re.compile(r"\w")


class Locks:
    """One lock a key; asyncio's locks serve in the order of asking. Kept only while somebody holds or awaits one."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[Hashable, asyncio.Lock] = WeakValueDictionary()

    def __getitem__(self, key: Hashable) -> asyncio.Lock:
        return self._locks.setdefault(key, asyncio.Lock())


class Dialogue:
    def __init__(self, open_uow: UnitOfWorkFactory, texts: Texts, rasa: RasaClient) -> None:
        self._open_uow = open_uow
        self._texts = texts
        self._rasa = rasa
        self._presses = Presses(open_uow)
        self._binding = Binding(open_uow)
        self._positions = Positions(open_uow)
        self._intake = Locks()
        self._turns = Locks()

    async def hear(self, incoming: Incoming, *, deliver: bool) -> list[Message]:
        """See bot.channels.ports.Dialogue."""
        text = clean(incoming.text)
        if (text or incoming.position is None) and (refusal := _refusal(text)):
            return await self.tell(incoming, refusal, deliver=deliver, length=len(text), limit=MAX_TEXT)
        async with self._intake[incoming.channel, incoming.external_user], self._open_uow() as uow:
            sender = incoming.channel, incoming.external_user, incoming.external_id
            message = await receive(uow, *sender, text, position=incoming.position)
        return await self._answer(message, is_button=incoming.is_button, deliver=deliver)

    async def tell(self, incoming: Incoming, text_key: str, *, deliver: bool, **values: object) -> list[Message]:
        """See bot.channels.ports.Dialogue."""
        async with self._intake[incoming.channel, incoming.external_user], self._open_uow() as uow:
            account = await identify(uow, incoming.channel, incoming.external_user)
            return await self._say(uow, account.id, text_key, deliver=deliver, **values)

    async def catch_up(self, account_id: int) -> None:
        """Processes whatever is still pending of this account; the answers go through the outbox."""
        async with self._turns[account_id]:
            await self._process(account_id, None, is_button=False, deliver_own=True)

    async def _answer(self, message: Message, *, is_button: bool, deliver: bool) -> list[Message]:
        async with self._turns[message.account_id]:
            answers = await self._process(message.account_id, message.id, is_button=is_button, deliver_own=deliver)
            if answers is None:
                return await self._note_for_later(message, deliver=deliver)
            return answers

    async def _process(
        self, account_id: int, own_id: int | None, *, is_button: bool, deliver_own: bool
    ) -> list[Message] | None:
        """Answers pending messages in order, up to `own_id`, and returns that one's answers.

        None when Rasa was not there or a turn broke. Answers to older messages have nobody waiting for them, so they
        go through the outbox. Without `own_id` everything is processed that way.
        """
        while True:
            async with self._open_uow() as uow:
                turn = await next_turn(uow, account_id, own_id)
                if turn is None:
                    return await uow.messages.replies_to(own_id) if own_id else []
            own = turn.message.id == own_id
            answers = await self._take(turn, is_button=is_button and own, deliver=deliver_own or not own)
            if answers is None or own:
                return answers

    async def _take(self, turn: Turn, *, is_button: bool, deliver: bool) -> list[Message] | None:
        """The answers of one turn; None when it must be tried again later."""
        if is_button and turn.button is None:
            return await self._complete(turn, [Reply(self._texts.render("stale_button"))], deliver=deliver)
        try:
            replies = await self._replies(turn)
        except RasaUnavailable as error:
            log.warning("rasa.unavailable", message_id=turn.message.id, reason=str(error))
            return None
        except TurnFailed as error:
            log.error("turn.failed", message_id=turn.message.id, reason=str(error))
            return await self._give_way(turn.message, deliver=deliver)
        return await self._complete(turn, replies or [Reply(self._texts.render("silent"))], deliver=deliver)

    async def _replies(self, turn: Turn) -> list[Reply]:
        """What is certain is answered here, everything else by Rasa. Raises as RasaClient.converse."""
        for certain in (self._presses, self._binding, self._positions):
            if replies := await certain.answer(turn):
                return replies
        return await self._rasa.converse(turn)

    async def _complete(self, turn: Turn, replies: list[Reply], *, deliver: bool) -> list[Message]:
        async with self._open_uow() as uow:
            return await complete(uow, replace(turn.message, text=turn.text), replies, deliver=deliver)

    async def _give_way(self, message: Message, *, deliver: bool) -> list[Message] | None:
        """After too many broken turns the message is left to people and the next one gets its chance."""
        sorry = Reply(self._texts.render("left_to_people"))
        async with self._open_uow() as uow:
            return await postpone(uow, message, sorry, deliver=deliver)

    async def _note_for_later(self, message: Message, *, deliver: bool) -> list[Message]:
        async with self._open_uow() as uow:
            return await self._say(uow, message.account_id, "noted_for_later", deliver=deliver)

    async def _say(
        self, uow: UnitOfWork, account_id: int, text_key: str, *, deliver: bool, **values: object
    ) -> list[Message]:
        said = await say(uow, account_id, Reply(self._texts.render(text_key, **values)), deliver=deliver)
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
