"""Rasa keeps its conversations in a database of its own; what its tables need to stay fast, Rasa does not do."""

from sqlalchemy import Connection, Index, MetaData, Table, inspect
from sqlalchemy.ext.asyncio import AsyncEngine


async def prepare_rasa_store(engine: AsyncEngine) -> None:
    """Connecting alone turns SQLite's write-ahead log on for good (docs/performance.md).

    The index lets Rasa find a conversation's last session without reading all its events. The table is Rasa's to make,
    so the index comes with the first start after that.
    """
    async with engine.begin() as connection:
        await connection.run_sync(_add_index)


def _add_index(connection: Connection) -> None:
    if not inspect(connection).has_table("events"):
        return
    events = Table("events", MetaData(), autoload_with=connection)
    Index("ix_events_session", events.c.sender_id, events.c.type_name, events.c.timestamp).create(
        connection, checkfirst=True
    )
