"""What happened to a case, a line each."""

from dataclasses import dataclass
from datetime import datetime

from community.core.cases import CaseEvent, EventKind
from community.core.texts import Texts
from community.core.workflow import Ground
from community.services.reference import Reference
from community.services.wording import GROUNDS, STATUS_NAMES, day_words, unit_name
from console import labels
from console.views.cases import masked
from console.views.moments import Moment, moment


@dataclass(frozen=True)
class EventLine:
    at: Moment
    kind: EventKind
    what: str
    details: list[str]
    who: str
    note: str
    photos: list[str]


def event_line(event: CaseEvent, reference: Reference, texts: Texts, now: datetime) -> EventLine:
    before, after = _change(event, reference, texts)
    facts = _facts(event, reference, texts)
    return EventLine(
        at=moment(event.at, now),
        kind=event.kind,
        what=texts.render(labels.EVENTS[event.kind], before=before, after=after, **facts),
        details=_details(event, reference, texts),
        who=event.actor_name or texts.render(labels.ACTORS[event.actor]),
        note=masked(event.note),
        photos=event.data.get("photos", []),
    )


def service_name(code: str, reference: Reference) -> str:
    service = reference.taxonomy.services.get(code)
    return service.name if service else code


def _change(event: CaseEvent, reference: Reference, texts: Texts) -> tuple[str, str]:
    if event.kind is EventKind.CODE_CORRECTED:
        return service_name(event.data["from"], reference), service_name(event.data["to"], reference)
    states = (event.from_status, event.to_status)
    before, after = (texts.render(STATUS_NAMES[state]) if state else "" for state in states)
    return before, after


def _facts(event: CaseEvent, reference: Reference, texts: Texts) -> dict[str, object]:
    """What the texts of events may name, from what each kind of event remembers."""
    lead = event.data.get("lead") or event.data.get("terms", {}).get("lead", "")
    return {
        "lead": unit_name(reference, lead),
        "unit": unit_name(reference, event.data.get("unit", "")),
        "step": event.data.get("name", ""),
        "number": event.data.get("number", ""),
        "percent": event.data.get("percent", ""),
        "level": texts.render(labels.LEVELS[event.data.get("level", 0)]),
        "score": event.data.get("score", ""),
        "answer": texts.render("revisit_content" if event.data.get("content") else "revisit_discontent"),
    }


def _details(event: CaseEvent, reference: Reference, texts: Texts) -> list[str]:
    """What a step brought along."""
    data, lines = event.data, []
    if event.kind is EventKind.STATUS_CHANGED and data.get("units"):
        names = [unit_name(reference, code) for code in data["units"]]
        key = "detail_units" if names[1:] else "detail_unit"
        lines.append(texts.render(key, lead=names[0], others="、".join(names[1:])))
    if data.get("until"):
        lines.append(texts.render("detail_until", until=day_words(reference, datetime.fromisoformat(data["until"]))))
    if data.get("ground"):
        lines.append(texts.render(GROUNDS[Ground(data["ground"])]))
    if event.kind is EventKind.WARNED and data.get("step"):
        lines.append(data["step"])
    if data.get("into"):
        lines.append(texts.render("detail_into", number=data["into"]))
    return lines
