import pytest

from actions.desk import Desk
from community.core.residents import ChannelAccount
from community.services.reference import Reference
from tests.fakes.backends import Backend
from tests.fakes.makers import committed_account


@pytest.fixture
def desk(fake_backend: Backend, reference: Reference) -> Desk:
    return Desk(fake_backend.open_uow, reference)


@pytest.fixture
async def account(desk: Desk) -> ChannelAccount:
    """The resident who speaks; the first one, so `account-1`."""
    return await committed_account(desk.open_uow)
