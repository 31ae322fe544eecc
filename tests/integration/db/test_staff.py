"""What every staff repository must do."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from community.core.staff import Role
from tests.fakes.clock import NOON
from tests.fakes.makers import OpenUow, a_staff


async def test_staff_come_back_as_saved(open_uow: OpenUow) -> None:
    staff = a_staff()
    async with open_uow() as uow:
        await uow.staff.add(staff)
        staff.role, staff.failures, staff.locked_until = Role.ADMIN, 4, NOON + timedelta(minutes=15)
        await uow.staff.save(staff)
        await uow.commit()
    async with open_uow() as uow:
        stored = await uow.staff.get(staff.id)
        assert stored == staff == await uow.staff.by_username("王芳")
        assert stored.locked_until is not None
        assert stored.locked_until.tzinfo is not None


async def test_codes_wait_until_their_time(open_uow: OpenUow) -> None:
    async with open_uow() as uow:
        for name, code, minutes in (("王芳", None, 0), ("顾海燕", "123456", 15), ("陈志远", "654321", -1)):
            until = NOON + timedelta(minutes=minutes) if code else None
            await uow.staff.add(a_staff(username=name, bind_code=code, bind_until=until))
        assert [staff.username for staff in await uow.staff.with_code(NOON)] == ["顾海燕"]


async def test_who_is_not_there(open_uow: OpenUow) -> None:
    async with open_uow() as uow:
        assert await uow.staff.get(404) is None
        assert await uow.staff.by_username("nobody") is None


async def test_a_username_is_given_once(open_uow: OpenUow) -> None:
    async with open_uow() as uow:
        await uow.staff.add(a_staff())
        await uow.staff.add(a_staff(username="王芳2"))
        with pytest.raises(IntegrityError):
            await uow.staff.add(a_staff())
