"""The reporter's own cases: which are meant, taken up again once, taken back once."""

from datetime import timedelta

import pytest

from community.core.cases import Case
from community.core.errors import NotFound, TransitionNotAllowed
from community.core.residents import ChannelAccount
from community.core.workflow import Actor, Status
from community.services.cases import open_case
from community.services.reporter import (
    RATEABLE,
    REOPENABLE,
    WITHDRAWABLE,
    own_case,
    own_cases,
    reopen_case,
    withdraw_case,
)
from tests.fakes.clock import SetClock
from tests.fakes.loop import VERIFIED, move, stored
from tests.fakes.makers import OpenUow, a_draft, committed_account


async def opened(open_uow: OpenUow, account: ChannelAccount, origin: str) -> Case:
    async with open_uow() as uow:
        return await open_case(uow, a_draft(account_id=account.id, origin=origin))


async def withdrawn(open_uow: OpenUow, case: Case) -> Case:
    async with open_uow() as uow:
        return await withdraw_case(uow, await own_case(uow, case.account_id, case.number), "不用了")


def test_the_states_are_those_of_the_table() -> None:
    assert {Status.RESOLVED, Status.VERIFIED, Status.ARCHIVED, Status.REJECTED} == REOPENABLE
    assert Status.REOPENED in WITHDRAWABLE
    assert RATEABLE <= REOPENABLE
    assert not WITHDRAWABLE & REOPENABLE


async def test_own_means_own(open_uow: OpenUow, account: ChannelAccount) -> None:
    stranger = await committed_account(open_uow, "stranger")
    theirs = await opened(open_uow, stranger, "theirs")
    async with open_uow() as uow:
        assert await own_cases(uow, account.id, WITHDRAWABLE) == []
        for number in (theirs.number, "KT20261123-0999"):
            with pytest.raises(NotFound):
                await own_case(uow, account.id, number)


async def test_the_newest_first_and_what_ended_long_ago_only_alone(
    open_uow: OpenUow, account: ChannelAccount, clock: SetClock
) -> None:
    old = await withdrawn(open_uow, await opened(open_uow, account, "old"))
    clock.moment += timedelta(days=31)
    ended = frozenset({Status.WITHDRAWN})
    async with open_uow() as uow:
        assert [case.id for case in await own_cases(uow, account.id, ended)] == [old.id]
    recent = [await withdrawn(open_uow, await opened(open_uow, account, f"new {n}")) for n in range(2)]
    async with open_uow() as uow:
        found = [case.id for case in await own_cases(uow, account.id, ended)]
    assert found == [case.id for case in recent[::-1]]


async def test_reopening_and_withdrawing_twice_is_once(open_uow: OpenUow, account: ChannelAccount) -> None:
    case = await opened(open_uow, account, "one")
    for to, actor in VERIFIED:
        await move(open_uow, case, to, actor)
    for _ in range(2):
        async with open_uow() as uow:
            await reopen_case(uow, await own_case(uow, account.id, case.number), "还是臭")
    assert (await stored(open_uow, case)).round == 2
    for _ in range(2):
        assert (await withdrawn(open_uow, case)).status is Status.WITHDRAWN
    async with open_uow() as uow:
        notes = [(e.to_status, e.note) for e in await uow.cases.events(case.id) if e.actor is Actor.RESIDENT]
        assert notes[1:] == [(Status.REOPENED, "还是臭"), (Status.WITHDRAWN, "不用了")]
        with pytest.raises(TransitionNotAllowed):
            await reopen_case(uow, await own_case(uow, account.id, case.number), "又臭了")
