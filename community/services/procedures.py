"""Reads data/procedures: one file a procedure, and every reason why one cannot be used."""

from collections.abc import Collection, Container, Iterator
from graphlib import CycleError
from itertools import chain, product
from pathlib import Path
from typing import Annotated

from pydantic import Field

from community.core.procedure_progress import walk
from community.core.procedures import Answer, Evidence, Link, Procedure, Procedures, Stage, Step
from community.core.worktime import Basis
from community.services.problems import FILLED, Problems, Row, known, twice

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
MOST_DECISIONS = 10  # every combination of answers is tried; more is two procedures


class _Step(Row):
    key: Key
    name: str
    owner: Annotated[str, known("unit")]
    hours: Annotated[int, Field(strict=True, gt=0)]
    basis: Basis
    evidence: tuple[Evidence, ...] = ()
    after: tuple[Key, ...] | None = None  # not said: the step before
    optional: Annotated[bool, Field(strict=True)] = False
    answers: dict[Key, str] = Field(default_factory=dict)
    only_if: tuple[Key, ...] = ()


class _Link(Row):
    name: str
    steps: Annotated[tuple[_Step, ...], FILLED]


class _Stage(Row):
    name: str
    links: Annotated[tuple[_Link, ...], FILLED]


class _File(Row):
    code: Key
    name: str
    services: Annotated[tuple[Annotated[str, known("service")], ...], FILLED]
    stages: Annotated[tuple[_Stage, ...], FILLED]


def load_procedures(folder: Path, service_codes: Container[str], units: Container[str]) -> Procedures:
    """Raises BadReferenceData with a line `file: reason` for everything that is wrong. No folder, no procedures."""
    problems = Problems()
    found: dict[Path, Procedure] = {}
    for path in sorted(folder.glob("*.yml")):
        if row := problems.read(path, _File, service=service_codes, unit=units):
            procedure = found[path] = _procedure(row)
            problems.add(path, *_wrong_ways(row, procedure))
    for path, procedure in found.items():
        problems.add(path, *_told_elsewhere(procedure, [other for other in found.values() if other is not procedure]))
    problems.refuse()
    return Procedures({procedure.code: procedure for procedure in found.values()})


def _procedure(row: _File) -> Procedure:
    before: list[str] = []
    stages = []
    for stage in row.stages:
        links = [Link(link.name, tuple(_step(step, before) for step in link.steps)) for link in stage.links]
        stages.append(Stage(stage.name, tuple(links)))
    return Procedure(row.code, row.name, row.services, tuple(stages))


def _step(row: _Step, before: list[str]) -> Step:
    after = tuple(before[-1:]) if row.after is None else row.after
    before.append(row.key)
    return Step(
        key=row.key,
        name=row.name,
        owner=row.owner,
        limit_hours=row.hours,
        basis=row.basis,
        evidence=row.evidence,
        after=after,
        optional=row.optional,
        answers=tuple(Answer(key, name) for key, name in row.answers.items()),
        only_if=row.only_if,
    )


def _rows(row: _File) -> list[_Step]:
    return [step for stage in row.stages for link in stage.links for step in link.steps]


def _wrong_ways(row: _File, procedure: Procedure) -> list[str]:
    """What is wrong with the order; looked at piece by piece, since a broken order has no ways through it."""
    if doubles := list(_doubles(row)):
        return doubles
    for look in (_dangling, _cycles, _bad_decisions, _unreachable):
        if reasons := list(look(procedure)):
            return reasons
    return []


def _doubles(row: _File) -> Iterator[str]:
    steps = [step for stage in row.stages for link in stage.links for step in link.steps]
    yield from (f"step {key} stands there twice" for key in twice(step.key for step in steps))
    answers = twice(chain.from_iterable(step.answers for step in steps))
    yield from (f"answer {key} stands there twice" for key in answers)


def _dangling(procedure: Procedure) -> Iterator[str]:
    for step in procedure.steps.values():
        yield from (
            f"{step.key} comes after the unknown step {key}" for key in step.after if key not in procedure.steps
        )
        unknown = (key for key in step.only_if if key not in procedure.decisions)
        yield from (f"{step.key} waits for the unknown answer {key}" for key in unknown)


def _cycles(procedure: Procedure) -> Iterator[str]:
    try:
        _ = procedure.in_order
    except CycleError as error:
        yield f"steps wait for each other: {' < '.join(error.args[1])}"


def _bad_decisions(procedure: Procedure) -> Iterator[str]:
    if len({step.key for step in procedure.decisions.values()}) > MOST_DECISIONS:
        yield f"has more than {MOST_DECISIONS} decisions"
    for step in procedure.steps.values():
        if len(step.answers) == 1:
            yield f"{step.key} needs at least two answers"
        if step.answers and step.optional:
            yield f"{step.key} decides and cannot be optional"
        earlier = _ancestors(procedure, step)
        later = (key for key in step.only_if if procedure.decisions[key].key not in earlier)
        yield from (f"{step.key} does not come after the step that answers {key}" for key in later)


def _ancestors(procedure: Procedure, step: Step) -> set[str]:
    found: set[str] = set()
    ahead = list(step.after)
    while ahead:
        key = ahead.pop()
        if key not in found:
            found.add(key)
            ahead += procedure[key].after
    return found


def _unreachable(procedure: Procedure) -> Iterator[str]:
    reached = set(chain.from_iterable(walk(procedure, answers) for answers in ways(procedure)))
    yield from (f"no way leads to {key}" for key in procedure.steps if key not in reached)


def ways(procedure: Procedure) -> Iterator[tuple[str, ...]]:
    """Every combination of answers."""
    return product(*(tuple(answer.key for answer in step.answers) for step in procedure.steps.values() if step.answers))


def _told_elsewhere(procedure: Procedure, others: Collection[Procedure]) -> Iterator[str]:
    if procedure.code in {other.code for other in others}:
        yield f"procedure {procedure.code} stands in two files"
    elsewhere = set(chain.from_iterable(other.service_codes for other in others))
    yield from (f"{code} has another procedure as well" for code in procedure.service_codes if code in elsewhere)
