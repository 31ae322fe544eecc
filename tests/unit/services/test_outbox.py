from datetime import timedelta

import pytest

from community.core.messages import Reply
from community.core.outbox import MAX_ATTEMPTS, Delivery, delay_after
from community.core.residents import ChannelAccount
from community.services.messages import say
from community.services.outbox import mark_delivered, mark_failed, parcel
from tests.fakes.clock import NOON, SetClock
from tests.fakes.makers import OpenUow, a_delivery


@pytest.fixture
async def delivery(open_uow: OpenUow, account: ChannelAccount) -> Delivery:
    async with open_uow() as uow:
        await say(uow, account.id, Reply("已清运🧹"), deliver=True)
        await uow.commit()
        [waiting] = await uow.outbox.waiting_for(account.id)
    return waiting


async def _waiting(open_uow: OpenUow, account: ChannelAccount) -> list[Delivery]:
    async with open_uow() as uow:
        return await uow.outbox.waiting_for(account.id)


async def test_parcel_says_to_whom_and_what(open_uow: OpenUow, account: ChannelAccount, delivery: Delivery) -> None:
    async with open_uow() as uow:
        addressee, message = await parcel(uow, delivery)
    assert (addressee, message.text) == (account, "已清运🧹")


@pytest.mark.parametrize("lost", ["account_id", "message_id"])
async def test_a_parcel_that_lost_its_half(open_uow: OpenUow, delivery: Delivery, lost: str) -> None:
    fields = {"account_id": delivery.account_id, "message_id": delivery.message_id, lost: 404}
    async with open_uow() as uow:
        with pytest.raises(LookupError):
            await parcel(uow, a_delivery(**fields))


async def test_delivered_is_done(
    open_uow: OpenUow, account: ChannelAccount, delivery: Delivery, clock: SetClock
) -> None:
    async with open_uow() as uow:
        await mark_delivered(uow, delivery)
    assert delivery.delivered_at == clock()
    assert await _waiting(open_uow, account) == []


async def test_failures_back_off_and_end_in_giving_up(
    open_uow: OpenUow, account: ChannelAccount, delivery: Delivery, clock: SetClock
) -> None:
    for attempt in range(1, MAX_ATTEMPTS):
        async with open_uow() as uow:
            await mark_failed(uow, delivery, f"timeout {attempt}")
        [stored] = await _waiting(open_uow, account)
        assert stored.attempts == attempt
        assert stored.last_error == f"timeout {attempt}"
        assert stored.next_attempt_at == clock() + delay_after(attempt)
        clock.moment = stored.next_attempt_at
    async with open_uow() as uow:
        await mark_failed(uow, delivery, "timeout")
    assert delivery.abandoned_at == clock()
    assert await _waiting(open_uow, account) == []
    assert timedelta(minutes=45) < clock() - NOON < timedelta(hours=2)


async def test_the_hopeless_is_given_up_at_once(
    open_uow: OpenUow, account: ChannelAccount, delivery: Delivery, clock: SetClock
) -> None:
    async with open_uow() as uow:
        await mark_failed(uow, delivery, "blocked", hopeless=True)
    assert (delivery.attempts, delivery.abandoned_at) == (1, clock())
    assert await _waiting(open_uow, account) == []


async def test_a_long_error_is_cut(open_uow: OpenUow, account: ChannelAccount, delivery: Delivery) -> None:
    async with open_uow() as uow:
        await mark_failed(uow, delivery, "错" * 5000)
    [stored] = await _waiting(open_uow, account)
    assert stored.last_error == "错" * 200
