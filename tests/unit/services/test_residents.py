import pytest

from community.core.errors import NotFound
from community.core.residents import ChannelAccount
from community.services.ports import UnitOfWork
from community.services.residents import account_of, identify, remember_contacts, resident_of


async def test_identify_knows_a_person_again(uow: UnitOfWork) -> None:
    first = await identify(uow, "wechat", "王芳")
    assert await identify(uow, "wechat", "王芳") == first
    assert (await identify(uow, "telegram", "王芳")).id != first.id


async def test_contacts_are_remembered_in_order_without_repeats(uow: UnitOfWork, account: ChannelAccount) -> None:
    for contacts in (["a", "b"], ["b", "c", "c"], []):
        await remember_contacts(uow, account.resident_id, contacts)
    assert (await resident_of(uow, account.id)).contacts == ["a", "b", "c"]


async def test_nobody_there(uow: UnitOfWork) -> None:
    with pytest.raises(NotFound):
        await account_of(uow, 404)
    with pytest.raises(NotFound):
        await resident_of(uow, 404)
    with pytest.raises(NotFound):
        await remember_contacts(uow, 404, ["13800138000"])
