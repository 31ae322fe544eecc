"""Nobody forgotten: what a case does by itself when its time comes."""

from dataclasses import replace
from typing import Any

from community.core.alarms import Alarm, ClockName, archive_at, due_alarms
from community.core.alerts import AlertKind
from community.core.cases import Case, CaseEvent, EventKind
from community.core.history import History
from community.core.messages import Reply
from community.core.procedure_progress import OpenStep
from community.core.step_limits import alarm_key, late_steps
from community.core.workflow import Actor, Status
from community.services.alerts import raise_alert
from community.services.ports import UnitOfWork
from community.services.record import history_of, record
from community.services.telling import tell
from community.services.terms import next_in_line
from community.services.wording import case_text, status_notice

_KINDS = {ClockName.RESPONSE: AlertKind.RESPONSE, ClockName.RESOLVE: AlertKind.RESOLVE}
_USED_UP = 100  # percent
_STEP_LEVEL = 1


async def look_at(uow: UnitOfWork, case_id: int) -> None:
    """Does what is due now: resumes, archives, warns, hands over. Raises StaleCase when somebody was faster."""
    case = await uow.cases.get(case_id)
    if case is None:
        return
    history = await history_of(uow, case)
    history = await _keep_dates(uow, case, history)
    while due := _due(uow, history):  # one by one: a handing over gives a fresh limit, of which nothing is used
        history = await _ring(uow, case, history, due[0])
    for step in late_steps(history, uow.reference.procedures, uow.reference.loop.schedule, uow.now()):
        history = await _warn_of_step(uow, case, history, step)
    await record(uow, case, history)  # also when nothing was due: the next look is reckoned anew
    await uow.commit()


def _due(uow: UnitOfWork, history: History) -> list[Alarm]:
    return due_alarms(history, uow.reference.loop.vigil, uow.reference.loop.schedule, uow.now())


async def _keep_dates(uow: UnitOfWork, case: Case, history: History) -> History:
    now = uow.now()
    if history.suspended_until and history.suspended_until <= now:
        history = await _step(uow, case, history, Status.ASSIGNED)
        await raise_alert(uow, case, AlertKind.RESUMED, level=0)
    ends = archive_at(history, uow.reference.loop.vigil)
    if ends and ends <= now:
        history = await _step(uow, case, history, Status.ARCHIVED)
    return history


async def _step(uow: UnitOfWork, case: Case, history: History, to: Status) -> History:
    event = replace(_event(uow, case, EventKind.STATUS_CHANGED), from_status=history.status, to_status=to)
    history = await record(uow, case, history, event)
    await tell(uow, case, history, status_notice(uow.reference, case, event))
    return history


async def _ring(uow: UnitOfWork, case: Case, history: History, alarm: Alarm) -> History:
    data = {"alarm": alarm.key, "level": alarm.level, "percent": alarm.percent, "clock": alarm.clock.value}
    history = await _warn(uow, case, history, _KINDS[alarm.clock], data)
    if alarm.clock is ClockName.RESOLVE and alarm.percent >= _USED_UP:
        return await _hand_over(uow, case, history)
    return history


async def _warn_of_step(uow: UnitOfWork, case: Case, history: History, step: OpenStep) -> History:
    data = {"alarm": alarm_key(step), "level": _STEP_LEVEL, "percent": _USED_UP, "step": step.step.name}
    return await _warn(uow, case, history, AlertKind.STEP, data)


async def _warn(uow: UnitOfWork, case: Case, history: History, kind: AlertKind, data: dict[str, Any]) -> History:
    history = await record(uow, case, history, _event(uow, case, EventKind.WARNED, data))
    await raise_alert(uow, case, kind, percent=data["percent"], level=data["level"])
    return history


async def _hand_over(uow: UnitOfWork, case: Case, history: History) -> History:
    terms = next_in_line(history.terms) if history.terms else None
    if terms is None:
        return history
    data = {"from": case.unit_code, "terms": terms.as_data()}
    history = await record(uow, case, history, _event(uow, case, EventKind.HANDED_OVER, data))
    await raise_alert(uow, case, AlertKind.HANDED_OVER, level=0)
    await tell(uow, case, history, Reply(case_text(uow.reference, "case_handed_over", case)))
    return history


def _event(uow: UnitOfWork, case: Case, kind: EventKind, data: dict[str, Any] | None = None) -> CaseEvent:
    return CaseEvent(case_id=case.id, kind=kind, at=uow.now(), actor=Actor.SYSTEM, data=data or {})
