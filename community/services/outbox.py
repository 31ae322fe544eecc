"""Carrying out deliveries: at least once, in order for each person, with growing pauses after failures."""

from datetime import timedelta

from community.core.messages import Message
from community.core.outbox import MAX_ATTEMPTS, Delivery, delay_after
from community.core.residents import ChannelAccount
from community.services.ports import UnitOfWork


async def parcel(uow: UnitOfWork, delivery: Delivery) -> tuple[ChannelAccount, Message]:
    """Whom it goes to and what it says."""
    account = await uow.residents.account(delivery.account_id)
    message = await uow.messages.get(delivery.message_id)
    if account is None or message is None:
        raise LookupError(f"delivery {delivery.id} has lost its account or message")
    return account, message


async def mark_delivered(uow: UnitOfWork, delivery: Delivery) -> None:
    delivery.delivered_at = uow.now()
    await uow.outbox.save(delivery)
    await uow.commit()


async def mark_failed(
    uow: UnitOfWork, delivery: Delivery, error: str, *, hopeless: bool = False, not_before: timedelta = timedelta()
) -> None:
    """Plans the next attempt; a hopeless one (blocked, deleted) is given up at once, any other after the last try.

    `not_before`: the pause that the channel itself asked for.
    """
    delivery.attempts += 1
    delivery.last_error = error[:200]
    if hopeless or delivery.attempts >= MAX_ATTEMPTS:
        delivery.abandoned_at = uow.now()
    else:
        delivery.next_attempt_at = uow.now() + max(delay_after(delivery.attempts), not_before)
    await uow.outbox.save(delivery)
    await uow.commit()
