"""A case 工单: what a resident said, what it was understood as, and all that happened to it since."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from community.core.workflow import Actor, Status


class AppealType(StrEnum):
    COMPLAINT = "complaint"
    REQUEST = "request"
    ENQUIRY = "enquiry"
    SUGGESTION = "suggestion"
    REPORT = "report"
    PRAISE = "praise"


class Urgency(StrEnum):
    EMERGENCY = "emergency"
    URGENT = "urgent"
    ROUTINE = "routine"


class Source(StrEnum):
    """Where a case came from."""

    CHAT = "chat"
    OPEN311 = "open311"
    PLATFORM = "platform"  # sensors and other systems, by signed webhook
    HOTLINE = "hotline"
    PATROL = "patrol"  # 发现上报 by the members of a grid themselves


class EventKind(StrEnum):
    OPENED = "opened"
    ROUTED = "routed"
    STATUS_CHANGED = "status_changed"
    CODE_CORRECTED = "code_corrected"
    CODE_CONFIRMED = "code_confirmed"
    PLACE_CORRECTED = "place_corrected"
    DETAILS_ADDED = "details_added"
    REPLIED = "replied"
    ASKED = "asked"  # the resident: the clock waits for the answer
    ANSWERED = "answered"
    TASK_ADDED = "task_added"
    TASK_DONE = "task_done"
    TASK_DROPPED = "task_dropped"
    PROCEDURE_STARTED = "procedure_started"
    STEP_DONE = "step_done"  # of a special procedure
    SUPPORTED = "supported"
    UNSUPPORTED = "unsupported"
    ABSORBED = "absorbed"  # another case was merged into this one
    SPLIT_OFF = "split_off"
    WARNED = "warned"
    HANDED_OVER = "handed_over"  # 管执联动: the next unit takes over
    RATED = "rated"
    REVISITED = "revisited"


REVIEWS = frozenset({EventKind.CODE_CORRECTED, EventKind.CODE_CONFIRMED})  # a person looked at the code


@dataclass(frozen=True)
class Task:
    """One unit's part of a case; joint handling 联勤 has several, one of them the lead."""

    unit_code: str
    lead: bool
    done_at: datetime | None = None


@dataclass(frozen=True)
class Guess:
    """One reading of the words by the model; confidence in 0..1."""

    service_code: str
    confidence: float


@dataclass(frozen=True)
class CaseDraft:
    """All that opening a case needs. `origin` names the message that asked for it, so asking twice opens one case."""

    account_id: int
    origin: str
    description: str
    service_code: str
    area_code: str | None
    address: str
    appeal_type: AppealType = AppealType.COMPLAINT
    urgency: Urgency = Urgency.ROUTINE
    confidence: float | None = None
    alternatives: tuple[Guess, ...] = ()
    novelty: float | None = None
    source: Source = Source.CHAT
    longitude: float | None = None  # WGS-84 degrees
    latitude: float | None = None
    details: dict[str, Any] = field(default_factory=dict)  # what else its source says; kept with the opening


@dataclass(kw_only=True)
class Case:
    """What can be asked and listed quickly. From `unit_code` on it follows from the events (history.py)."""

    id: int = 0
    number: str
    account_id: int
    origin: str
    description: str
    service_code: str
    appeal_type: AppealType
    urgency: Urgency
    confidence: float | None
    alternatives: tuple[Guess, ...]
    area_code: str | None
    address: str
    opened_at: datetime
    source: Source = Source.CHAT
    longitude: float | None = None
    latitude: float | None = None
    grid_code: str | None = None
    review_priority: float | None = None  # None: nothing to review, or a person has
    unit_code: str
    status: Status
    tasks: tuple[Task, ...] = ()
    due_at: datetime | None  # when the resolve clock runs out; None while it stands
    response_due_at: datetime | None = None
    alarm_at: datetime | None = None  # when the watch must look at it next
    level: int = 0  # how far up it was escalated: 0 the unit, 1-3 the grid managers
    waiting: bool = False  # for the resident's answer
    round: int = 1  # 2 after the first reopening
    merged_into: str | None = None
    supporters: int = 0
    rating: int | None = None
    to_revisit: bool = False  # 回访: drawn, and nobody has asked yet
    ended_at: datetime | None = None
    late: bool = False  # the resolve clock ran over its limit in the present round, or somebody had to take over
    version: int = 1


@dataclass(frozen=True, kw_only=True)
class CaseEvent:
    """One line of the history; never edited, never removed."""

    id: int = 0
    case_id: int
    kind: EventKind
    at: datetime
    actor: Actor
    actor_name: str = ""
    from_status: Status | None = None
    to_status: Status | None = None
    note: str = ""
    data: dict[str, Any] = field(default_factory=dict)


def case_number(day: date, ordinal: int) -> str:
    """`KT20261123-0007`; `day` is the day in Shanghai, `ordinal` counts that day's cases from 1."""
    return f"KT{day:%Y%m%d}-{ordinal:04d}"
