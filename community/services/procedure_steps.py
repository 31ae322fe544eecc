"""Taking a case through a special procedure, step by step."""

from collections.abc import Collection, Sequence
from typing import Any

from community.core.cases import Case, CaseEvent, EventKind
from community.core.errors import StepNotOpen, StepsOpen, TransitionNotAllowed
from community.core.history import History
from community.core.messages import clean
from community.core.procedure_progress import check_step, is_finished, settle
from community.core.procedures import Evidence, Procedure
from community.core.step_limits import procedure_state, steps_done
from community.core.workflow import Actor, Move, Status
from community.services.ports import UnitOfWork
from community.services.record import case_at, history_of, record
from community.services.reference import Reference


def check_procedure(reference: Reference, history: History, move: Move) -> None:
    """Resolved means that only the last stage is left, checking and filing. Raises StepsOpen."""
    state = procedure_state(history, reference.procedures)
    if state is None or move.to is not Status.RESOLVED or history.procedure is None:
        return
    if state.stage is not reference.procedures[history.procedure].stages[-1]:
        raise StepsOpen(", ".join(step.step.key for step in state.open_steps))


async def start_procedure(uow: UnitOfWork, case_id: int, version: int, *, actor_name: str) -> Case:
    """The dispatcher starts what routing names for the service; the limits of its steps count from now.

    Raises NotFound, StaleCase, and TransitionNotAllowed when there is none, or one is under way.
    """
    case = await case_at(uow, case_id, version)
    history = await history_of(uow, case)
    code = history.terms.procedure if history.terms else None
    if code is None or history.procedure is not None or history.status is not Status.ASSIGNED:
        raise TransitionNotAllowed(f"no procedure to start while {history.status}")
    started = _event(uow, case, EventKind.PROCEDURE_STARTED, Actor.DISPATCHER, actor_name, "", {"code": code})
    await record(uow, case, history, started)
    await uow.commit()
    return case


async def finish_step(
    uow: UnitOfWork,
    case_id: int,
    version: int,
    key: str,
    *,
    unit_code: str,
    evidence: Collection[Evidence],
    note: str,
    answer: str = "",
    photos: Sequence[str] = (),
    actor_name: str,
) -> Case:
    """Raises NotFound, StaleCase, UnknownUnit, and what procedure_progress.check_step raises."""
    case = await case_at(uow, case_id, version)
    history = await history_of(uow, case)
    procedures = uow.reference.procedures
    if history.procedure is None or history.procedure_at is None or history.procedure not in procedures:
        raise StepNotOpen(f"{case.number} goes through no procedure")
    procedure, done = procedures[history.procedure], steps_done(history)
    check_step(procedure, done, key, uow.reference.routes.unit(unit_code), evidence, answer)
    data = {
        "key": key,
        "name": procedure[key].name,
        "unit": unit_code,
        "evidence": sorted(evidence),
        "answer": answer,
        "photos": list(photos),
        "finished": _finishes(procedure, {step.key: step.answer for step in done} | {key: answer}),
    }
    await record(uow, case, history, _event(uow, case, EventKind.STEP_DONE, Actor.HANDLER, actor_name, note, data))
    await uow.commit()
    return case


def _finishes(procedure: Procedure, answers: dict[str, str]) -> bool:
    return is_finished(procedure, settle(procedure, answers))


def _event(
    uow: UnitOfWork, case: Case, kind: EventKind, actor: Actor, actor_name: str, note: str, data: dict[str, Any]
) -> CaseEvent:
    return CaseEvent(
        case_id=case.id, kind=kind, at=uow.now(), actor=actor, actor_name=actor_name, note=clean(note), data=data
    )
