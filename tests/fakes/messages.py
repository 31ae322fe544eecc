from copy import deepcopy
from datetime import datetime

from community.core.messages import Direction, Message, Progress
from tests.fakes.store import Transaction, found, in_order, new_id, require, require_new


class FakeMessageRepository:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, message: Message) -> None:
        tables = await self._transaction.tables()
        require(message.account_id in tables.accounts, "no such account")
        require(message.reply_to is None or message.reply_to in tables.messages, "no such message")
        require_new(tables.messages, message, "account_id", "external_id")
        message.id = new_id(tables.messages)
        tables.messages[message.id] = deepcopy(message)

    async def get(self, message_id: int) -> Message | None:
        return found((await self._messages()).get(message_id))

    async def save(self, message: Message) -> None:
        (await self._messages())[message.id] = deepcopy(message)

    async def by_external_id(self, account_id: int, external_id: str) -> Message | None:
        return next((m for m in await self._of(account_id) if m.external_id == external_id), None)

    async def oldest_pending(self, account_id: int, up_to: int | None) -> Message | None:
        waiting = [m for m in await self._of(account_id) if m.progress is Progress.PENDING]
        return next((m for m in waiting if up_to is None or m.id <= up_to), None)

    async def accounts_waiting(self, now: datetime) -> list[int]:
        latest: dict[int, datetime] = {}
        for m in (await self._messages()).values():
            if m.progress is Progress.PENDING and m.retry_at is not None:
                latest[m.account_id] = max(m.retry_at, latest.get(m.account_id, m.retry_at))
        return [account_id for account_id, retry_at in latest.items() if retry_at <= now]

    async def replies_to(self, message_id: int) -> list[Message]:
        return in_order(m for m in (await self._messages()).values() if m.reply_to == message_id)

    async def said_since_last_turn(self, account_id: int) -> list[Message]:
        own = await self._of(account_id)
        turns = (m.id for m in own if m.direction is Direction.IN and m.progress is Progress.DONE)
        last_turn = max(turns, default=0)
        return [m for m in own if m.direction is Direction.OUT and m.id > last_turn]

    async def conversation(self, account_id: int, after: int, limit: int) -> list[Message]:
        newest_first = [m for m in await self._of(account_id) if m.id > after][::-1]
        return newest_first[:limit][::-1]

    async def _of(self, account_id: int) -> list[Message]:
        return in_order(m for m in (await self._messages()).values() if m.account_id == account_id)

    async def _messages(self) -> dict[int, Message]:
        return (await self._transaction.tables()).messages
