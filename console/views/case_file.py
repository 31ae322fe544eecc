"""One case with its classification, its history, its conversation, and what can be done with it."""

from dataclasses import dataclass
from datetime import datetime

from community.core.cases import Case, EventKind, Guess
from community.core.clock import shanghai
from community.core.messages import Direction, Message, Progress
from community.core.privacy import mask
from community.core.staff import Staff
from community.core.texts import Texts
from community.core.workflow import Status
from community.services.cases import CaseFile
from community.services.reference import Reference
from community.services.wording import unit_name
from console import labels
from console.access import may_classify, may_reply, may_revisit
from console.views.cases import Label, Share, alarming, masked, place, share, status_label, urgency_label
from console.views.clocks import ClockLine, clock_lines
from console.views.history import EventLine, event_line
from console.views.moments import Due, Moment, due, moment

TOP = 3


@dataclass(frozen=True)
class GuessLine:
    name: str
    group_name: str
    share: Share
    current: bool


@dataclass(frozen=True)
class Rating:
    score: int
    words: str


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
    clocks: list[ClockLine]
    level: int
    level_name: str
    round: int
    supporters: int
    merged_into: str
    rating: Rating | None
    may_classify: bool
    may_reply: bool
    may_revisit: bool
    revisit_due: bool
    procedure: str  # name of the special one, or empty
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
        clocks=clock_lines(file.history, reference, texts, now),
        level=case.level,
        level_name=texts.render(labels.LEVELS[case.level]),
        round=case.round,
        supporters=case.supporters,
        merged_into=case.merged_into or "",
        rating=_rating(file),
        may_classify=may_classify(staff),
        may_reply=may_reply(staff),
        may_revisit=may_revisit(staff) and case.status is Status.ARCHIVED,
        revisit_due=case.to_revisit,
        procedure=_procedure(file, reference),
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
        history=[event_line(event, reference, texts, now) for event in reversed(file.events)],
        days=_days(file, now),
    )


def _rating(file: CaseFile) -> Rating | None:
    """The latest of the present round, with its words."""
    if file.history.rating is None:
        return None
    rated = [event for event in file.events if event.kind is EventKind.RATED][-1]
    return Rating(file.history.rating, masked(rated.note))


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


def _procedure(file: CaseFile, reference: Reference) -> str:
    """The one under way or gone through, else the one that could be started."""
    code = file.history.procedure or (file.history.terms.procedure if file.history.terms else None)
    return reference.procedures[code].name if code and code in reference.procedures else ""
