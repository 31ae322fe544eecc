import sqlite3
from pathlib import Path

from sqlalchemy import inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine

from community.db.rasa_store import prepare_rasa_store
from tests.fakes.backends import engine_at

EVENTS = "CREATE TABLE events (id INTEGER PRIMARY KEY, sender_id TEXT, type_name TEXT, timestamp FLOAT)"


async def _indexes(engine: AsyncEngine) -> list[str | None]:
    async with engine.connect() as connection:
        return [index["name"] for index in await connection.run_sync(lambda sync: inspect(sync).get_indexes("events"))]


async def test_the_index_comes_once_the_table_is_there(tmp_path: Path) -> None:
    async with engine_at(f"sqlite:///{tmp_path / 'rasa.db'}") as engine:
        await prepare_rasa_store(engine)
        async with engine.begin() as connection:
            await connection.execute(text(EVENTS))
        for _ in range(2):
            await prepare_rasa_store(engine)
        assert await _indexes(engine) == ["ix_events_session"]


async def test_sqlite_keeps_the_write_ahead_log_for_whoever_opens_it_next(tmp_path: Path) -> None:
    path = tmp_path / "rasa.db"
    async with engine_at(f"sqlite:///{path}") as engine:
        await prepare_rasa_store(engine)
    with sqlite3.connect(path) as plain:
        assert plain.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    plain.close()
