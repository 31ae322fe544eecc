"""What every resident repository must do."""

import pytest
from sqlalchemy.exc import IntegrityError

from community.core.residents import Resident
from tests.fakes.clock import NOON
from tests.fakes.makers import OpenUow, an_account


async def test_a_resident_comes_back_as_saved(open_uow: OpenUow) -> None:
    resident = Resident(created_at=NOON)
    async with open_uow() as uow:
        await uow.residents.add(resident)
        resident.area_code, resident.contacts = "nb-1", ["13800138000", "王芳@例子.cn"]
        await uow.residents.save(resident)
        await uow.commit()
    async with open_uow() as uow:
        stored = await uow.residents.get(resident.id)
    assert stored == resident
    assert stored.created_at.tzinfo is not None


async def test_an_account_is_found_by_id_and_by_its_own_name(open_uow: OpenUow) -> None:
    async with open_uow() as uow:
        account = await an_account(uow, "微信号😀", channel="wechat")
        await uow.commit()
    async with open_uow() as uow:
        assert await uow.residents.account(account.id) == account
        assert await uow.residents.find_account("wechat", "微信号😀") == account
        assert await uow.residents.find_account("telegram", "微信号😀") is None
        assert account.created_at == NOON


async def test_what_is_not_there(open_uow: OpenUow) -> None:
    async with open_uow() as uow:
        assert await uow.residents.get(404) is None
        assert await uow.residents.account(404) is None
        assert await uow.residents.find_account("telegram", "404") is None


async def test_an_account_exists_once_on_a_channel(open_uow: OpenUow) -> None:
    async with open_uow() as uow:
        await an_account(uow, "42", channel="web")
        await an_account(uow, "42", channel="telegram")
        with pytest.raises(IntegrityError):
            await an_account(uow, "42", channel="telegram")


async def test_an_account_needs_its_resident(open_uow: OpenUow) -> None:
    async with open_uow() as uow:
        with pytest.raises(IntegrityError):
            await uow.residents.add_account(404, "telegram", "42", NOON)


async def test_one_resident_may_have_several_accounts(open_uow: OpenUow) -> None:
    async with open_uow() as uow:
        first = await an_account(uow, "42", channel="telegram")
        second = await uow.residents.add_account(first.resident_id, "web", "abc", NOON)
        assert second.resident_id == first.resident_id
        assert second.id != first.id
