"""The life of a case: the five-step closed loop and its side roads, as one table.

发现上报 reported → 网格分理 assigned → 处置反馈 resolved → 任务核查 verified → 评价归档 archived.
"""

from dataclasses import dataclass
from enum import StrEnum

from community.core.errors import NoteRequired, TransitionNotAllowed


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
    """Who takes a step."""

    RESIDENT = "resident"
    STAFF = "staff"


@dataclass(frozen=True)
class Transition:
    by: frozenset[Actor]
    needs_note: bool = False


_STAFF = Transition(frozenset({Actor.STAFF}))
_STAFF_WITH_REASON = Transition(frozenset({Actor.STAFF}), needs_note=True)
_RESIDENT = Transition(frozenset({Actor.RESIDENT}))
_RESIDENT_WITH_REASON = Transition(frozenset({Actor.RESIDENT}), needs_note=True)

S = Status
TRANSITIONS: dict[tuple[Status, Status], Transition] = {
    (S.REPORTED, S.ASSIGNED): _STAFF,
    (S.REPORTED, S.REJECTED): _STAFF_WITH_REASON,
    (S.REPORTED, S.MERGED): _STAFF_WITH_REASON,
    (S.REPORTED, S.WITHDRAWN): _RESIDENT,
    (S.ASSIGNED, S.RESOLVED): _STAFF_WITH_REASON,  # the resident reads what was done
    (S.ASSIGNED, S.RETURNED): _STAFF_WITH_REASON,
    (S.ASSIGNED, S.SUSPENDED): _STAFF_WITH_REASON,
    (S.ASSIGNED, S.MERGED): _STAFF_WITH_REASON,
    (S.ASSIGNED, S.WITHDRAWN): _RESIDENT,
    (S.RETURNED, S.ASSIGNED): _STAFF,
    (S.RETURNED, S.REJECTED): _STAFF_WITH_REASON,
    (S.RETURNED, S.WITHDRAWN): _RESIDENT,
    (S.SUSPENDED, S.ASSIGNED): _STAFF,
    (S.SUSPENDED, S.WITHDRAWN): _RESIDENT,
    (S.RESOLVED, S.VERIFIED): _STAFF,
    (S.RESOLVED, S.ASSIGNED): _STAFF_WITH_REASON,  # verification failed: back to the unit
    (S.RESOLVED, S.REOPENED): _RESIDENT_WITH_REASON,
    (S.VERIFIED, S.ARCHIVED): _STAFF,
    (S.VERIFIED, S.REOPENED): _RESIDENT_WITH_REASON,
    (S.ARCHIVED, S.REOPENED): _RESIDENT_WITH_REASON,
    (S.REJECTED, S.REOPENED): _RESIDENT_WITH_REASON,
    (S.REOPENED, S.ASSIGNED): _STAFF,
    (S.REOPENED, S.REJECTED): _STAFF_WITH_REASON,
    (S.REOPENED, S.WITHDRAWN): _RESIDENT,
}

FINISHED = frozenset({S.ARCHIVED, S.MERGED, S.REJECTED, S.WITHDRAWN})
UNDER_LIMIT = frozenset({S.REPORTED, S.ASSIGNED, S.RETURNED, S.REOPENED})  # somebody still has to act in time


def check_transition(current: Status, to: Status, actor: Actor, note: str = "") -> None:
    """Raises TransitionNotAllowed or NoteRequired; returns quietly when the step may be taken."""
    transition = TRANSITIONS.get((current, to))
    if transition is None or actor not in transition.by:
        raise TransitionNotAllowed(f"{actor} may not move a case from {current} to {to}")
    if transition.needs_note and not note.strip():
        raise NoteRequired(f"{current} to {to} needs a note")


def next_steps(current: Status, actor: Actor) -> list[Status]:
    """The states `actor` may choose from here, in the table's order."""
    return [to for (start, to), step in TRANSITIONS.items() if start == current and actor in step.by]
