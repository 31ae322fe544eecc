"""Opening a case and carrying it on; whoever it concerns is told in the same transaction."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from community.core.alerts import AlertKind
from community.core.cases import Case, CaseDraft, CaseEvent, EventKind, Urgency, case_number
from community.core.clock import shanghai
from community.core.errors import NoteRequired, NotFound
from community.core.history import History, advance, replay
from community.core.messages import Message, Reply, clean
from community.core.residents import ChannelAccount, Resident
from community.core.review import review_priority
from community.core.taxonomy import Service
from community.core.terms import Terms
from community.core.workflow import Actor, Move, Status, check_move
from community.services.alerts import raise_alert
from community.services.duplicates import remember_case
from community.services.locate import whereabouts
from community.services.merging import absorb, merge_target, split_off
from community.services.ports import UnitOfWork
from community.services.procedure_steps import check_procedure
from community.services.record import case_at, history_of, project, record
from community.services.reference import Reference
from community.services.residents import account_of, resident_of
from community.services.tasks import check_tasks
from community.services.telling import tell
from community.services.terms import decide_terms
from community.services.wording import case_text, status_notice

RECENT = 5  # cases a resident is shown when asking how things stand


@dataclass(frozen=True)
class CaseHistory:
    case: Case
    events: list[CaseEvent]


@dataclass(frozen=True)
class CaseFile:
    """Everything the desk sees of one case."""

    case: Case
    history: History
    service: Service
    events: list[CaseEvent]
    conversation: list[Message]
    account: ChannelAccount
    resident: Resident
    undelivered: frozenset[int]  # ids of messages still in the outbox


async def open_case(uow: UnitOfWork, draft: CaseDraft) -> Case:
    """Opens the case, or returns the one the same message opened before. Raises UnknownService."""
    case, is_new = await take_up(uow, draft)
    if is_new:
        await uow.commit()
    return case


async def take_up(uow: UnitOfWork, draft: CaseDraft) -> tuple[Case, bool]:
    """As open_case, in the transaction under way, which the caller commits; whether the case is new comes with it."""
    uow.reference.taxonomy[draft.service_code]
    now = uow.now()
    today = shanghai(now).date()
    ordinal = await uow.cases.next_ordinal(today)  # first, because whoever asks at the same time waits here
    if known := await uow.cases.by_origin(draft.origin):
        return known, False
    case = _new_case(draft, case_number(today, ordinal), now)
    case.area_code, case.grid_code = await whereabouts(uow, draft)
    terms = decide_terms(uow.reference, case, now)
    events = _opening(case, terms, draft.details)
    project(case, advance(replay(events[:1]), events[1]), uow.reference)
    await uow.cases.add(case)
    for event in events:
        await uow.cases.add_event(replace(event, case_id=case.id))
    await remember_case(uow, case)
    if case.urgency is Urgency.EMERGENCY:
        await raise_alert(uow, case, AlertKind.EMERGENCY)
    await _remember_area(uow, draft)
    return case, True


def _new_case(draft: CaseDraft, number: str, now: datetime) -> Case:
    return Case(
        number=number,
        account_id=draft.account_id,
        origin=draft.origin,
        source=draft.source,
        description=draft.description,
        service_code=draft.service_code,
        appeal_type=draft.appeal_type,
        urgency=draft.urgency,
        confidence=draft.confidence,
        alternatives=draft.alternatives,
        area_code=draft.area_code,
        address=draft.address,
        longitude=draft.longitude,
        latitude=draft.latitude,
        unit_code="",  # until it is routed, a moment later
        status=Status.REPORTED,
        opened_at=now,
        due_at=None,
        review_priority=review_priority(draft.urgency, draft.confidence, draft.alternatives, draft.novelty),
    )


def _opening(case: Case, terms: Terms, details: Mapping[str, Any]) -> tuple[CaseEvent, CaseEvent]:
    opened = CaseEvent(
        case_id=case.id,
        kind=EventKind.OPENED,
        at=case.opened_at,
        actor=Actor.RESIDENT,
        to_status=case.status,
        data={**details, "source": case.source.value, "service_code": case.service_code},
    )
    return opened, _routed(case, case.opened_at, terms)


def _routed(case: Case, now: datetime, terms: Terms) -> CaseEvent:
    return CaseEvent(case_id=case.id, kind=EventKind.ROUTED, at=now, actor=Actor.SYSTEM, data=terms.as_data())


async def _remember_area(uow: UnitOfWork, draft: CaseDraft) -> None:
    resident = await resident_of(uow, draft.account_id)
    if draft.area_code and resident.area_code is None:
        resident.area_code = draft.area_code
        await uow.residents.save(resident)


async def add_details(uow: UnitOfWork, case: Case, note: str, data: Mapping[str, Any] | None = None) -> None:
    """The reporter adds something to a case already open; the clock that waited for them goes on."""
    history = await history_of(uow, case)
    told = CaseEvent(
        case_id=case.id,
        kind=EventKind.DETAILS_ADDED,
        at=uow.now(),
        actor=Actor.RESIDENT,
        note=clean(note),
        data=dict(data or {}),
    )
    answered = [replace(told, kind=EventKind.ANSWERED, note="", data={})] if history.waiting else []
    await record(uow, case, history, told, *answered)
    await uow.commit()


async def reply(uow: UnitOfWork, case_id: int, version: int, note: str, *, actor_name: str, ask: bool) -> Case:
    """Staff write to the resident; with `ask` the clocks wait for the answer.

    Raises NotFound, StaleCase or NoteRequired.
    """
    case = await case_at(uow, case_id, version)
    note = clean(note)
    if not note:
        raise NoteRequired("a reply without words")
    kind = EventKind.ASKED if ask else EventKind.REPLIED
    said = CaseEvent(case_id=case.id, kind=kind, at=uow.now(), actor=Actor.HANDLER, actor_name=actor_name, note=note)
    history = await record(uow, case, await history_of(uow, case), said)
    key = "case_asked" if ask else "case_replied"
    await tell(uow, case, history, Reply(case_text(uow.reference, key, case, note=note)))
    await uow.commit()
    return case


async def change_status(uow: UnitOfWork, case_id: int, version: int, move: Move, *, actor_name: str) -> Case:
    """Takes one step of the loop and tells everybody concerned.

    Raises NotFound, StaleCase when `version` is no longer the current one, and what workflow.check_move raises;
    BadTarget, TasksOpen and UnknownUnit say what only the rest of the case can tell.
    """
    case = await case_at(uow, case_id, version)
    history = await history_of(uow, case)
    move = replace(move, note=clean(move.note))
    needs_photo = history.terms is not None and history.terms.needs_photo
    check_move(case.status, move, uow.now(), photo_needed=needs_photo)
    move = _with_units(uow.reference, history, move)
    check_tasks(history, move)
    check_procedure(uow.reference, history, move)
    target = await merge_target(uow, case, move)
    event = _step(case, move, uow.now(), actor_name)
    if target is not None and target.id < case.id:  # written in one order, or two merging at once wait for each other
        await absorb(uow, target, case, history, actor_name)
    history = await record(uow, case, history, event)
    if target is not None and target.id > case.id:
        await absorb(uow, target, case, history, actor_name)
    if event.from_status is Status.MERGED:
        await split_off(uow, event, case, actor_name)
    if move.to is Status.REOPENED:
        await raise_alert(uow, case, AlertKind.REOPENED)
    if move.actor is not Actor.RESIDENT:
        await tell(uow, case, history, status_notice(uow.reference, case, event))
    await uow.commit()
    return case


def _with_units(reference: Reference, history: History, move: Move) -> Move:
    """Whoever dispatches without naming units means those that routing chose. Raises UnknownUnit."""
    if move.to is not Status.ASSIGNED or move.actor is not Actor.DISPATCHER:
        return replace(move, units=())
    for unit in move.units:
        reference.routes.unit(unit)
    if move.units or history.terms is None or history.status is Status.SUSPENDED:
        return move
    return replace(move, units=(history.terms.lead, *history.terms.co_units))


def _step(case: Case, move: Move, now: datetime, actor_name: str) -> CaseEvent:
    data = {
        "until": move.until.isoformat() if move.until else None,
        "ground": move.ground,
        "into": move.into,
        "photos": list(move.photos),
        "units": list(dict.fromkeys(move.units)),
    }
    return CaseEvent(
        case_id=case.id,
        kind=EventKind.STATUS_CHANGED,
        at=now,
        actor=move.actor,
        actor_name=actor_name,
        from_status=case.status,
        to_status=move.to,
        note=move.note,
        data={name: value for name, value in data.items() if value},
    )


async def correct_code(uow: UnitOfWork, case_id: int, version: int, service_code: str, *, actor_name: str) -> Case:
    """Staff say what it is really about: unit and limit follow, and it needs no more review.

    Raises NotFound, UnknownService or StaleCase.
    """
    case = await case_at(uow, case_id, version)
    service = uow.reference.taxonomy[service_code]
    if service.code == case.service_code:
        return await _confirm_code(uow, case, actor_name)
    corrected = CaseEvent(
        case_id=case.id,
        kind=EventKind.CODE_CORRECTED,
        at=uow.now(),
        actor=Actor.DISPATCHER,
        actor_name=actor_name,
        data={"from": case.service_code, "to": service.code},
    )
    case.service_code = service.code
    case.review_priority = None
    terms = decide_terms(uow.reference, case, uow.now())
    history = await record(uow, case, await history_of(uow, case), corrected, _routed(case, uow.now(), terms))
    await tell(uow, case, history, Reply(case_text(uow.reference, "case_code_corrected", case)))
    await uow.commit()
    return case


async def _confirm_code(uow: UnitOfWork, case: Case, actor_name: str) -> Case:
    """Looked at and found right; once is enough, and the resident need not hear of it."""
    if case.review_priority is None:
        return case
    case.review_priority = None
    confirmed = CaseEvent(
        case_id=case.id,
        kind=EventKind.CODE_CONFIRMED,
        at=uow.now(),
        actor=Actor.DISPATCHER,
        actor_name=actor_name,
        data={"code": case.service_code},
    )
    await record(uow, case, await history_of(uow, case), confirmed)
    await uow.commit()
    return case


async def case_file(uow: UnitOfWork, case_id: int) -> CaseFile:
    case = await uow.cases.get(case_id)
    if case is None:
        raise NotFound(f"no case {case_id}")
    events = await uow.cases.events(case_id)
    return CaseFile(
        case=case,
        history=replay(events),
        service=uow.reference.taxonomy[case.service_code],
        events=events,
        conversation=await uow.messages.conversation(case.account_id, after=0, limit=50),
        account=await account_of(uow, case.account_id),
        resident=await resident_of(uow, case.account_id),
        undelivered=frozenset(d.message_id for d in await uow.outbox.waiting_for(case.account_id)),
    )


async def progress(
    uow: UnitOfWork, account_id: int, *, number: str | None, service_codes: list[str]
) -> list[CaseHistory]:
    """The asker's own cases that the question means: by number, else by subject, else the newest ones."""
    if number is not None:
        numbered = await uow.cases.by_number(number)
        meant = [numbered] if numbered and numbered.account_id == account_id else []
    else:
        own = await uow.cases.of_account(account_id, limit=50)
        meant = [case for case in own if case.service_code in service_codes] or own
    return [CaseHistory(case, await uow.cases.events(case.id)) for case in meant[:RECENT]]


async def reviewed_cases(uow: UnitOfWork) -> AsyncIterator[Case]:
    """Every case whose code a person corrected or confirmed, the oldest first: what a model can learn from."""
    after = 0
    while cases := await uow.cases.reviewed(after, limit=500):
        for case in cases:
            yield case
        after = cases[-1].id
