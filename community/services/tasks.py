"""Joint handling 联勤: several units work on one case, one of them leads."""

from dataclasses import replace

from community.core.cases import Case, CaseEvent, EventKind
from community.core.errors import TasksOpen, TransitionNotAllowed, UnknownUnit
from community.core.history import History
from community.core.messages import clean
from community.core.workflow import Actor, Move, Status
from community.services.ports import UnitOfWork
from community.services.record import case_at, history_of, record


def check_tasks(history: History, move: Move) -> None:
    """The lead reports the whole as done only after the others. Raises TasksOpen."""
    waiting = [task.unit_code for task in history.open_tasks if not task.lead]
    if move.to is Status.RESOLVED and waiting:
        raise TasksOpen(", ".join(waiting))


async def add_task(uow: UnitOfWork, case_id: int, version: int, unit_code: str, *, actor_name: str) -> Case:
    """The dispatcher brings another unit in. Raises NotFound, StaleCase, UnknownUnit, TransitionNotAllowed."""
    unit = uow.reference.routes.unit(unit_code)
    return await _change(uow, case_id, version, EventKind.TASK_ADDED, unit.code, actor_name=actor_name)


async def finish_task(
    uow: UnitOfWork, case_id: int, version: int, unit_code: str, note: str, *, actor_name: str
) -> Case:
    """A unit has done its part. Raises as add_task; UnknownUnit also when it has no open task here."""
    return await _change(uow, case_id, version, EventKind.TASK_DONE, unit_code, actor_name=actor_name, note=note)


async def drop_task(uow: UnitOfWork, case_id: int, version: int, unit_code: str, note: str, *, actor_name: str) -> Case:
    """The unit is not needed after all; never the lead. Raises as finish_task."""
    return await _change(uow, case_id, version, EventKind.TASK_DROPPED, unit_code, actor_name=actor_name, note=note)


async def _change(
    uow: UnitOfWork, case_id: int, version: int, kind: EventKind, unit_code: str, *, actor_name: str, note: str = ""
) -> Case:
    case = await case_at(uow, case_id, version)
    history = await history_of(uow, case)
    _check(history, kind, unit_code)
    actor = Actor.HANDLER if kind is EventKind.TASK_DONE else Actor.DISPATCHER
    event = CaseEvent(case_id=case.id, kind=kind, at=uow.now(), actor=actor, actor_name=actor_name, note=clean(note))
    await record(uow, case, history, replace(event, data={"unit": unit_code}))
    await uow.commit()
    return case


def _check(history: History, kind: EventKind, unit_code: str) -> None:
    if history.status is not Status.ASSIGNED:
        raise TransitionNotAllowed(f"no tasks while the case is {history.status}")
    own = next((task for task in history.tasks if task.unit_code == unit_code), None)
    if kind is EventKind.TASK_ADDED and own is not None:
        raise UnknownUnit(f"{unit_code} has a task already")
    if kind is not EventKind.TASK_ADDED and (own is None or own.done_at is not None):
        raise UnknownUnit(f"{unit_code} has no open task here")
    if kind is EventKind.TASK_DROPPED and own is not None and own.lead:
        raise UnknownUnit(f"{unit_code} leads; dispatch the case anew instead")
