"""Bringing a database to the newest revision with Alembic."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

_SCRIPTS = Path(__file__).parent / "migrations"


def alembic_config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    config.attributes["connection"] = connection
    return config


async def upgrade(engine: AsyncEngine, revision: str = "head") -> None:
    await _run(engine, lambda connection: command.upgrade(alembic_config(connection), revision))


async def downgrade(engine: AsyncEngine, revision: str) -> None:
    await _run(engine, lambda connection: command.downgrade(alembic_config(connection), revision))


async def _run(engine: AsyncEngine, work: Callable[[Connection], None]) -> None:
    async with engine.connect() as connection, _free_to_rebuild(connection), connection.begin():
        await connection.run_sync(work)


@asynccontextmanager
async def _free_to_rebuild(connection: AsyncConnection) -> AsyncIterator[None]:
    """SQLite changes a table by putting another in its place, and would refuse to drop one that rows refer to. It
    hears this only outside a transaction.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    driver = (await connection.get_raw_connection()).driver_connection
    assert driver is not None
    await driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        await driver.execute("PRAGMA foreign_keys=ON")
