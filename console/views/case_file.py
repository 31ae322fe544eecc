"""One case with its classification, its history, its conversation, and what can be done with it."""

from dataclasses import dataclass
from datetime import datetime

from community.core.cases import Case, CaseEvent, EventKind, Guess
from community.core.clock import shanghai
from community.core.messages import Direction, Message, Progress
from community.core.privacy import mask
from community.core.staff import PARTS, Staff
from community.core.texts import Texts
from community.core.workflow import TRANSITIONS, Status, next_steps
from community.services.cases import CaseFile
from community.services.reference import Reference
from community.services.wording import STATUS_NAMES, unit_name
from console import labels
from console.views.cases import Label, Share, alarming, masked, place, share, status_label, urgency_label
from console.views.moments import Due, Moment, due, moment

TOP = 3


@dataclass(frozen=True)
class GuessLine:
    name: str
    group_name: str
    share: Share
    current: bool


@dataclass(frozen=True)
class Step:
    to: Status
    name: str
    needs_note: bool


@dataclass(frozen=True)
class EventLine:
    at: Moment
    kind: EventKind
    what: str
    who: str
    note: str


@dataclass(frozen=True)
class Bubble:
    text: str
    at: Moment
    from_resident: bool
    progress: Progress
    buttons: list[str]
    undelivered: bool


@dataclass(frozen=True)
class Day:
    date: str
    bubbles: list[Bubble]


@dataclass(frozen=True)
class CaseView:
    id: int
    version: int
    number: str
    service_code: str
    service_name: str
    group_name: str
    covers: str
    unit_name: str
    hours: int
    status: Label
    urgency: Label
    alarming: bool
    appeal: str
    place: str
    description: str
    opened: Moment
    due: Due
    channel: str
    contacts: list[str]
    guesses: list[GuessLine]
    to_review: bool
    steps: list[Step]
    history: list[EventLine]
    days: list[Day]


def case_view(file: CaseFile, staff: Staff, reference: Reference, texts: Texts, now: datetime) -> CaseView:
    case, service = file.case, file.service
    channel = labels.CHANNELS.get(file.account.channel)
    return CaseView(
        id=case.id,
        version=case.version,
        number=case.number,
        service_code=service.code,
        service_name=service.name,
        group_name=service.group_name,
        covers=service.covers,
        unit_name=unit_name(reference, case.unit_code),
        hours=service.resolve_hours,
        status=status_label(case.status, texts),
        urgency=urgency_label(case.urgency, texts),
        alarming=alarming(case),
        appeal=texts.render(labels.APPEALS[case.appeal_type]),
        place=place(case, reference, texts),
        description=masked(case.description),
        opened=moment(case.opened_at, now),
        due=due(case, now, texts),
        channel=texts.render(channel) if channel else file.account.channel,
        contacts=[mask(contact) for contact in file.resident.contacts],
        guesses=_guesses(file, reference),
        to_review=case.review_priority is not None,
        steps=[
            _step(case, to, unit_name(reference, case.unit_code), texts)
            for to in next_steps(case.status, PARTS[staff.role])
        ],
        history=[_event_line(event, reference, texts, now) for event in reversed(file.events)],
        days=_days(file, now),
    )


def service_name(code: str, reference: Reference) -> str:
    service = reference.taxonomy.services.get(code)
    return service.name if service else code


def _guesses(file: CaseFile, reference: Reference) -> list[GuessLine]:
    """What the model thought at the time, the surest first; corrections since then don't change it."""
    case = file.case
    if case.confidence is None:
        return []
    first = Guess(_code_when_opened(file), case.confidence)
    others = [guess for guess in case.alternatives if guess.service_code != first.service_code]
    return [_guess_line(guess, case, reference) for guess in [first, *others][:TOP]]


def _code_when_opened(file: CaseFile) -> str:
    corrections = (event.data["from"] for event in file.events if event.kind is EventKind.CODE_CORRECTED)
    return next(corrections, file.case.service_code)


def _guess_line(guess: Guess, case: Case, reference: Reference) -> GuessLine:
    service = reference.taxonomy.services.get(guess.service_code)
    return GuessLine(
        name=service.name if service else guess.service_code,
        group_name=service.group_name if service else "",
        share=share(guess.confidence),
        current=guess.service_code == case.service_code,
    )


def _steps(case: Case, staff: Staff, reference: Reference, texts: Texts) -> list[Step]:
    name = unit_name(reference, case.unit_code)
    return [_step(case, to, name, texts) for to in next_steps(case.status, PARTS[staff.role])]


def _step(case: Case, to: Status, unit_name: str, texts: Texts) -> Step:
    key = labels.SPECIAL_STEPS.get((case.status, to), labels.STEPS[to])
    return Step(to, texts.render(key, unit=unit_name), TRANSITIONS[case.status, to].needs_note)


def _event_line(event: CaseEvent, reference: Reference, texts: Texts, now: datetime) -> EventLine:
    before, after = _change(event, reference, texts)
    return EventLine(
        at=moment(event.at, now),
        kind=event.kind,
        what=texts.render(labels.EVENTS[event.kind], before=before, after=after, **_facts(event, reference)),
        who=event.actor_name or texts.render(labels.ACTORS[event.actor]),
        note=masked(event.note),
    )


def _change(event: CaseEvent, reference: Reference, texts: Texts) -> tuple[str, str]:
    if event.kind is EventKind.CODE_CORRECTED:
        return service_name(event.data["from"], reference), service_name(event.data["to"], reference)
    states = (event.from_status, event.to_status)
    before, after = (texts.render(STATUS_NAMES[state]) if state else "" for state in states)
    return before, after


def _facts(event: CaseEvent, reference: Reference) -> dict[str, object]:
    """What the texts of events may name, from what each kind of event remembers."""
    lead = event.data.get("lead") or event.data.get("terms", {}).get("lead", "")
    return {
        "lead": unit_name(reference, lead),
        "unit": unit_name(reference, event.data.get("unit", "")),
        "step": event.data.get("name", ""),
        "number": event.data.get("number", ""),
        "percent": event.data.get("percent", ""),
        "level": event.data.get("level", ""),
        "score": event.data.get("score", ""),
    }


def _days(file: CaseFile, now: datetime) -> list[Day]:
    days: list[Day] = []
    for message in file.conversation:
        date = f"{shanghai(message.at):%Y-%m-%d}"
        if not days or days[-1].date != date:
            days.append(Day(date, []))
        days[-1].bubbles.append(_bubble(message, now, undelivered=message.id in file.undelivered))
    return days


def _bubble(message: Message, now: datetime, *, undelivered: bool) -> Bubble:
    return Bubble(
        text=masked(message.text),
        at=moment(message.at, now),
        from_resident=message.direction is Direction.IN,
        progress=message.progress,
        buttons=[button.title for button in message.buttons],
        undelivered=undelivered,
    )
