"""What every unit of work must do, and what the two databases must besides."""

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from community.core.residents import Resident
from community.services.ports import UnitOfWork
from tests.fakes.backends import Backend
from tests.fakes.clock import NOON, SetClock
from tests.fakes.makers import OpenUow, a_message, an_account, committed_account


async def _is_empty(open_uow: OpenUow) -> bool:
    async with open_uow() as uow:
        return await uow.residents.find_account("telegram", "42") is None


async def _write_then_fail(open_uow: OpenUow) -> None:
    async with open_uow() as uow:
        await an_account(uow)
        raise ZeroDivisionError


async def test_leaving_without_commit_undoes_everything(open_uow: OpenUow) -> None:
    async with open_uow() as uow:
        account = await an_account(uow)
        await uow.messages.add(a_message(account_id=account.id))
    assert await _is_empty(open_uow)


async def test_an_error_undoes_everything_and_passes_through(open_uow: OpenUow) -> None:
    with pytest.raises(ZeroDivisionError):
        await _write_then_fail(open_uow)
    assert await _is_empty(open_uow)


async def test_what_was_committed_stays_when_the_rest_is_undone(open_uow: OpenUow) -> None:
    async with open_uow() as uow:
        kept = await an_account(uow, "42")
        await uow.commit()
        await an_account(uow, "43")
    async with open_uow() as uow:
        assert await uow.residents.find_account("telegram", "42") == kept
        assert await uow.residents.find_account("telegram", "43") is None


async def test_nobody_sees_what_is_not_committed(open_uow: OpenUow) -> None:
    started, looked = asyncio.Event(), asyncio.Event()

    async def write() -> None:
        async with open_uow() as uow:
            await an_account(uow)
            started.set()
            await asyncio.sleep(0.05)
            assert not looked.is_set() or await uow.residents.find_account("telegram", "42")

    async def look() -> bool:
        await started.wait()
        empty = await _is_empty(open_uow)
        looked.set()
        return empty

    _, empty = await asyncio.gather(write(), look())
    assert empty


async def test_a_cancelled_transaction_leaves_nothing_and_blocks_nobody(open_uow: OpenUow) -> None:
    started = asyncio.Event()

    async def hang() -> None:
        async with open_uow() as uow:
            await an_account(uow)
            started.set()
            await asyncio.sleep(60)

    task = asyncio.create_task(hang())
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await _is_empty(open_uow)


async def test_read_then_write_from_many_at_once(open_uow: OpenUow) -> None:
    """On SQLite this fails with `database is locked` unless a transaction begins by asking for the right to write."""
    account = await committed_account(open_uow)

    async def hear(n: int) -> None:
        async with open_uow() as uow:
            assert await uow.messages.by_external_id(account.id, str(n)) is None
            await uow.messages.add(a_message(account_id=account.id, external_id=str(n)))
            await uow.commit()

    await asyncio.gather(*map(hear, range(20)))
    async with open_uow() as uow:
        assert len(await uow.messages.conversation(account.id, after=0, limit=99)) == 20


async def test_now_is_the_clock(open_uow: OpenUow, clock: SetClock) -> None:
    async with open_uow() as uow:
        assert uow.now() == NOON
        assert uow.now() == clock.advance(seconds=0)


@pytest.fixture(params=["sqlite", "postgresql"])
def sql_backend(request: pytest.FixtureRequest) -> Backend:
    chosen: Backend = request.getfixturevalue(f"{request.param}_backend")
    return chosen


async def test_contacts_cannot_be_read_in_the_table(sql_backend: Backend) -> None:
    async with sql_backend.open_uow() as uow:
        await _add_resident(uow, ["13800138000"])
        await _add_resident(uow, [])
        await uow.commit()
    assert sql_backend.engine is not None
    secret, empty = await _column(sql_backend.engine, "SELECT contacts FROM resident ORDER BY id")
    assert "138" not in secret
    assert len(secret) > 80
    assert empty == ""


async def test_enums_are_stored_by_value(sql_backend: Backend) -> None:
    async with sql_backend.open_uow() as uow:
        account = await an_account(uow)
        await uow.messages.add(a_message(account_id=account.id))
        await uow.commit()
    assert sql_backend.engine is not None
    assert await _column(sql_backend.engine, "SELECT direction FROM message") == ["in"]


async def _add_resident(uow: UnitOfWork, contacts: list[str]) -> None:
    await uow.residents.add(Resident(created_at=NOON, contacts=contacts))


async def _column(engine: AsyncEngine, question: str) -> list[str]:
    async with engine.connect() as connection:
        return list(await connection.scalars(text(question)))
