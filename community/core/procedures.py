"""A special procedure 专项流程: the stages, links and steps that one kind of matter goes through.

A step opens when all steps it comes after are settled: done, or skipped because another answer was given. A step that
only skipped ones lead to is skipped as well, so that branches end and meet again by themselves. Optional steps keep
nobody waiting.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from graphlib import TopologicalSorter

from community.core.errors import NotFound, UnknownStep
from community.core.worktime import Basis


class Evidence(StrEnum):
    """What must be handed in with a step."""

    NOTE = "note"
    PHOTO = "photo"
    DOCUMENT = "document"
    SIGNATURE = "signature"


@dataclass(frozen=True)
class Answer:
    """One way a decision can turn out."""

    key: str
    name: str


@dataclass(frozen=True)
class Step:
    key: str
    name: str
    owner: str  # code of a unit or of a kind of unit
    limit_hours: int  # from the moment the step opens
    basis: Basis
    evidence: tuple[Evidence, ...] = ()
    after: tuple[str, ...] = ()
    optional: bool = False
    answers: tuple[Answer, ...] = ()  # a decision is done with one of these
    only_if: tuple[str, ...] = ()  # keys of answers, one of which must have been given


@dataclass(frozen=True)
class Link:
    """环节"""

    name: str
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Stage:
    name: str
    links: tuple[Link, ...]


@dataclass(frozen=True)
class Procedure:
    """Steps stand under unique keys and in no cycle; the loader sees to both."""

    code: str
    name: str
    service_codes: tuple[str, ...]
    stages: tuple[Stage, ...]

    def __getitem__(self, key: str) -> Step:
        try:
            return self.steps[key]
        except KeyError:
            raise UnknownStep(f"{self.code} has no step {key}") from None

    @cached_property
    def steps(self) -> Mapping[str, Step]:
        """By key, in the file's order."""
        return {step.key: step for stage in self.stages for link in stage.links for step in link.steps}

    @cached_property
    def in_order(self) -> tuple[Step, ...]:
        """Every step behind those it comes after. Raises graphlib.CycleError."""
        order = TopologicalSorter({key: step.after for key, step in self.steps.items()}).static_order()
        return tuple(self.steps[key] for key in order)

    @cached_property
    def decisions(self) -> Mapping[str, Step]:
        """The deciding step by the key of each of its answers."""
        return {answer.key: step for step in self.steps.values() for answer in step.answers}

    @cached_property
    def places(self) -> Mapping[str, tuple[Stage, Link]]:
        """Where each step stands, by its key."""
        return {step.key: (stage, link) for stage in self.stages for link in stage.links for step in link.steps}


@dataclass(frozen=True)
class Procedures:
    by_code: Mapping[str, Procedure]

    def __getitem__(self, code: str) -> Procedure:
        try:
            return self.by_code[code]
        except KeyError:
            raise NotFound(f"no procedure {code}") from None

    def __contains__(self, code: object) -> bool:
        return code in self.by_code

    def for_service(self, service_code: str) -> Procedure | None:
        return next((found for found in self.by_code.values() if service_code in found.service_codes), None)
