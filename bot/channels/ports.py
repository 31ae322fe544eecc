"""What a channel is given, and what a channel must give."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from community.core.errors import KetangError
from community.core.messages import Message


@dataclass(frozen=True)
class Incoming:
    """One message as a channel received it. `external_id` makes a repeated delivery harmless."""

    channel: str
    external_user: str
    text: str
    external_id: str | None = None
    is_button: bool = False
    position: tuple[float, float] | None = None  # longitude and latitude on earth, WGS-84 degrees; needs no text


class Dialogue(Protocol):
    async def hear(self, incoming: Incoming, *, deliver: bool) -> list[Message]:
        """Keeps the message, has it answered, returns the answers; with `deliver` they go through the outbox."""

    async def tell(self, incoming: Incoming, text_key: str, *, deliver: bool) -> list[Message]:
        """Answers with a fixed text what cannot enter the dialogue (a sticker, nothing at all)."""


class NotDelivered(KetangError):
    """A channel could not send; `hopeless` when no later try can succeed (blocked, deleted), else not too early."""

    def __init__(self, reason: str, *, hopeless: bool = False, retry_after: timedelta = timedelta()) -> None:
        super().__init__(reason)
        self.hopeless = hopeless
        self.retry_after = retry_after


class Sender(Protocol):
    async def send(self, external_user: str, message: Message) -> None:
        """Raises NotDelivered."""
