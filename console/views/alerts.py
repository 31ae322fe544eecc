"""A reminder as a line of its page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from community.core.alerts import Alert
from community.core.cases import Case
from community.core.texts import Texts
from community.services.alerts import ALERT_TEXTS
from community.services.reference import Reference
from community.services.wording import unit_name
from console import labels
from console.views.cases import Row, row
from console.views.moments import Moment, moment


@dataclass(frozen=True)
class AlertLine:
    id: int
    kind: str
    words: str
    level: int
    level_name: str
    unit_name: str
    grid_name: str
    names: str
    at: Moment
    seen_at: Moment | None
    seen_by: str
    case: Row


def alert_line(
    alert: Alert, case: Case, grids: Mapping[str, str], reference: Reference, texts: Texts, now: datetime
) -> AlertLine:
    return AlertLine(
        id=alert.id,
        kind=alert.kind,
        words=texts.render(ALERT_TEXTS[alert.kind], percent=alert.percent),
        level=alert.level,
        level_name=texts.render(labels.LEVELS[alert.level]),
        unit_name=unit_name(reference, alert.unit_code),
        grid_name=grids.get(alert.grid_code or "", ""),
        names="、".join(alert.names),
        at=moment(alert.at, now),
        seen_at=moment(alert.seen_at, now) if alert.seen_at else None,
        seen_by=alert.seen_by,
        case=row(case, reference, texts, now),
    )
