"""A case lived before the loop kept its clocks survives the migration both ways, and is carried on after it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from community.core.workflow import Actor, Move, Status
from community.db.migrate import downgrade, upgrade
from community.services.cases import case_file, change_status
from community.services.reference import Reference
from tests.fakes.backends import PostgreSQL, engine_at, sql_backend
from tests.fakes.clock import SetClock

AT = "'2026-11-20 02:00:00+00:00'"
LIVED = [
    f"INSERT INTO resident (id, created_at, contacts) VALUES (1, {AT}, '')",
    "INSERT INTO channel_account (id, resident_id, channel, external_id, created_at)"
    f" VALUES (1, 1, 'telegram', '42', {AT})",
    f"INSERT INTO staff (id, username, password_hash, role, created_at, failures)"
    f" VALUES (1, '王芳', 'x', 'dispatcher', {AT}, 0)",
    'INSERT INTO "case" (id, number, account_id, origin, description, service_code, appeal_type, urgency, alternatives,'
    " address, unit_code, status, opened_at, due_at, version)"
    " VALUES (1, 'KT20261120-0001', 1, 'message:1', '垃圾没人清', 'exposed_waste', 'complaint', 'routine', '[]',"
    f" '3号楼', 'sanitation', 'assigned', {AT}, {AT}, 2)",
    "INSERT INTO case_event (case_id, kind, at, actor, actor_name, from_status, to_status, note, data)"
    f" VALUES (1, 'opened', {AT}, 'resident', '', NULL, 'reported', '', '{{}}')",
    "INSERT INTO case_event (case_id, kind, at, actor, actor_name, from_status, to_status, note, data)"
    f" VALUES (1, 'status_changed', {AT}, 'staff', '王芳', 'reported', 'assigned', '请处理', '{{}}')",
]
KEPT = 'SELECT number, description, unit_code, status, opened_at, due_at, version FROM "case"'
ACTORS = "SELECT actor FROM case_event ORDER BY id"


@pytest.fixture(params=["sqlite", "postgresql"])
async def engine(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    if request.param == "sqlite":
        async with engine_at(f"sqlite:///{tmp_path / 'lived.db'}") as engine:
            yield engine
        return
    server: PostgreSQL = request.getfixturevalue("postgresql")
    async with server.database(template="template1") as url, engine_at(url) as engine:
        yield engine


async def _asked(engine: AsyncEngine, question: str) -> list[tuple[object, ...]]:
    async with engine.connect() as connection:
        return [tuple(row) for row in await connection.execute(text(question))]


async def test_a_case_survives_and_is_carried_on(engine: AsyncEngine, reference: Reference, clock: SetClock) -> None:
    await upgrade(engine, "0004")
    async with engine.begin() as connection:
        for statement in LIVED:
            await connection.execute(text(statement))
    before = await _asked(engine, KEPT)
    await upgrade(engine)
    assert (await _asked(engine, KEPT), await _asked(engine, ACTORS)) == (before, [("resident",), ("dispatcher",)])
    await downgrade(engine, "0004")
    assert (await _asked(engine, KEPT), await _asked(engine, ACTORS)) == (before, [("resident",), ("staff",)])
    await upgrade(engine)
    assert await _asked(engine, KEPT) == before
    if engine.dialect.name == "sqlite":
        assert await _asked(engine, "PRAGMA foreign_key_check") == []
        assert await _asked(engine, "PRAGMA foreign_keys") == [(1,)]
    backend = sql_backend(engine, clock, reference)
    move = Move(to=Status.RESOLVED, actor=Actor.HANDLER, note="已清运")
    async with backend.open_uow() as uow:
        await change_status(uow, 1, 2, move, actor_name="王芳")
    async with backend.open_uow() as uow:
        file = await case_file(uow, 1)
    assert (file.case.status, file.case.unit_code, file.history.terms) == (Status.RESOLVED, "sanitation", None)
