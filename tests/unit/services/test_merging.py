"""Two reports of one matter 并案, and neighbours who stand by 附议."""

import asyncio

import pytest

from community.core.cases import Case, CaseEvent, EventKind
from community.core.errors import BadTarget, NotFound, StaleCase, TransitionNotAllowed
from community.core.history import History
from community.core.residents import ChannelAccount
from community.core.workflow import Actor, Status
from community.services.cases import change_status
from community.services.record import history_of, record
from community.services.support import support_case, withdraw_support
from tests.fakes.makers import OpenUow, committed_account
from tests.unit.services.loop import a_move, events_of, opened, stored, take, told, walk


@pytest.fixture
async def case(open_uow: OpenUow, account: ChannelAccount) -> Case:
    return await opened(open_uow, account.id)


@pytest.fixture
async def second(open_uow: OpenUow) -> Case:
    """The same matter, by a neighbour."""
    return await opened(open_uow, (await committed_account(open_uow, "neighbour")).id, origin="second")


@pytest.fixture
async def third(open_uow: OpenUow) -> int:
    """The account of somebody else."""
    return (await committed_account(open_uow, "third")).id


async def _history(open_uow: OpenUow, case: Case) -> History:
    async with open_uow() as uow:
        return await history_of(uow, case)


async def _support(open_uow: OpenUow, case: Case, account_id: int) -> Case:
    async with open_uow() as uow:
        return await support_case(uow, case.number, account_id)


async def test_who_reported_the_merged_case_hears_of_the_other(
    open_uow: OpenUow, case: Case, second: Case, third: int
) -> None:
    await _support(open_uow, second, third)
    merged = await take(open_uow, second, Status.MERGED, into=case.number)
    assert (merged.status, merged.merged_into, merged.due_at) == (Status.MERGED, case.number, None)
    assert (await stored(open_uow, case)).supporters == 2
    assert case.number in (await told(open_uow, second.account_id))[-1].text
    await take(open_uow, case, Status.ASSIGNED)
    for account_id in (case.account_id, second.account_id, third):
        message = (await told(open_uow, account_id))[-1]
        assert case.number in message.text
    kinds = [event.kind for event in await events_of(open_uow, case)]
    assert kinds[2:5] == [EventKind.ABSORBED, EventKind.SUPPORTED, EventKind.SUPPORTED]


async def test_supporters_are_told_but_asked_nothing(
    open_uow: OpenUow, case: Case, second: Case, account: ChannelAccount
) -> None:
    await take(open_uow, second, Status.MERGED, into=case.number)
    await walk(open_uow, case, Status.ASSIGNED, Status.RESOLVED, Status.VERIFIED)
    assert (await told(open_uow, account.id))[-1].buttons
    assert not (await told(open_uow, second.account_id))[-1].buttons


async def test_splitting_undoes_the_merging(open_uow: OpenUow, case: Case, second: Case, third: int) -> None:
    await _support(open_uow, case, third)  # by themselves: they stay
    await take(open_uow, second, Status.MERGED, into=case.number)
    split = await take(open_uow, second, Status.REPORTED)
    assert (split.status, split.merged_into, split.ended_at) == (Status.REPORTED, None, None)
    assert split.due_at is not None
    assert (await _history(open_uow, case)).supporters == {third}
    await stored(open_uow, case)


async def test_who_stood_by_on_their_own_stays_after_a_second_merging(
    open_uow: OpenUow, case: Case, second: Case
) -> None:
    await take(open_uow, second, Status.MERGED, into=case.number)
    await take(open_uow, second, Status.REPORTED)
    await _support(open_uow, case, second.account_id)
    await take(open_uow, second, Status.MERGED, into=case.number)
    await take(open_uow, second, Status.REPORTED)
    assert (await _history(open_uow, case)).supporters == {second.account_id}


@pytest.mark.parametrize("end", [Status.REJECTED, Status.WITHDRAWN])
async def test_nothing_is_merged_into_what_is_finished(
    open_uow: OpenUow, case: Case, second: Case, end: Status
) -> None:
    await take(open_uow, case, end)
    with pytest.raises(BadTarget):
        await take(open_uow, second, Status.MERGED, into=case.number)
    assert (await stored(open_uow, second)).version == second.version


async def test_no_circles(open_uow: OpenUow, case: Case, second: Case) -> None:
    for into in (second.number, "KT20261123-0404", ""):
        with pytest.raises(BadTarget):
            await take(open_uow, second, Status.MERGED, into=into)
    await take(open_uow, second, Status.MERGED, into=case.number)
    with pytest.raises(BadTarget):
        await take(open_uow, case, Status.MERGED, into=second.number)


async def test_of_two_merged_into_each_other_at_once_one_goes_on(open_uow: OpenUow, case: Case, second: Case) -> None:
    async def merge(one: Case, into: Case) -> None:
        async with open_uow() as uow:
            move = a_move(uow, Status.MERGED, into=into.number)
            await change_status(uow, one.id, one.version, move, actor_name="王芳")

    outcomes = await asyncio.gather(merge(case, second), merge(second, case), return_exceptions=True)
    assert [outcome for outcome in outcomes if outcome is None] == [None]
    assert all(outcome is None or isinstance(outcome, StaleCase | BadTarget) for outcome in outcomes), outcomes
    statuses = [(await stored(open_uow, one)).status for one in (case, second)]
    assert sorted(statuses) == [Status.MERGED, Status.REPORTED]


async def test_one_supports_once_and_may_take_it_back(open_uow: OpenUow, case: Case, third: int) -> None:
    assert (await _support(open_uow, case, third)).supporters == 1
    assert (await _support(open_uow, case, third)).supporters == 1
    async with open_uow() as uow:
        assert (await withdraw_support(uow, case.number, third)).supporters == 0
    async with open_uow() as uow:
        with pytest.raises(NotFound):
            await withdraw_support(uow, case.number, third)
    assert (await _support(open_uow, case, third)).supporters == 1
    await stored(open_uow, case)


async def test_ones_own_case_needs_no_support(open_uow: OpenUow, case: Case) -> None:
    assert (await _support(open_uow, case, case.account_id)) == case
    assert len(await events_of(open_uow, case)) == 2


async def test_what_is_not_there_or_finished_has_no_support(open_uow: OpenUow, case: Case, third: int) -> None:
    await take(open_uow, case, Status.WITHDRAWN)
    async with open_uow() as uow:
        with pytest.raises(TransitionNotAllowed):
            await support_case(uow, case.number, third)
        for action in (support_case, withdraw_support):
            with pytest.raises(NotFound):
                await action(uow, "KT20261123-0404", third)


async def test_what_was_merged_before_targets_were_kept_can_be_split(open_uow: OpenUow, case: Case) -> None:
    async with open_uow() as uow:
        step = CaseEvent(
            case_id=case.id,
            kind=EventKind.STATUS_CHANGED,
            at=uow.now(),
            actor=Actor.DISPATCHER,
            from_status=Status.REPORTED,
            to_status=Status.MERGED,
        )
        await record(uow, case, await history_of(uow, case), step)
        await uow.commit()
    assert (await take(open_uow, case, Status.REPORTED)).status is Status.REPORTED
