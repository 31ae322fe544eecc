from collections.abc import AsyncIterator

import pytest

from community.core.residents import ChannelAccount
from community.services.ports import UnitOfWork
from tests.fakes.makers import OpenUow, committed_account


@pytest.fixture
async def account(open_uow: OpenUow) -> ChannelAccount:
    return await committed_account(open_uow)


@pytest.fixture
async def uow(open_uow: OpenUow) -> AsyncIterator[UnitOfWork]:
    """One that a test may use from beginning to end, when it needs no second look from outside."""
    async with open_uow() as uow:
        yield uow
