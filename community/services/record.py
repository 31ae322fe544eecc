"""The one way a case changes: an event is added, and everything else about the case is made from its events again."""

from dataclasses import replace
from datetime import datetime

from community.core.alarms import ClockName, next_look, read
from community.core.cases import Case, CaseEvent
from community.core.errors import NotFound, StaleCase
from community.core.history import History, advance, replay
from community.core.revisits import to_revisit
from community.core.step_limits import next_step_due
from community.services.duplicates import remember_case
from community.services.ports import UnitOfWork
from community.services.reference import Reference


async def case_at(uow: UnitOfWork, case_id: int, version: int) -> Case:
    """The case, if nobody has changed it since `version`. Raises NotFound or StaleCase."""
    case = await uow.cases.get(case_id)
    if case is None:
        raise NotFound(f"no case {case_id}")
    if case.version != version:  # said before anything else is judged; save() catches who comes in between
        raise StaleCase(case.number)
    return case


async def history_of(uow: UnitOfWork, case: Case) -> History:
    return replay(await uow.cases.events(case.id))


async def record(uow: UnitOfWork, case: Case, history: History, *events: CaseEvent) -> History:
    """Adds the events, and writes what they make of the case; the caller commits.

    Clocks of several machines differ a little: what seems older than the event before it came right after it.
    """
    for event in events:
        event = replace(event, at=max(event.at, history.at))
        history = advance(history, event)
        await uow.cases.add_event(event)
    project(case, history, uow.reference)
    await uow.cases.save(case)
    await remember_case(uow, case)
    return history


def project(case: Case, history: History, reference: Reference) -> None:
    """Sets every field of the case that follows from its events."""
    schedule = reference.loop.schedule
    case.status = history.status
    case.tasks = history.tasks
    case.level = history.level
    case.waiting = history.waiting
    case.round = history.round
    case.merged_into = history.merged_into
    case.supporters = len(history.supporters)
    case.rating = history.rating
    case.ended_at = history.ended_at
    case.alarm_at = _earlier(
        next_look(history, reference.loop.vigil, schedule), next_step_due(history, reference.procedures, schedule)
    )
    case.to_revisit = to_revisit(case, reference.loop.sampling) and not history.revisited
    if history.terms is None:
        return
    case.unit_code = history.lead or history.terms.lead
    case.due_at = _due(history, ClockName.RESOLVE, reference)
    case.response_due_at = _due(history, ClockName.RESPONSE, reference)
    resolve = read(history, ClockName.RESOLVE, history.at, schedule)
    case.late = bool(history.failed) or (resolve is not None and resolve.is_late)


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    return min(filter(None, (one, other)), default=None)


def _due(history: History, clock: ClockName, reference: Reference) -> datetime | None:
    """When the clock runs out; None while it stands still."""
    reading = read(history, clock, history.at, reference.loop.schedule)
    return reading.due_at if reading and reading.running else None
