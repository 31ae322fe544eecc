from collections.abc import AsyncIterator, Callable

import pytest

from community.core.residents import ChannelAccount
from community.services.ports import UnitOfWork
from community.services.reference import Reference
from tests.fakes.clock import SetClock
from tests.fakes.makers import OpenUow, committed_account
from tests.fakes.store import Store
from tests.fakes.uow import FakeUnitOfWork


@pytest.fixture
async def account(open_uow: OpenUow) -> ChannelAccount:
    return await committed_account(open_uow)


@pytest.fixture
async def uow(open_uow: OpenUow) -> AsyncIterator[UnitOfWork]:
    """One that a test may use from beginning to end, when it needs no second look from outside."""
    async with open_uow() as uow:
        yield uow


@pytest.fixture(scope="session")
def new_memory(reference: Reference) -> Callable[[], OpenUow]:
    """For property tests: an empty storage in memory at each call."""

    def new() -> OpenUow:
        store = Store()
        return lambda: FakeUnitOfWork(store, SetClock(), reference)

    return new
