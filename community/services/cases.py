"""Opening a case and carrying it on; whoever wrote it is told in the same transaction."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

from community.core.cases import Case, CaseDraft, CaseEvent, EventKind, case_number
from community.core.clock import shanghai
from community.core.errors import NotFound, StaleCase
from community.core.messages import Message, Reply, clean
from community.core.residents import ChannelAccount, Resident
from community.core.review import review_priority
from community.core.taxonomy import Service
from community.core.workflow import Actor, Status, check_transition
from community.services.duplicates import remember_case
from community.services.messages import say
from community.services.ports import UnitOfWork
from community.services.residents import account_of, resident_of
from community.services.wording import case_words, status_notice

RECENT = 5  # cases a resident is shown when asking how things stand


@dataclass(frozen=True)
class CaseHistory:
    case: Case
    events: list[CaseEvent]


@dataclass(frozen=True)
class CaseFile:
    """Everything the desk sees of one case."""

    case: Case
    service: Service
    events: list[CaseEvent]
    conversation: list[Message]
    account: ChannelAccount
    resident: Resident
    undelivered: frozenset[int]  # ids of messages still in the outbox


async def open_case(uow: UnitOfWork, draft: CaseDraft) -> Case:
    """Opens the case, or returns the one the same message opened before."""
    service = uow.reference.taxonomy[draft.service_code]
    now = uow.now()
    today = shanghai(now).date()
    ordinal = await uow.cases.next_ordinal(today)  # first, because whoever asks at the same time waits here
    if known := await uow.cases.by_origin(draft.origin):
        return known
    case = Case(
        number=case_number(today, ordinal),
        account_id=draft.account_id,
        origin=draft.origin,
        description=draft.description,
        service_code=service.code,
        appeal_type=draft.appeal_type,
        urgency=draft.urgency,
        confidence=draft.confidence,
        alternatives=draft.alternatives,
        area_code=draft.area_code,
        address=draft.address,
        unit_code=service.unit.code,
        status=Status.REPORTED,
        opened_at=now,
        due_at=now + timedelta(hours=service.resolve_hours),
        review_priority=review_priority(draft.urgency, draft.confidence, draft.alternatives, draft.novelty),
    )
    await uow.cases.add(case)
    await uow.cases.add_event(
        CaseEvent(case_id=case.id, kind=EventKind.OPENED, at=now, actor=Actor.RESIDENT, to_status=case.status)
    )
    await remember_case(uow, case)
    await _remember_area(uow, draft)
    await uow.commit()
    return case


async def _remember_area(uow: UnitOfWork, draft: CaseDraft) -> None:
    resident = await resident_of(uow, draft.account_id)
    if draft.area_code and resident.area_code is None:
        resident.area_code = draft.area_code
        await uow.residents.save(resident)


async def add_details(uow: UnitOfWork, case: Case, note: str) -> None:
    """The resident adds something to a case already open."""
    await uow.cases.add_event(
        CaseEvent(case_id=case.id, kind=EventKind.DETAILS_ADDED, at=uow.now(), actor=Actor.RESIDENT, note=clean(note))
    )
    await uow.commit()


async def change_status(
    uow: UnitOfWork, case_id: int, version: int, to: Status, note: str, *, actor: Actor, actor_name: str
) -> Case:
    """Takes one step of the loop and tells the resident.

    Raises NotFound, TransitionNotAllowed, NoteRequired, or StaleCase when `version` is no longer the current one.
    """
    case = await _case_at(uow, case_id, version)
    note = clean(note)
    check_transition(case.status, to, actor, note)
    event = CaseEvent(
        case_id=case.id,
        kind=EventKind.STATUS_CHANGED,
        at=uow.now(),
        actor=actor,
        actor_name=actor_name,
        from_status=case.status,
        to_status=to,
        note=note,
    )
    case.status = to
    await uow.cases.save(case)
    await uow.cases.add_event(event)
    await remember_case(uow, case)
    if actor is Actor.STAFF:
        await say(uow, case.account_id, Reply(status_notice(uow.reference, case, event)), deliver=True)
    await uow.commit()
    return case


async def correct_code(uow: UnitOfWork, case_id: int, version: int, service_code: str, *, actor_name: str) -> Case:
    """Staff say what it is really about: unit and limit follow, and it needs no more review.

    Raises NotFound, UnknownService or StaleCase.
    """
    case = await _case_at(uow, case_id, version)
    service = uow.reference.taxonomy[service_code]
    if service.code == case.service_code:
        return await _confirm_code(uow, case, actor_name)
    event = CaseEvent(
        case_id=case.id,
        kind=EventKind.CODE_CORRECTED,
        at=uow.now(),
        actor=Actor.STAFF,
        actor_name=actor_name,
        data={"from": case.service_code, "to": service.code},
    )
    case.service_code = service.code
    case.unit_code = service.unit.code
    case.due_at = case.opened_at + timedelta(hours=service.resolve_hours)
    case.review_priority = None
    await uow.cases.save(case)
    await uow.cases.add_event(event)
    await remember_case(uow, case)
    words = case_words(uow.reference, case)
    await say(uow, case.account_id, Reply(uow.reference.texts.render("case_code_corrected", **words)), deliver=True)
    await uow.commit()
    return case


async def _confirm_code(uow: UnitOfWork, case: Case, actor_name: str) -> Case:
    """Looked at and found right; once is enough, and the resident need not hear of it."""
    if case.review_priority is None:
        return case
    case.review_priority = None
    await uow.cases.save(case)
    await uow.cases.add_event(
        CaseEvent(
            case_id=case.id,
            kind=EventKind.CODE_CONFIRMED,
            at=uow.now(),
            actor=Actor.STAFF,
            actor_name=actor_name,
            data={"code": case.service_code},
        )
    )
    await uow.commit()
    return case


async def _case_at(uow: UnitOfWork, case_id: int, version: int) -> Case:
    case = await uow.cases.get(case_id)
    if case is None:
        raise NotFound(f"no case {case_id}")
    if case.version != version:  # said before anything else is judged; save() catches who comes in between
        raise StaleCase(case.number)
    return case


async def case_file(uow: UnitOfWork, case_id: int) -> CaseFile:
    case = await uow.cases.get(case_id)
    if case is None:
        raise NotFound(f"no case {case_id}")
    return CaseFile(
        case=case,
        service=uow.reference.taxonomy[case.service_code],
        events=await uow.cases.events(case_id),
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
