"""Cases as rows of the list, and what stands above and below them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from community.core.cases import Case, Urgency
from community.core.privacy import mask_contacts
from community.core.texts import Texts
from community.core.workflow import FINISHED, UNDER_LIMIT, Status
from community.services.ports import CasePage
from community.services.reference import Reference
from community.services.wording import STATUS_NAMES, place_words, unit_name
from console import labels
from console.filters import ALL, OPEN, OVERDUE, REVIEW, REVISIT, Filters
from console.views.moments import Due, Moment, due, moment

START = 90  # characters of the description in the list


@dataclass(frozen=True)
class Share:
    """A confidence as the bar and the number show it; `level` is high, middle or low."""

    percent: int
    level: str


@dataclass(frozen=True)
class Label:
    code: str
    name: str


@dataclass(frozen=True)
class Row:
    id: int
    number: str
    service_name: str
    group_name: str
    place: str
    start: str
    status: Label
    unit_name: str
    urgency: Label
    alarming: bool
    opened: Moment
    due: Due
    confidence: Share | None


@dataclass(frozen=True)
class Tab:
    name: str
    count: int
    link: str
    chosen: bool
    code: str


@dataclass(frozen=True)
class Paging:
    page: int
    pages: int
    first: int
    last: int
    total: int
    previous: str
    next: str


def share(confidence: float) -> Share:
    percent = round(100 * min(max(confidence, 0.0), 1.0))
    return Share(percent, "high" if percent >= 80 else "middle" if percent >= 50 else "low")


def masked(text: str) -> str:
    return mask_contacts(text)[0]


def place(case: Case, reference: Reference, texts: Texts) -> str:
    return masked(place_words(reference, case.area_code, case.address)) or texts.render("no_place")


def status_label(status: Status, texts: Texts) -> Label:
    return Label(status, texts.render(STATUS_NAMES[status]))


def urgency_label(urgency: Urgency, texts: Texts) -> Label:
    return Label(urgency, texts.render(labels.URGENCIES[urgency]))


def alarming(case: Case) -> bool:
    return case.urgency is Urgency.EMERGENCY and case.status in UNDER_LIMIT


def row(case: Case, reference: Reference, texts: Texts, now: datetime) -> Row:
    service = reference.taxonomy.services.get(case.service_code)  # an old case may name what the taxonomy dropped
    return Row(
        id=case.id,
        number=case.number,
        service_name=service.name if service else case.service_code,
        group_name=service.group_name if service else "",
        place=place(case, reference, texts),
        start=_start(case.description),
        status=status_label(case.status, texts),
        unit_name=unit_name(reference, case.unit_code),
        urgency=urgency_label(case.urgency, texts),
        alarming=alarming(case),
        opened=moment(case.opened_at, now),
        due=due(case, now, texts),
        confidence=None if case.confidence is None else share(case.confidence),
    )


def _start(description: str) -> str:
    line = " ".join(masked(description).split())
    return line if len(line) <= START else line[:START] + "…"


def tabs(filters: Filters, counts: Mapping[Status, int], questions: Mapping[str, int], texts: Texts) -> list[Tab]:
    """The questions asked all day, then each state that has cases."""
    unfinished = sum(count for status, count in counts.items() if status not in FINISHED)
    shown = [
        (OPEN, texts.render("tab_open"), unfinished),
        (OVERDUE, texts.render("tab_overdue"), questions[OVERDUE]),
        (REVIEW, texts.render("tab_review"), questions[REVIEW]),
        (REVISIT, texts.render("tab_revisit"), questions[REVISIT]),
        (ALL, texts.render("tab_all"), sum(counts.values())),
    ]
    states = [(status, texts.render(STATUS_NAMES[status]), counts.get(status, 0)) for status in Status]
    shown += [state for state in states if state[2] or state[0] == filters.tab]
    return [Tab(name, count, filters.link(status=code), code == filters.tab, code) for code, name, count in shown]


def paging(filters: Filters, found: CasePage, size: int) -> Paging:
    pages = max(-(-found.total // size), 1)
    page = filters.page
    first = (page - 1) * size
    return Paging(
        page=page,
        pages=pages,
        first=first + 1,
        last=first + len(found.cases),
        total=found.total,
        previous=filters.link(page=page - 1) if page > 1 else "",
        next=filters.link(page=page + 1) if page < pages else "",
    )
