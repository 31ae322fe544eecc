"""data/routing/loop.yml: working hours, alarms, and who is asked again."""

from dataclasses import dataclass
from datetime import time, timedelta
from pathlib import Path
from typing import Any

from community.core.alarms import Alarm, ClockName, Vigil
from community.core.errors import BadReferenceData
from community.core.history import TOP_LEVEL
from community.core.revisits import Sampling
from community.core.worktime import Schedule
from community.services.data_files import read_yaml, reading
from community.services.workdays import is_workday


@dataclass(frozen=True)
class Loop:
    schedule: Schedule
    vigil: Vigil
    sampling: Sampling


def load_loop(path: Path) -> Loop:
    """Raises BadReferenceData, `file: reason`."""
    with reading(path):
        content = read_yaml(path)["loop"]
        hours = tuple((_time(start), _time(end)) for start, end in content["work_hours"])
        revisit = content["revisit"]
        return Loop(
            schedule=Schedule(is_workday, hours),
            vigil=Vigil(
                alarms=tuple(_alarm(path, row) for row in content["alarms"]),
                archive_after=timedelta(days=_positive(path, content["archive_after_days"])),
            ),
            sampling=Sampling(every=_positive(path, revisit["every"]), rated=_positive(path, revisit["rated"])),
        )


def _alarm(path: Path, row: dict[str, Any]) -> Alarm:
    if row["level"] not in range(TOP_LEVEL + 1):
        raise BadReferenceData(f"{path.name}: there is no level {row['level']}")
    return Alarm(ClockName(row["clock"]), _positive(path, row["percent"]), row["level"])


def _time(text: str) -> time:
    return time.fromisoformat(text)


def _positive(path: Path, number: object) -> int:
    if type(number) is not int or number < 1:  # True is an int, too
        raise BadReferenceData(f"{path.name}: {number} should be a whole number from 1")
    return number
