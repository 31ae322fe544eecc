"""How far a procedure has come, worked out from nothing but the steps that were done."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from community.core.errors import AnswerNotOffered, EvidenceMissing, NotTheOwner, StepNotOpen
from community.core.procedures import Evidence, Link, Procedure, Stage, Step
from community.core.taxonomy import Unit


class Standing(StrEnum):
    WAITING = "waiting"
    OPEN = "open"
    DONE = "done"
    SKIPPED = "skipped"  # another answer was given: it will not be needed


_SETTLED = frozenset({Standing.DONE, Standing.SKIPPED})


@dataclass(frozen=True)
class StepDone:
    key: str
    at: datetime
    by: str
    evidence: frozenset[Evidence] = frozenset()
    answer: str = ""  # key of the answer, of a decision


@dataclass(frozen=True)
class OpenStep:
    step: Step
    since: datetime  # its limit runs from here


@dataclass(frozen=True)
class ProcedureState:
    """`stage` and `link` are those of the first open step that must be done, at the end those of the last step."""

    open_steps: tuple[OpenStep, ...]
    next_steps: tuple[Step, ...]  # wait for an open one
    done: tuple[StepDone, ...]
    skipped: tuple[Step, ...]
    stage: Stage
    link: Link
    finished: bool  # every step is done or skipped, but for optional ones


def progress(procedure: Procedure, started_at: datetime, done: Sequence[StepDone]) -> ProcedureState:
    """Steps that the procedure no longer has stay in `done` and open nothing: cases outlive releases of the file."""
    first = {event.key: event for event in reversed(done)}
    standings = settle(procedure, _answers(done))
    finished = is_finished(procedure, standings)
    open_keys = [] if finished else [key for key in procedure.steps if standings[key] is Standing.OPEN]
    since = _opening_times(procedure, started_at, first)
    at = next((key for key in open_keys if not procedure[key].optional), list(procedure.steps)[-1])
    stage, link = procedure.places[at]
    return ProcedureState(
        open_steps=tuple(OpenStep(procedure[key], since[key]) for key in open_keys),
        next_steps=tuple(
            step
            for step in procedure.steps.values()
            if standings[step.key] is Standing.WAITING and not set(open_keys).isdisjoint(step.after)
        ),
        done=tuple(done),
        skipped=tuple(procedure[key] for key in procedure.steps if standings[key] is Standing.SKIPPED),
        stage=stage,
        link=link,
        finished=finished,
    )


def check_step(
    procedure: Procedure,
    done: Sequence[StepDone],
    key: str,
    unit: Unit,
    evidence: Collection[Evidence],
    answer: str = "",
) -> None:
    """Returns quietly when `unit` may finish the step now, with this evidence and answer.

    Raises UnknownStep, StepNotOpen, NotTheOwner, EvidenceMissing or AnswerNotOffered, in this order.
    """
    step = procedure[key]
    standings = settle(procedure, _answers(done))
    if is_finished(procedure, standings) or standings[key] is not Standing.OPEN:
        raise StepNotOpen(f"{procedure.code}: {key} cannot be done now")
    if step.owner not in (unit.code, unit.kind):
        raise NotTheOwner(f"{key} belongs to {step.owner}, not to {unit.code}")
    if missing := [kind for kind in step.evidence if kind not in evidence]:
        raise EvidenceMissing(f"{key} lacks {', '.join(missing)}")
    if answer not in ([offered.key for offered in step.answers] or [""]):
        raise AnswerNotOffered(f"{key} cannot be answered with {answer!r}")


def settle(procedure: Procedure, done: Mapping[str, str]) -> dict[str, Standing]:
    """How every step stands, by its key, when the steps in `done` have been done with these answers."""
    standings: dict[str, Standing] = {}
    for step in procedure.in_order:
        standings[step.key] = _standing(procedure, step, standings, done)
    return standings


def is_finished(procedure: Procedure, standings: Mapping[str, Standing]) -> bool:
    return all(step.optional or standings[step.key] in _SETTLED for step in procedure.steps.values())


def walk(procedure: Procedure, answers: Collection[str]) -> list[str]:
    """The keys of all steps that are done on the way on which every decision turns out as one of `answers`."""
    standings: dict[str, Standing] = {}
    done: dict[str, str] = {}
    for step in procedure.in_order:
        if _standing(procedure, step, standings, done) is Standing.OPEN:
            done[step.key] = next((offered.key for offered in step.answers if offered.key in answers), "")
        standings[step.key] = _standing(procedure, step, standings, done)
    return list(done)


def _standing(procedure: Procedure, step: Step, before: Mapping[str, Standing], done: Mapping[str, str]) -> Standing:
    if step.key in done:
        return Standing.DONE
    if not all(_lets_pass(procedure[key], before[key]) for key in step.after):
        return Standing.WAITING
    dead_end = bool(step.after) and all(before[key] is Standing.SKIPPED for key in step.after)
    return Standing.SKIPPED if dead_end or not _wanted(procedure, step, done) else Standing.OPEN


def _lets_pass(step: Step, standing: Standing) -> bool:
    return standing in _SETTLED or (step.optional and standing is Standing.OPEN)


def _wanted(procedure: Procedure, step: Step, done: Mapping[str, str]) -> bool:
    return not step.only_if or any(done.get(procedure.decisions[key].key) == key for key in step.only_if)


def _opening_times(procedure: Procedure, started_at: datetime, done: Mapping[str, StepDone]) -> dict[str, datetime]:
    """When each step opened. An optional one is passed the moment it opens, however late it is done."""
    opened: dict[str, datetime] = {}
    passed: dict[str, datetime] = {}
    for step in procedure.in_order:
        opened[step.key] = max((passed[key] for key in step.after), default=started_at)
        at_once = step.optional or step.key not in done
        passed[step.key] = opened[step.key] if at_once else done[step.key].at
    return opened


def _answers(done: Sequence[StepDone]) -> dict[str, str]:
    return {event.key: event.answer for event in reversed(done)}  # should one be there twice, the first counts
