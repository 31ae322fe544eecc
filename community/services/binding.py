"""Linking a staff member with their chat, so that they are called there and report from there."""

import hmac
import secrets
from datetime import timedelta

from community.core.cases import Source
from community.core.errors import BadBindCode, NotFound
from community.core.messages import clean
from community.core.staff import Staff
from community.services.ports import UnitOfWork

CODE_LIFE = timedelta(minutes=15)
MAX_TRIES = 5


async def bind_code(uow: UnitOfWork, username: str) -> str:
    """Six digits to send in the chat within 15 minutes, in place of any code before. Raises NotFound."""
    staff = await uow.staff.by_username(clean(username))
    if staff is None:
        raise NotFound(username)
    taken = {other.bind_code for other in await uow.staff.with_code(uow.now())}
    code = next(code for code in iter(_digits, "") if code not in taken)
    staff.bind_code, staff.bind_until, staff.bind_tries = code, uow.now() + CODE_LIFE, 0
    await uow.staff.save(staff)
    await uow.commit()
    return code


def _digits() -> str:
    return f"{secrets.randbelow(10**6):06d}"


async def bind(uow: UnitOfWork, account_id: int, code: str) -> Staff:
    """The chat belongs to this staff member from now on, and to no other. Raises BadBindCode.

    A chat costs nothing to open, so wrong codes are counted against every code that waits, not against the chat.
    """
    waiting = await uow.staff.with_code(uow.now())
    staff = next((one for one in waiting if hmac.compare_digest(one.bind_code or "", code)), None)
    if staff is None:
        await _count_failure(uow, waiting)
        raise BadBindCode(account_id)
    if (before := await uow.staff.by_account(account_id)) and before.id != staff.id:
        before.account_id = None
        await uow.staff.save(before)
    staff.account_id = account_id
    _spend(staff)
    await uow.staff.save(staff)
    await uow.commit()
    return staff


async def unbind(uow: UnitOfWork, account_id: int) -> Staff:
    """Raises NotFound when the chat is nobody's."""
    staff = await uow.staff.by_account(account_id)
    if staff is None:
        raise NotFound(f"account {account_id} is linked with nobody")
    staff.account_id = None
    await uow.staff.save(staff)
    await uow.commit()
    return staff


async def source_of(uow: UnitOfWork, account_id: int) -> Source:
    """What comes from the chat of a staff member is a patrol report 巡查上报."""
    return Source.PATROL if await uow.staff.by_account(account_id) else Source.CHAT


async def _count_failure(uow: UnitOfWork, waiting: list[Staff]) -> None:
    for staff in waiting:
        staff.bind_tries += 1
        if staff.bind_tries >= MAX_TRIES:
            _spend(staff)
        await uow.staff.save(staff)
    await uow.commit()


def _spend(staff: Staff) -> None:
    staff.bind_code, staff.bind_until, staff.bind_tries = None, None, 0
