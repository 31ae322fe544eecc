"""Joint handling 联勤 as a board: which units work on the case, and what may be done with their tasks."""

from dataclasses import dataclass
from datetime import datetime

from community.core.cases import Task
from community.core.staff import Staff
from community.core.workflow import Status
from community.services.cases import CaseFile
from community.services.reference import Reference
from community.services.wording import unit_name
from console.access import may_finish, may_share_out
from console.views.choices import Choice, units_for
from console.views.moments import Moment, moment


@dataclass(frozen=True)
class TaskLine:
    unit_code: str
    unit_name: str
    lead: bool
    done: Moment | None
    may_finish: bool
    may_drop: bool


@dataclass(frozen=True)
class TaskBoard:
    """`others` can still be brought in; empty when nobody may be."""

    tasks: list[TaskLine]
    others: list[Choice]


def task_board(file: CaseFile, staff: Staff, reference: Reference, now: datetime) -> TaskBoard:
    case, at_work = file.case, file.case.status is Status.ASSIGNED
    own = {task.unit_code for task in case.tasks}
    open_to_all = at_work and may_share_out(staff)
    others = [choice for choice in units_for(case, reference, ()) if choice.value not in own]
    return TaskBoard(
        tasks=[_line(task, staff, reference, now, at_work=at_work) for task in case.tasks],
        others=others if open_to_all else [],
    )


def _line(task: Task, staff: Staff, reference: Reference, now: datetime, *, at_work: bool) -> TaskLine:
    is_open = at_work and task.done_at is None and not task.lead  # the lead reports the whole as done, by a step
    return TaskLine(
        unit_code=task.unit_code,
        unit_name=unit_name(reference, task.unit_code),
        lead=task.lead,
        done=moment(task.done_at, now) if task.done_at else None,
        may_finish=is_open and may_finish(staff, task.unit_code),
        may_drop=is_open and may_share_out(staff),
    )
