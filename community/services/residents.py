"""Knowing a resident again, without knowing more about them than needed."""

from collections.abc import Sequence

from community.core.errors import NotFound
from community.core.residents import ChannelAccount, Resident
from community.services.ports import UnitOfWork


async def identify(uow: UnitOfWork, channel: str, external_id: str) -> ChannelAccount:
    """The account of this person on this channel, made at first sight."""
    account = await uow.residents.find_account(channel, external_id)
    if account is not None:
        return account
    resident = Resident(created_at=uow.now())
    await uow.residents.add(resident)
    return await uow.residents.add_account(resident.id, channel, external_id, uow.now())


async def account_of(uow: UnitOfWork, account_id: int) -> ChannelAccount:
    account = await uow.residents.account(account_id)
    if account is None:
        raise NotFound(f"no account {account_id}")
    return account


async def resident_of(uow: UnitOfWork, account_id: int) -> Resident:
    account = await account_of(uow, account_id)
    return await _resident(uow, account.resident_id)


async def remember_contacts(uow: UnitOfWork, resident_id: int, contacts: Sequence[str]) -> None:
    resident = await _resident(uow, resident_id)
    resident.contacts = list(dict.fromkeys([*resident.contacts, *contacts]))
    await uow.residents.save(resident)


async def _resident(uow: UnitOfWork, resident_id: int) -> Resident:
    resident = await uow.residents.get(resident_id)
    if resident is None:
        raise NotFound(f"no resident {resident_id}")
    return resident
