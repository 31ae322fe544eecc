"""Taking a message in so that it cannot be lost, and recording what was answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from community.core.messages import Button, Direction, Message, Progress, Reply, is_lasting, pressed
from community.core.outbox import Delivery
from community.core.privacy import mask_contacts
from community.services.ports import UnitOfWork
from community.services.positions import Position, position_words
from community.services.residents import identify, remember_contacts

MAX_ATTEMPTS = 3
TURN_TIME = timedelta(seconds=3)  # a message pending for longer was left behind, not just being answered
_RETRY_DELAY = timedelta(seconds=30)
_RETRY_GROWTH = 10
_REMEMBERED = 200  # messages in which a button is looked for that was offered some time ago


@dataclass(frozen=True)
class Turn:
    """One message to be answered, and the button on offer that it presses; typed text never names a payload.

    `cards` is what we said with buttons since the turn before, the oldest first.
    """

    message: Message
    button: Button | None
    cards: tuple[Message, ...] = ()

    @property
    def text(self) -> str:
        """What the resident means, as people would read it."""
        return self.button.title if self.button else self.message.text


async def receive(
    uow: UnitOfWork,
    channel: str,
    external_user: str,
    external_id: str | None,
    text: str,
    *,
    position: Position | None = None,
) -> Message:
    """Keeps one cleaned message, contact details cut out; the same `external_id` again gives the first one back.

    A position without text is kept with the words that it means. Raises BadPosition.
    """
    account = await identify(uow, channel, external_user)
    if external_id is not None and (known := await uow.messages.by_external_id(account.id, external_id)):
        return known
    if position and not text:
        text = await position_words(uow, position)
    longitude, latitude = position or (None, None)
    masked, contacts = mask_contacts(text)
    if contacts:
        await remember_contacts(uow, account.resident_id, contacts)
    message = Message(
        account_id=account.id,
        direction=Direction.IN,
        text=masked,
        at=uow.now(),
        progress=Progress.PENDING,
        external_id=external_id,
        longitude=longitude,
        latitude=latitude,
        retry_at=uow.now() + TURN_TIME,
    )
    await uow.messages.add(message)
    await uow.commit()
    return message


async def next_turn(uow: UnitOfWork, account_id: int, up_to: int | None) -> Turn | None:
    """The account's oldest pending message, none newer than the message `up_to`."""
    message = await uow.messages.oldest_pending(account_id, up_to)
    if message is None:
        return None
    cards = [one for one in await uow.messages.said_since_last_turn(account_id) if one.buttons]
    buttons = (pressed(card.buttons, message.text) for card in reversed(cards))  # a number means the newest card
    button = next(filter(None, buttons), None) or await _offered_earlier(uow, message)
    return Turn(message, button, tuple(cards))


async def _offered_earlier(uow: UnitOfWork, message: Message) -> Button | None:
    """Two notices may ask the same of two cases: answering one does not take the other's buttons away."""
    if not is_lasting(message.text):
        return None
    recent = await uow.messages.conversation(message.account_id, after=0, limit=_REMEMBERED)
    return next((b for one in recent for b in one.buttons if b.payload == message.text), None)


async def complete(uow: UnitOfWork, message: Message, replies: Sequence[Reply], *, deliver: bool) -> list[Message]:
    """Marks the message processed and records the replies; with `deliver` they also enter the outbox."""
    message.progress = Progress.DONE
    await uow.messages.save(message)
    answered = [await say(uow, message.account_id, reply, reply_to=message.id, deliver=deliver) for reply in replies]
    await uow.commit()
    return answered


async def postpone(uow: UnitOfWork, message: Message, sorry: Reply, *, deliver: bool) -> list[Message] | None:
    """Counts one broken turn and plans the next try. After the last one the message is left to people, with
    everything else still there, and the answer that says so is returned."""
    message.attempts += 1
    if message.attempts < MAX_ATTEMPTS:
        message.retry_at = uow.now() + _RETRY_DELAY * _RETRY_GROWTH ** (message.attempts - 1)
        answers = None
    else:
        message.progress = Progress.FAILED
        answers = [await say(uow, message.account_id, sorry, reply_to=message.id, deliver=deliver)]
    await uow.messages.save(message)
    await uow.commit()
    return answers


async def say(uow: UnitOfWork, account_id: int, reply: Reply, *, reply_to: int | None = None, deliver: bool) -> Message:
    """Adds one outgoing message, and its delivery, to the transaction under way."""
    message = Message(
        account_id=account_id,
        direction=Direction.OUT,
        text=reply.text,
        at=uow.now(),
        buttons=reply.buttons,
        reply_to=reply_to,
    )
    await uow.messages.add(message)
    if deliver:
        now = uow.now()
        await uow.outbox.add(
            Delivery(account_id=account_id, message_id=message.id, created_at=now, next_attempt_at=now)
        )
    return message
