"""What every outbox repository must do."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from community.core.outbox import Delivery
from community.services.ports import UnitOfWork
from tests.fakes.clock import NOON
from tests.fakes.makers import OpenUow, a_delivery, a_message, an_account

SECOND = timedelta(seconds=1)


async def _queued(uow: UnitOfWork, account_id: int, **fields: object) -> Delivery:
    message = a_message(account_id=account_id)
    await uow.messages.add(message)
    delivery = a_delivery(account_id=account_id, message_id=message.id, **fields)
    await uow.outbox.add(delivery)
    return delivery


async def test_a_delivery_comes_back_as_saved(open_uow: OpenUow) -> None:
    async with open_uow() as uow:
        delivery = await _queued(uow, (await an_account(uow)).id)
        delivery.attempts, delivery.last_error = 2, "用户已屏蔽🚫"
        delivery.next_attempt_at = NOON + SECOND
        await uow.outbox.save(delivery)
        await uow.commit()
    async with open_uow() as uow:
        [stored] = await uow.outbox.waiting_for(delivery.account_id)
    assert stored == delivery
    assert stored.next_attempt_at.tzinfo is not None


async def test_of_each_account_only_the_oldest_is_due(open_uow: OpenUow) -> None:
    async with open_uow() as uow:
        mine, neighbour = await an_account(uow, "42"), await an_account(uow, "43")
        first, second = await _queued(uow, mine.id), await _queued(uow, mine.id)
        other = await _queued(uow, neighbour.id, next_attempt_at=NOON - SECOND)
        assert await uow.outbox.due(NOON, limit=9) == [other, first]
        assert await uow.outbox.due(NOON, limit=1) == [other]
        assert await uow.outbox.waiting_for(mine.id) == [first, second]


async def test_a_later_delivery_never_overtakes_one_that_waits_for_its_next_try(open_uow: OpenUow) -> None:
    async with open_uow() as uow:
        mine = await an_account(uow)
        first = await _queued(uow, mine.id, next_attempt_at=NOON + SECOND)
        await _queued(uow, mine.id)
        assert await uow.outbox.due(NOON, limit=9) == []
        assert await uow.outbox.due(NOON + SECOND, limit=9) == [first]


@pytest.mark.parametrize("end", ["delivered_at", "abandoned_at"])
async def test_what_is_finished_makes_way(open_uow: OpenUow, end: str) -> None:
    async with open_uow() as uow:
        mine = await an_account(uow)
        first, second = await _queued(uow, mine.id), await _queued(uow, mine.id)
        setattr(first, end, NOON)
        await uow.outbox.save(first)
        await uow.commit()
    async with open_uow() as uow:
        assert await uow.outbox.due(NOON, limit=9) == [second]
        assert await uow.outbox.waiting_for(mine.id) == [second]


@pytest.mark.parametrize("broken", ["account_id", "message_id"])
async def test_a_delivery_needs_what_it_points_to(open_uow: OpenUow, broken: str) -> None:
    async with open_uow() as uow:
        whole = await _queued(uow, (await an_account(uow)).id)
        fields = {"account_id": whole.account_id, "message_id": whole.message_id, broken: 404}
        with pytest.raises(IntegrityError):
            await uow.outbox.add(a_delivery(**fields))
