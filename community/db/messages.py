from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from community.core.messages import Button, Direction, Message, Progress
from community.db.mapping import to_core, to_values
from community.db.models import MessageRow


def _to_message(row: MessageRow) -> Message:
    return to_core(Message, row, buttons=tuple(Button(title, payload) for title, payload in row.buttons))


def _values(message: Message) -> dict[str, Any]:
    return to_values(message, buttons=[[b.title, b.payload] for b in message.buttons])


class SqlMessageRepository:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, message: Message) -> None:
        row = MessageRow(**_values(message))
        self._session.add(row)
        await self._session.flush()
        message.id = row.id

    async def get(self, message_id: int) -> Message | None:
        row = await self._session.get(MessageRow, message_id)
        return _to_message(row) if row else None

    async def save(self, message: Message) -> None:
        await self._session.execute(update(MessageRow).where(MessageRow.id == message.id).values(_values(message)))

    async def by_external_id(self, account_id: int, external_id: str) -> Message | None:
        found = await self._all(
            select(MessageRow).where(MessageRow.account_id == account_id, MessageRow.external_id == external_id)
        )
        return found[0] if found else None

    async def oldest_pending(self, account_id: int, up_to: int | None) -> Message | None:
        question = (
            select(MessageRow)
            .where(MessageRow.account_id == account_id, MessageRow.progress == Progress.PENDING)
            .order_by(MessageRow.id)
            .limit(1)
        )
        found = await self._all(question if up_to is None else question.where(MessageRow.id <= up_to))
        return found[0] if found else None

    async def accounts_waiting(self, now: datetime) -> list[int]:
        question = (
            select(MessageRow.account_id)
            .where(MessageRow.progress == Progress.PENDING)
            .group_by(MessageRow.account_id)
            .having(func.max(MessageRow.retry_at) <= now)
        )
        return list(await self._session.scalars(question))

    async def replies_to(self, message_id: int) -> list[Message]:
        return await self._all(select(MessageRow).where(MessageRow.reply_to == message_id).order_by(MessageRow.id))

    async def said_since_last_turn(self, account_id: int) -> list[Message]:
        last_turn = (
            select(func.coalesce(func.max(MessageRow.id), 0))
            .where(
                MessageRow.account_id == account_id,
                MessageRow.direction == Direction.IN,
                MessageRow.progress == Progress.DONE,
            )
            .scalar_subquery()
        )
        return await self._all(
            select(MessageRow)
            .where(
                MessageRow.account_id == account_id,
                MessageRow.direction == Direction.OUT,
                MessageRow.id > last_turn,
            )
            .order_by(MessageRow.id)
        )

    async def conversation(self, account_id: int, after: int, limit: int) -> list[Message]:
        newest = await self._all(
            select(MessageRow)
            .where(MessageRow.account_id == account_id, MessageRow.id > after)
            .order_by(MessageRow.id.desc())
            .limit(limit)
        )
        return newest[::-1]

    async def _all(self, question: Select[MessageRow]) -> list[Message]:
        return [_to_message(row) for row in await self._session.scalars(question)]
