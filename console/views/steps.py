"""The form of the next step: what may be chosen, what each step needs, and what was typed before."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from community.core.cases import Case
from community.core.clock import shanghai
from community.core.staff import PARTS, Staff
from community.core.texts import Texts
from community.core.workflow import TRANSITIONS, Status, next_steps
from community.services.cases import CaseFile
from community.services.reference import Reference
from community.services.wording import GROUNDS, unit_name
from console import labels
from console.access import may_move
from console.forms import Form
from console.steps import units_in
from console.views.choices import Choice, units_for

_DISPATCHED = frozenset({Status.REPORTED, Status.RETURNED, Status.REOPENED})
_BY_REVISIT = (Status.ARCHIVED, Status.REOPENED)  # has a form of its own


@dataclass(frozen=True)
class Step:
    to: Status
    name: str
    needs_note: bool


@dataclass(frozen=True)
class StepForm:
    """`leads` and `co_units` are empty unless the case is being dispatched."""

    steps: list[Step]
    chosen: str
    leads: list[Choice]
    co_units: list[Choice]
    grounds: list[Choice]
    tomorrow: str
    photo_needed: bool

    @property
    def always_note(self) -> bool:
        return all(step.needs_note for step in self.steps)

    def offers(self, to: str) -> bool:
        return any(step.to == to for step in self.steps)


def step_form(file: CaseFile, staff: Staff, reference: Reference, texts: Texts, now: datetime, typed: Form) -> StepForm:
    case, terms = file.case, file.history.terms
    units = units_in(typed) or ((terms.lead, *terms.co_units) if terms else ())
    dispatched = case.status in _DISPATCHED
    steps = _steps(case, staff, reference, texts)
    offered = [step.to for step in steps]
    return StepForm(
        steps=steps,
        chosen=typed.get("to") if typed.get("to") in offered else next(iter(offered), ""),
        leads=_marked(units_for(case, reference, units), units[:1]) if dispatched else [],
        co_units=_marked(units_for(case, reference, units), units[1:]) if dispatched else [],
        grounds=[Choice(g, texts.render(key), g == typed.get("ground")) for g, key in GROUNDS.items()],
        tomorrow=f"{shanghai(now) + timedelta(days=1):%Y-%m-%d}",
        photo_needed=terms is not None and terms.needs_photo,
    )


def _marked(choices: list[Choice], chosen: tuple[str, ...]) -> list[Choice]:
    return [Choice(choice.value, choice.name, choice.value in chosen) for choice in choices]


def _steps(case: Case, staff: Staff, reference: Reference, texts: Texts) -> list[Step]:
    if not may_move(staff, case):
        return []
    name = unit_name(reference, case.unit_code)
    targets = next_steps(case.status, PARTS[staff.role])
    return [_step(case.status, to, name, texts) for to in targets if (case.status, to) != _BY_REVISIT]


def _step(now: Status, to: Status, name: str, texts: Texts) -> Step:
    key = labels.SPECIAL_STEPS.get((now, to), labels.STEPS[to])
    return Step(to, texts.render(key, unit=name), TRANSITIONS[now, to].needs_note)
