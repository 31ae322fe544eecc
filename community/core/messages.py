"""What was said, both ways, in the order it was said."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

MAX_TEXT = 4000  # characters; Telegram's own limit is 4096
LASTING = frozenset({"solved", "unsolved", "rate", "support", "withdraw"})  # what can be pressed, of a numbered case

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufeff]")


class Direction(StrEnum):
    IN = "in"
    OUT = "out"


class Progress(StrEnum):
    """How far an incoming message has come; what we say ourselves is `done` from the start."""

    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True)
class Button:
    title: str
    payload: str


@dataclass(frozen=True)
class Reply:
    text: str
    buttons: tuple[Button, ...] = ()


@dataclass(kw_only=True)
class Message:
    id: int = 0
    account_id: int
    direction: Direction
    text: str
    at: datetime
    progress: Progress = Progress.DONE
    external_id: str | None = None
    buttons: tuple[Button, ...] = ()
    reply_to: int | None = None
    attempts: int = 0
    longitude: float | None = None  # WGS-84 degrees, when a position was shared
    latitude: float | None = None
    retry_at: datetime | None = None  # when a message still pending should be taken up again


def clean(text: str) -> str:
    """Without control characters and lone surrogates, which no database or model takes, and without outer blanks."""
    return _UNPRINTABLE.sub("", text).strip()


def pressed(offered: Sequence[Button], text: str) -> Button | None:
    """The button a resident meant: by its payload, its title or a word of it, by the points that it gives (5分 很满意),
    else by its number counted from 1, also written １."""
    if named := next((b for b in offered if text in (b.payload, b.title, *b.title.split())), None):
        return named
    number = unicodedata.normalize("NFKC", text) if len(text) <= 2 else ""
    if not (number.isascii() and number.isdigit()):
        return None
    if points := next((b for b in offered if f"{int(number)}分" in b.title.split()), None):
        return points
    return offered[int(number) - 1] if 1 <= int(number) <= len(offered) else None


def is_lasting(payload: str) -> bool:
    """Whether a button names all that it is about, so that it may still be pressed after others were."""
    return payload.removeprefix("/").partition("?")[0] in LASTING
