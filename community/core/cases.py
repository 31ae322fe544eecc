"""A case 工单: what a resident said, what it was understood as, and all that happened to it since."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

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


class EventKind(StrEnum):
    OPENED = "opened"
    STATUS_CHANGED = "status_changed"
    CODE_CORRECTED = "code_corrected"
    CODE_CONFIRMED = "code_confirmed"
    DETAILS_ADDED = "details_added"


REVIEWS = frozenset({EventKind.CODE_CORRECTED, EventKind.CODE_CONFIRMED})  # a person looked at the code


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


@dataclass(kw_only=True)
class Case:
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
    unit_code: str
    status: Status
    opened_at: datetime
    due_at: datetime
    review_priority: float | None = None  # None: nothing to review, or a person has
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
    data: dict[str, str] = field(default_factory=dict)


def case_number(day: date, ordinal: int) -> str:
    """`KT20261123-0007`; `day` is the day in Shanghai, `ordinal` counts that day's cases from 1."""
    return f"KT{day:%Y%m%d}-{ordinal:04d}"
