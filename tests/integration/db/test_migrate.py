"""Every revision goes up, down and up again, and the models say what the migrations made."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect
from sqlalchemy.ext.asyncio import AsyncEngine

from community.db.migrate import alembic_config, downgrade, upgrade
from community.db.models import Base
from tests.fakes.backends import PostgreSQL, engine_at

REVISIONS = [script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions()][::-1]


@pytest.fixture
async def empty_sqlite(tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    async with engine_at(f"sqlite:///{tmp_path / 'empty.db'}") as engine:
        yield engine


@pytest.fixture
async def empty_postgresql(postgresql: PostgreSQL) -> AsyncIterator[AsyncEngine]:
    async with postgresql.database(template="template1") as url, engine_at(url) as engine:
        yield engine


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> AsyncEngine:
    chosen: AsyncEngine = request.getfixturevalue(f"empty_{request.param}")
    return chosen


async def test_every_revision_goes_up_down_and_up_again(engine: AsyncEngine) -> None:
    for before, revision in zip(["base", *REVISIONS], REVISIONS, strict=False):
        await upgrade(engine, revision)
        made = await _tables(engine)
        await downgrade(engine, before)
        await upgrade(engine, revision)
        assert await _tables(engine) == made
    assert await _tables(engine) == {*Base.metadata.tables, "alembic_version"}


async def test_all_the_way_down_leaves_nothing(engine: AsyncEngine) -> None:
    await upgrade(engine)
    await downgrade(engine, "base")
    assert await _tables(engine) == {"alembic_version"}


async def test_upgrading_twice_changes_nothing(engine: AsyncEngine) -> None:
    await upgrade(engine)
    await upgrade(engine)
    current = await _with(engine, lambda c: MigrationContext.configure(c).get_current_revision())
    assert current == REVISIONS[-1]


async def test_models_equal_migrations(engine: AsyncEngine) -> None:
    await upgrade(engine)
    options = {"compare_type": True, "compare_server_default": True}
    differences = await _with(
        engine, lambda c: compare_metadata(MigrationContext.configure(c, opts=options), Base.metadata)
    )
    assert not differences


async def _tables(engine: AsyncEngine) -> set[str]:
    return set(await _with(engine, lambda connection: inspect(connection).get_table_names()))


async def _with[T](engine: AsyncEngine, ask: Callable[[Connection], T]) -> T:
    async with engine.connect() as connection:
        return await connection.run_sync(ask)
