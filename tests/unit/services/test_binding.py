"""A code links one staff member with one chat, for a quarter of an hour and a few tries."""

import pytest

from community.core.alerts import AlertKind
from community.core.cases import Source
from community.core.errors import BadBindCode, NotFound
from community.core.residents import ChannelAccount
from community.core.staff import Staff
from community.services.alerts import raise_alert
from community.services.binding import MAX_TRIES, bind, bind_code, source_of, unbind
from tests.fakes.clock import SetClock
from tests.fakes.makers import OpenUow, a_case, a_staff, committed_account


@pytest.fixture
async def staff(open_uow: OpenUow) -> Staff:
    return await hired(open_uow, "顾海燕")


async def hired(open_uow: OpenUow, username: str) -> Staff:
    staff = a_staff(username=username, unit_code="sanitation")
    async with open_uow() as uow:
        await uow.staff.add(staff)
        await uow.commit()
    return staff


async def coded(open_uow: OpenUow, username: str = "顾海燕") -> str:
    async with open_uow() as uow:
        return await bind_code(uow, username)


async def bound(open_uow: OpenUow, account: ChannelAccount, code: str) -> Staff:
    async with open_uow() as uow:
        return await bind(uow, account.id, code)


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


async def test_a_linked_chat_is_called_and_reports_as_a_patrol(
    open_uow: OpenUow, account: ChannelAccount, staff: Staff
) -> None:
    code = await coded(open_uow)
    assert len(code) == 6
    assert code.isdigit()
    assert (await bound(open_uow, account, code)).id == staff.id
    async with open_uow() as uow:
        assert await source_of(uow, account.id) is Source.PATROL
        case = a_case(account_id=account.id)
        await uow.cases.add(case)
        await raise_alert(uow, case, AlertKind.RESOLVE)
        assert len(await uow.outbox.waiting_for(account.id)) == 1


async def test_a_code_counts_once(open_uow: OpenUow, account: ChannelAccount, staff: Staff) -> None:
    code = await coded(open_uow)
    await bound(open_uow, account, code)
    with pytest.raises(BadBindCode):
        await bound(open_uow, await committed_account(open_uow, "other"), code)


async def test_a_code_is_worth_nothing_after_a_quarter_of_an_hour(
    open_uow: OpenUow, account: ChannelAccount, staff: Staff, clock: SetClock
) -> None:
    code = await coded(open_uow)
    clock.advance(minutes=15)
    with pytest.raises(BadBindCode):
        await bound(open_uow, account, code)


async def test_guessing_spends_the_code_from_whatever_chats(open_uow: OpenUow, staff: Staff) -> None:
    code = await coded(open_uow)
    for n in range(MAX_TRIES):
        with pytest.raises(BadBindCode):
            await bound(open_uow, await committed_account(open_uow, f"guesser {n}"), other_than(code))
    with pytest.raises(BadBindCode):
        await bound(open_uow, await committed_account(open_uow, "own"), code)


async def test_fewer_wrong_tries_do_no_harm(open_uow: OpenUow, account: ChannelAccount, staff: Staff) -> None:
    code = await coded(open_uow)
    for _ in range(MAX_TRIES - 1):
        with pytest.raises(BadBindCode):
            await bound(open_uow, account, other_than(code))
    assert (await bound(open_uow, account, code)).account_id == account.id


async def test_a_new_code_takes_the_place_of_the_old(
    open_uow: OpenUow, account: ChannelAccount, staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes = iter([7, 7, 8])
    monkeypatch.setattr("community.services.binding.secrets.randbelow", lambda _: next(codes))
    assert await coded(open_uow) == "000007"
    assert await coded(open_uow) == "000008"  # never one that waits already
    with pytest.raises(BadBindCode):
        await bound(open_uow, account, "000007")


async def test_a_chat_is_one_persons(open_uow: OpenUow, account: ChannelAccount, staff: Staff) -> None:
    await bound(open_uow, account, await coded(open_uow))
    successor = await hired(open_uow, "陈志远")
    await bound(open_uow, account, await coded(open_uow, "陈志远"))
    async with open_uow() as uow:
        found = await uow.staff.by_account(account.id)
        before = await uow.staff.get(staff.id)
    assert found
    assert before
    assert (found.id, before.account_id) == (successor.id, None)


async def test_unlinked_is_a_resident_again(open_uow: OpenUow, account: ChannelAccount, staff: Staff) -> None:
    await bound(open_uow, account, await coded(open_uow))
    async with open_uow() as uow:
        assert (await unbind(uow, account.id)).username == "顾海燕"
    async with open_uow() as uow:
        assert await source_of(uow, account.id) is Source.CHAT
        with pytest.raises(NotFound):
            await unbind(uow, account.id)


async def test_nobody_of_that_name(open_uow: OpenUow) -> None:
    with pytest.raises(NotFound):
        await coded(open_uow, "nobody")
