"""Keys of other systems: shown once, revoked, known again."""

import pytest

from community.core.errors import BadKeyName, KeyNameTaken, KeyRefused, NotFound
from community.services.keys import create_key, key_named, key_shown, revoke_key
from community.services.ports import UnitOfWork
from tests.fakes.backends import Backend


@pytest.fixture
def backend(fake_backend: Backend) -> Backend:
    return fake_backend


async def test_a_key_is_known_by_its_secret_and_by_its_name(uow: UnitOfWork) -> None:
    secret = await create_key(uow, "city-road")
    assert (await key_shown(uow, secret)).name == "city-road"
    assert (await key_named(uow, "city-road")).secret == secret


@pytest.mark.parametrize("shown", ["", "wrong", "钥匙", "\ud800"])
async def test_what_is_no_key(uow: UnitOfWork, shown: str) -> None:
    await create_key(uow, "city-road")
    with pytest.raises(KeyRefused):
        await key_shown(uow, shown)
    with pytest.raises(KeyRefused):
        await key_named(uow, shown)


async def test_a_revoked_key_opens_nothing_until_it_is_made_anew(uow: UnitOfWork) -> None:
    old = await create_key(uow, "city-road")
    await revoke_key(uow, "city-road")
    await revoke_key(uow, "city-road")
    with pytest.raises(KeyRefused):
        await key_shown(uow, old)
    with pytest.raises(KeyRefused):
        await key_named(uow, "city-road")
    new = await create_key(uow, "city-road")
    assert (await key_shown(uow, new)).name == "city-road"
    with pytest.raises(KeyRefused):
        await key_shown(uow, old)


async def test_a_name_in_use_is_not_given_again(uow: UnitOfWork) -> None:
    await create_key(uow, "city-road")
    with pytest.raises(KeyNameTaken):
        await create_key(uow, "city-road")


@pytest.mark.parametrize("name", ["", "x", "City", "a b", "路", "-a", "a" * 33, "a:b"])
async def test_names_that_fit_into_no_origin(uow: UnitOfWork, name: str) -> None:
    with pytest.raises(BadKeyName):
        await create_key(uow, name)


async def test_revoking_what_never_was(uow: UnitOfWork) -> None:
    with pytest.raises(NotFound):
        await revoke_key(uow, "nobody")
