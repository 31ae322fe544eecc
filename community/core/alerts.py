"""What staff must see 督办提醒; each stays until somebody has seen it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class AlertKind(StrEnum):
    EMERGENCY = "emergency"
    RESPONSE = "response"  # nobody has taken it up
    RESOLVE = "resolve"  # the limit is being used up
    STEP = "step"  # of a special procedure, past its limit
    REOPENED = "reopened"
    HANDED_OVER = "handed_over"
    RESUMED = "resumed"


@dataclass(kw_only=True)
class Alert:
    """`percent` of the limit used; `level` 0 the unit, 1 to 3 the grid managers; `names` whom it is for, if known."""

    id: int = 0
    case_id: int
    at: datetime
    kind: AlertKind
    percent: int = 0
    level: int = 0
    unit_code: str = ""
    grid_code: str | None = None
    names: tuple[str, ...] = ()
    seen_at: datetime | None = None
    seen_by: str = ""
