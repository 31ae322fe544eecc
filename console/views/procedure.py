"""The way a case goes through its special procedure: every step with its owner, its limit and how it stands."""

from dataclasses import dataclass
from datetime import datetime

from community.core.cases import Case, CaseEvent
from community.core.history import History
from community.core.procedure_progress import Standing, progress, settle
from community.core.procedures import Evidence, Procedure, Step
from community.core.step_limits import step_due, steps_done
from community.core.texts import Texts
from community.services.reference import Reference
from community.services.wording import unit_name
from console.views.choices import Choice
from console.views.moments import Moment, moment

EVIDENCE: dict[Evidence, str] = {
    Evidence.NOTE: "evidence_note",
    Evidence.PHOTO: "evidence_photo",
    Evidence.DOCUMENT: "evidence_document",
    Evidence.SIGNATURE: "evidence_signature",
}


@dataclass(frozen=True)
class StepLine:
    """`due` is set of open steps, `done` of finished ones: when, and by whom."""

    key: str
    name: str
    owner: str
    unit_code: str
    standing: Standing
    optional: bool
    late: bool
    due: Moment | None
    done: Moment | None
    by: str
    note: str
    evidence: list[Choice]
    answers: list[Choice]


@dataclass(frozen=True)
class LinkView:
    name: str
    steps: list[StepLine]


@dataclass(frozen=True)
class StageView:
    name: str
    links: list[LinkView]


@dataclass(frozen=True)
class ProcedureView:
    name: str
    started: bool
    finished: bool
    done: int
    total: int
    stages: list[StageView]


def procedure_view(
    case: Case, history: History, reference: Reference, texts: Texts, now: datetime
) -> ProcedureView | None:
    """None for a case that no procedure is made for."""
    code = history.procedure or (history.terms.procedure if history.terms else None)
    if code is None or code not in reference.procedures:
        return None
    procedure = reference.procedures[code]
    lines = _lines(case, history, procedure, reference, texts, now)
    counted = [line for line in lines.values() if not line.optional and line.standing is not Standing.SKIPPED]
    return ProcedureView(
        name=procedure.name,
        started=history.procedure is not None,
        finished=history.procedure is not None and history.procedure_at is None,
        done=sum(line.standing is Standing.DONE for line in counted),
        total=len(counted),
        stages=[
            StageView(stage.name, [LinkView(link.name, [lines[s.key] for s in link.steps]) for link in stage.links])
            for stage in procedure.stages
        ],
    )


def _lines(
    case: Case, history: History, procedure: Procedure, reference: Reference, texts: Texts, now: datetime
) -> dict[str, StepLine]:
    done = steps_done(history)
    events = {event.data["key"]: event for event in history.steps}
    standings = settle(procedure, {step.key: step.answer for step in done})
    dues: dict[str, datetime] = {}
    if history.procedure_at is not None:
        state = progress(procedure, history.procedure_at, done)
        dues = {open_.step.key: step_due(open_, reference.loop.schedule) for open_ in state.open_steps}
    return {
        key: _line(case, step, standings[key], events.get(key), dues.get(key), reference, texts, now)
        for key, step in procedure.steps.items()
    }


def _line(
    case: Case,
    step: Step,
    standing: Standing,
    event: CaseEvent | None,
    due: datetime | None,
    reference: Reference,
    texts: Texts,
    now: datetime,
) -> StepLine:
    unit = owner_of(case, step, reference)
    if standing is Standing.OPEN and due is None:
        standing = Standing.WAITING  # not started yet, or over
    return StepLine(
        key=step.key,
        name=step.name,
        owner=unit_name(reference, unit),
        unit_code=unit,
        standing=standing,
        optional=step.optional,
        late=due is not None and due < now,
        due=moment(due, now) if due else None,
        done=moment(event.at, now) if event else None,
        by=event.actor_name if event else "",
        note=event.note if event else "",
        evidence=[Choice(kind, texts.render(EVIDENCE[kind])) for kind in step.evidence if kind is not Evidence.NOTE],
        answers=[Choice(answer.key, answer.name) for answer in step.answers],
    )


def owner_of(case: Case, step: Step, reference: Reference) -> str:
    """The unit of the case that is of the kind the step belongs to, else the kind itself."""
    units = (reference.routes.units.get(task.unit_code) for task in case.tasks)
    own = (unit.code for unit in units if unit is not None and step.owner in (unit.code, unit.kind))
    return next(own, step.owner)
