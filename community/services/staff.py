"""Letting the right people into the console."""

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from community.core.errors import LoginThrottled, UnitRequired
from community.core.messages import clean
from community.core.staff import LOCK_TIME, MAX_FAILURES, Role, Staff
from community.services.ports import UnitOfWork

_hasher = PasswordHasher()
_NOBODY = _hasher.hash("nobody has this password")  # so that an unknown name costs the same time


async def create_staff(
    uow: UnitOfWork, username: str, password: str, role: Role, unit_code: str | None = None
) -> Staff:
    """Creates the account, or gives an existing one this password, role and unit.

    Raises UnknownUnit, and UnitRequired for a handler without one.
    """
    _check_unit(uow, role, unit_code)
    username = clean(username)
    staff = await uow.staff.by_username(username)
    if staff is None:
        staff = Staff(username=username, password_hash="", role=role, created_at=uow.now())
        await uow.staff.add(staff)
    staff.password_hash, staff.role, staff.unit_code = _hasher.hash(password), role, unit_code
    staff.failures, staff.locked_until = 0, None
    await uow.staff.save(staff)
    await uow.commit()
    return staff


def _check_unit(uow: UnitOfWork, role: Role, unit_code: str | None) -> None:
    if unit_code:
        uow.reference.routes.unit(unit_code)
    elif role is Role.HANDLER:
        raise UnitRequired(f"{role} without a unit")


async def authenticate(uow: UnitOfWork, username: str, password: str) -> Staff | None:
    """The staff member, or None. Raises LoginThrottled while the name is locked after repeated failures."""
    staff = await uow.staff.by_username(clean(username))
    if staff and staff.locked_until and staff.locked_until > uow.now():
        raise LoginThrottled(username)
    if not _matches(staff.password_hash if staff else _NOBODY, password) or staff is None:
        if staff:
            await _count_failure(uow, staff)
        return None
    if staff.failures:
        staff.failures, staff.locked_until = 0, None
        await uow.staff.save(staff)
        await uow.commit()
    return staff


def _matches(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except VerifyMismatchError:
        return False


async def _count_failure(uow: UnitOfWork, staff: Staff) -> None:
    staff.failures += 1
    if staff.failures >= MAX_FAILURES:
        staff.failures, staff.locked_until = 0, uow.now() + LOCK_TIME
    await uow.staff.save(staff)
    await uow.commit()
