"""The scores of a period, from the events of every case that ended in it."""

from collections import defaultdict
from datetime import datetime
from pathlib import Path

from community.core.alarms import ClockName, read
from community.core.cases import Case
from community.core.errors import BadReferenceData
from community.core.history import History, replay
from community.core.scores import Rules, Score, Showing, score
from community.core.workflow import Status
from community.services.data_files import read_yaml, reading
from community.services.ports import UnitOfWork
from community.services.reference import Reference

_CRITERIA = frozenset({"on_time", "satisfied", "lasting", "taken_up"})
_JUDGED = frozenset({Status.ARCHIVED})  # merged, rejected and withdrawn cases say nothing of the unit


async def score_units(uow: UnitOfWork, rules: Rules, start: datetime, end: datetime) -> list[Score]:
    """The units of that kind that had a part in cases archived from `start` on and before `end`; the best first."""
    showings: dict[str, list[Showing]] = defaultdict(list)
    ended = [case async for case in uow.cases.ended_between(start, end)]
    for case in ended:
        if case.status in _JUDGED and _of_kind(uow.reference, case, rules.kind):
            history = replay(await uow.cases.events(case.id))
            for unit_code in _of_kind(uow.reference, case, rules.kind):
                showings[unit_code].append(_showing(uow.reference, case, history, unit_code))
    scores = [score(unit_code, shown, rules) for unit_code, shown in showings.items()]
    return sorted(scores, key=lambda one: (one.points is None, -(one.points or 0), one.unit_code))


def _of_kind(reference: Reference, case: Case, kind: str) -> list[str]:
    units = (reference.routes.units.get(task.unit_code) for task in case.tasks)
    return [unit.code for unit in units if unit is not None and kind in (unit.kind, unit.code)]


def _showing(reference: Reference, case: Case, history: History, unit_code: str) -> Showing:
    response = read(history, ClockName.RESPONSE, history.at, reference.loop.schedule)
    return Showing(
        unit_code=unit_code,
        on_time=not case.late and unit_code not in history.failed,
        lasting=history.round == 1,
        taken_up=response is not None and not response.is_late,
        rating=case.rating,
    )


def load_score_rules(path: Path, reference: Reference) -> Rules:
    """Raises BadReferenceData, `file: reason`."""
    with reading(path):
        content = read_yaml(path)["scores"]
        rules = Rules(content["kind"], int(content["least"]), {k: int(v) for k, v in content["points"].items()})
    if rules.kind not in reference.routes.units:
        raise BadReferenceData(f"{path.name}: there is no unit {rules.kind}")
    if rules.points.keys() != _CRITERIA or sum(rules.points.values()) != 100 or min(rules.points.values()) < 0:
        raise BadReferenceData(f"{path.name}: the points of {sorted(_CRITERIA)} must add up to 100")
    if rules.least < 1:
        raise BadReferenceData(f"{path.name}: least must be 1 or more")
    return rules
