"""Connections, the same to both databases from outside."""

from typing import Any

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine


def make_engine(url: str) -> AsyncEngine:
    """`sqlite+aiosqlite:///file` or `postgresql+asyncpg://...`; the plain schemes are completed."""
    engine = create_async_engine(
        async_url(url),
        pool_pre_ping=not url.startswith("sqlite"),
        hide_parameters=True,  # an error's message must not carry what residents wrote
    )
    if engine.dialect.name == "sqlite":
        event.listen(engine.sync_engine, "connect", _prepare_sqlite)
        event.listen(engine.sync_engine, "begin", _begin_immediate)
    return engine


def async_url(url: str) -> str:
    for plain, driver in (("sqlite://", "sqlite+aiosqlite://"), ("postgresql://", "postgresql+asyncpg://")):
        if url.startswith(plain):
            return driver + url.removeprefix(plain)
    return url


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we begin transactions ourselves, below
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_immediate(connection: Any) -> None:
    """A transaction that reads first and writes later would fail, not wait, when another wrote in between."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")
