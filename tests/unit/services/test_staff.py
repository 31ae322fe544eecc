from datetime import timedelta

import pytest
from argon2 import PasswordHasher

from community.core.errors import LoginThrottled, UnitRequired, UnknownUnit
from community.core.staff import LOCK_TIME, MAX_FAILURES, Role, Staff
from community.services import staff as service
from tests.fakes.clock import SetClock
from tests.fakes.makers import OpenUow

PASSWORD = "桂花开了 2026"
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def quick_hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
async def wang(open_uow: OpenUow) -> Staff:
    async with open_uow() as uow:
        return await service.create_staff(uow, "王芳", PASSWORD, Role.DISPATCHER)


async def _login(open_uow: OpenUow, password: str, username: str = "王芳") -> Staff | None:
    async with open_uow() as uow:
        return await service.authenticate(uow, username, password)


async def _fail(open_uow: OpenUow, times: int) -> None:
    for _ in range(times):
        assert await _login(open_uow, "猜的") is None


async def test_the_right_password_opens(open_uow: OpenUow, wang: Staff) -> None:
    assert await _login(open_uow, PASSWORD) == wang
    assert PASSWORD not in wang.password_hash


WRONG = [
    ("王芳", "猜的"),
    ("王芳", ""),
    ("王芳", PASSWORD + " "),
    ("王", PASSWORD),
    ("", ""),
    ("王\x00芳", "\x00"),
    ("王\ud800芳", "猜的"),
]


async def test_anything_else_does_not(open_uow: OpenUow, wang: Staff) -> None:
    for username, password in WRONG:
        assert await _login(open_uow, password, username) is None


async def test_the_name_is_locked_after_repeated_failures(open_uow: OpenUow, wang: Staff, clock: SetClock) -> None:
    await _fail(open_uow, MAX_FAILURES)
    with pytest.raises(LoginThrottled):
        await _login(open_uow, PASSWORD)
    clock.moment += LOCK_TIME - SECOND
    with pytest.raises(LoginThrottled):
        await _login(open_uow, PASSWORD)
    clock.moment += SECOND
    assert await _login(open_uow, PASSWORD) is not None


async def test_after_the_lock_counting_begins_anew(open_uow: OpenUow, wang: Staff, clock: SetClock) -> None:
    await _fail(open_uow, MAX_FAILURES)
    clock.moment += LOCK_TIME
    await _fail(open_uow, MAX_FAILURES)
    with pytest.raises(LoginThrottled):
        await _login(open_uow, PASSWORD)


async def test_a_success_forgets_the_failures(open_uow: OpenUow, wang: Staff) -> None:
    for _ in range(2):
        await _fail(open_uow, MAX_FAILURES - 1)
        assert await _login(open_uow, PASSWORD) is not None


async def test_one_name_locked_leaves_the_others_open(open_uow: OpenUow, wang: Staff) -> None:
    async with open_uow() as uow:
        await service.create_staff(uow, "李强", PASSWORD, Role.ADMIN)
    await _fail(open_uow, MAX_FAILURES)
    assert await _login(open_uow, PASSWORD, "李强") is not None


async def test_creating_again_sets_password_and_role_and_unlocks(open_uow: OpenUow, wang: Staff) -> None:
    await _fail(open_uow, MAX_FAILURES)
    async with open_uow() as uow:
        again = await service.create_staff(uow, "王芳", "新密码", Role.ADMIN)
    assert again.id == wang.id
    assert await _login(open_uow, PASSWORD) is None
    admin = await _login(open_uow, "新密码")
    assert admin is not None
    assert admin.role is Role.ADMIN


async def test_a_handler_belongs_to_a_unit_that_exists(open_uow: OpenUow) -> None:
    async with open_uow() as uow:
        for unit, error in ((None, UnitRequired), ("", UnitRequired), ("nonsense", UnknownUnit)):
            with pytest.raises(error):
                await service.create_staff(uow, "李强", PASSWORD, Role.HANDLER, unit)
        assert await uow.staff.by_username("李强") is None
        unit_code = next(iter(uow.reference.routes.units))
        await service.create_staff(uow, "李强", PASSWORD, Role.HANDLER, unit_code)
    async with open_uow() as uow:
        assert [staff.username for staff in await uow.staff.of_unit(unit_code)] == ["李强"]
        await service.create_staff(uow, "李强", PASSWORD, Role.DISPATCHER)
        assert await uow.staff.of_unit(unit_code) == []
