"""The life of a case: the five-step closed loop and its side roads, as one table.

发现上报 reported → 网格分理 assigned → 处置反馈 resolved → 任务核查 verified → 评价归档 archived.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from community.core.errors import (
    BadDate,
    BadTarget,
    GroundRequired,
    NoteRequired,
    PhotoRequired,
    TransitionNotAllowed,
)


class Status(StrEnum):
    REPORTED = "reported"
    ASSIGNED = "assigned"
    RESOLVED = "resolved"
    VERIFIED = "verified"
    ARCHIVED = "archived"
    RETURNED = "returned"
    SUSPENDED = "suspended"
    MERGED = "merged"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    REOPENED = "reopened"


class Actor(StrEnum):
    """The part somebody plays in the loop; one person in a small committee may play several."""

    RESIDENT = "resident"
    DISPATCHER = "dispatcher"  # 分理: decides who deals with it
    HANDLER = "handler"  # 处置: deals with it, for a unit
    INSPECTOR = "inspector"  # 核查: looks whether it was done
    SYSTEM = "system"  # the clock


class Ground(StrEnum):
    """Why a case may be turned down 不予受理."""

    OUTSIDE_AREA = "outside_area"
    OTHER_PROCEDURE = "other_procedure"  # before a court, an arbitrator or a petition office
    NO_FACTS = "no_facts"
    NOT_PUBLIC = "not_public"  # a private matter that no public body may settle
    HANDLED_BEFORE = "handled_before"  # decided, and nothing new said
    ABUSE = "abuse"


class Need(StrEnum):
    """What a step must bring along."""

    NOTE = "note"
    DATE = "date"
    GROUND = "ground"
    TARGET = "target"


@dataclass(frozen=True)
class Transition:
    by: frozenset[Actor]
    needs: frozenset[Need] = frozenset()

    @property
    def needs_note(self) -> bool:
        return Need.NOTE in self.needs


@dataclass(frozen=True, kw_only=True)
class Move:
    """A step somebody wants to take. `photos` are names of stored files, `into` is the number of another
    case, `units` are who is to act, the lead first."""

    to: Status
    actor: Actor
    note: str = ""
    until: datetime | None = None
    ground: Ground | None = None
    into: str = ""
    photos: tuple[str, ...] = ()
    units: tuple[str, ...] = ()


def _step(*by: Actor, needs: Collection[Need] = ()) -> Transition:
    return Transition(frozenset(by), frozenset(needs))


S, A = Status, Actor
_NOTE = (Need.NOTE,)
_DATE = (Need.NOTE, Need.DATE)
_GROUND = (Need.NOTE, Need.GROUND)
_TARGET = (Need.NOTE, Need.TARGET)
TRANSITIONS: dict[tuple[Status, Status], Transition] = {
    (S.REPORTED, S.ASSIGNED): _step(A.DISPATCHER),
    (S.REPORTED, S.REJECTED): _step(A.DISPATCHER, needs=_GROUND),
    (S.REPORTED, S.MERGED): _step(A.DISPATCHER, needs=_TARGET),
    (S.REPORTED, S.WITHDRAWN): _step(A.RESIDENT),
    (S.ASSIGNED, S.RESOLVED): _step(A.HANDLER, needs=_NOTE),  # the resident reads what was done
    (S.ASSIGNED, S.RETURNED): _step(A.HANDLER, needs=_NOTE),
    (S.ASSIGNED, S.SUSPENDED): _step(A.HANDLER, A.DISPATCHER, needs=_DATE),
    (S.ASSIGNED, S.MERGED): _step(A.DISPATCHER, needs=_TARGET),
    (S.ASSIGNED, S.WITHDRAWN): _step(A.RESIDENT),
    (S.RETURNED, S.ASSIGNED): _step(A.DISPATCHER),
    (S.RETURNED, S.REJECTED): _step(A.DISPATCHER, needs=_GROUND),
    (S.RETURNED, S.WITHDRAWN): _step(A.RESIDENT),
    (S.SUSPENDED, S.ASSIGNED): _step(A.HANDLER, A.DISPATCHER, A.SYSTEM),  # the date has come, or earlier
    (S.SUSPENDED, S.WITHDRAWN): _step(A.RESIDENT),
    (S.RESOLVED, S.VERIFIED): _step(A.INSPECTOR),
    (S.RESOLVED, S.ASSIGNED): _step(A.INSPECTOR, needs=_NOTE),  # verification failed: back to the unit
    (S.RESOLVED, S.REOPENED): _step(A.RESIDENT, needs=_NOTE),
    (S.VERIFIED, S.ARCHIVED): _step(A.DISPATCHER, A.RESIDENT, A.SYSTEM),  # solved, says the resident, or nothing
    (S.VERIFIED, S.REOPENED): _step(A.RESIDENT, needs=_NOTE),
    (S.ARCHIVED, S.REOPENED): _step(A.RESIDENT, A.INSPECTOR, needs=_NOTE),  # 回访 may find it unsolved
    (S.REJECTED, S.REOPENED): _step(A.RESIDENT, needs=_NOTE),
    (S.REOPENED, S.ASSIGNED): _step(A.DISPATCHER),
    (S.REOPENED, S.REJECTED): _step(A.DISPATCHER, needs=_GROUND),
    (S.REOPENED, S.WITHDRAWN): _step(A.RESIDENT),
    (S.MERGED, S.REPORTED): _step(A.DISPATCHER, needs=_NOTE),  # split: it was another matter after all
}

FINISHED = frozenset({S.ARCHIVED, S.MERGED, S.REJECTED, S.WITHDRAWN})
UNDER_LIMIT = frozenset({S.REPORTED, S.ASSIGNED, S.RETURNED, S.REOPENED})  # somebody still has to act in time


def check_move(current: Status, move: Move, now: datetime, *, photo_needed: bool = False) -> None:
    """Raises the named reason why the step may not be taken, or not like this.

    `photo_needed`: the procedure of this service wants to see what was done before it counts as resolved.
    """
    transition = TRANSITIONS.get((current, move.to))
    if transition is None or move.actor not in transition.by:
        raise TransitionNotAllowed(f"{move.actor} may not move a case from {current} to {move.to}")
    if Need.NOTE in transition.needs and not move.note.strip():
        raise NoteRequired(f"{current} to {move.to} needs a note")
    if Need.GROUND in transition.needs and move.ground is None:
        raise GroundRequired(f"{current} to {move.to} needs a ground")
    if Need.DATE in transition.needs and (move.until is None or move.until <= now):
        raise BadDate(f"{current} to {move.to} needs a date to come")
    if Need.TARGET in transition.needs and not move.into:
        raise BadTarget(f"{current} to {move.to} needs another case")
    if photo_needed and move.to is Status.RESOLVED and not move.photos:
        raise PhotoRequired(f"{current} to {move.to} needs a photo")


def next_steps(current: Status, actors: Collection[Actor]) -> list[Status]:
    """The states that somebody playing these parts may choose from here, in the table's order."""
    return [to for (start, to), step in TRANSITIONS.items() if start == current and step.by.intersection(actors)]


def starts(to: Status, actor: Actor) -> frozenset[Status]:
    """From where somebody playing this part may take a case to `to`."""
    return frozenset(start for (start, end), step in TRANSITIONS.items() if end == to and actor in step.by)


def acting(current: Status, to: Status, parts: Sequence[Actor]) -> Actor:
    """In which of their parts somebody takes this step; the first one when none fits, which check_move refuses."""
    transition = TRANSITIONS.get((current, to))
    return next((part for part in parts if transition and part in transition.by), parts[0])
