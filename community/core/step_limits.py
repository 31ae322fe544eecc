"""The steps of a special procedure that a case goes through, and when each should be done."""

from datetime import datetime, timedelta

from community.core.history import History
from community.core.procedure_progress import OpenStep, ProcedureState, StepDone, progress
from community.core.procedures import Evidence, Procedures
from community.core.worktime import Schedule, moment_after


def steps_done(history: History) -> list[StepDone]:
    return [
        StepDone(
            key=event.data["key"],
            at=event.at,
            by=event.data["unit"],
            evidence=frozenset(Evidence(kind) for kind in event.data["evidence"]),
            answer=event.data["answer"],
        )
        for event in history.steps
    ]


def procedure_state(history: History, procedures: Procedures) -> ProcedureState | None:
    """None while no procedure is under way, or when a release no longer has it."""
    if history.procedure is None or history.procedure_at is None or history.procedure not in procedures:
        return None
    return progress(procedures[history.procedure], history.procedure_at, steps_done(history))


def step_due(step: OpenStep, schedule: Schedule) -> datetime:
    return moment_after(step.step.basis, schedule, step.since, timedelta(hours=step.step.limit_hours))


def alarm_key(step: OpenStep) -> str:
    return f"step:{step.step.key}"


def late_steps(history: History, procedures: Procedures, schedule: Schedule, now: datetime) -> list[OpenStep]:
    """Those about which nobody was told yet."""
    return [step for step in _watched(history, procedures) if step_due(step, schedule) <= now]


def next_step_due(history: History, procedures: Procedures, schedule: Schedule) -> datetime | None:
    return min((step_due(step, schedule) for step in _watched(history, procedures)), default=None)


def _watched(history: History, procedures: Procedures) -> list[OpenStep]:
    state = procedure_state(history, procedures)
    steps = state.open_steps if state else ()
    return [step for step in steps if not step.step.optional and alarm_key(step) not in history.alarms]
