"""What every repository of keys must do."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from tests.fakes.backends import Backend
from tests.fakes.clock import NOON
from tests.fakes.makers import OpenUow, a_key


async def test_keys_come_back_as_saved_and_by_name(open_uow: OpenUow) -> None:
    key, other = a_key(), a_key(name="a-market")
    async with open_uow() as uow:
        await uow.keys.add(key)
        await uow.keys.add(other)
        key.secret, key.revoked_at = "another", NOON + timedelta(days=1)
        await uow.keys.save(key)
        await uow.commit()
    async with open_uow() as uow:
        assert await uow.keys.all() == [other, key]


async def test_a_name_is_given_once(open_uow: OpenUow) -> None:
    async with open_uow() as uow:
        await uow.keys.add(a_key())
        with pytest.raises(IntegrityError):
            await uow.keys.add(a_key())


async def test_the_secret_is_not_readable_in_the_database(sqlite_backend: Backend) -> None:
    async with sqlite_backend.open_uow() as uow:
        await uow.keys.add(a_key(secret="a telling word"))
        await uow.commit()
    assert sqlite_backend.engine is not None
    async with sqlite_backend.engine.connect() as connection:
        assert "telling" not in str((await connection.execute(text("SELECT * FROM api_key"))).all())
