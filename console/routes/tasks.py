"""Joint handling 联勤: bringing units in, their parts done, sending them away again."""

from starlette.requests import Request
from starlette.responses import Response

from community.core.messages import clean
from community.core.staff import Staff
from community.services.ports import UnitOfWork
from community.services.tasks import add_task, drop_task, finish_task
from console.access import case_for, may_finish, may_share_out, require, staff_only
from console.case_page import REFUSED, case_form, case_id_of, done, refused, too_long, version_of


@staff_only
async def post_add(request: Request, uow: UnitOfWork, staff: Staff) -> Response:
    case, unit_code = (await _case_for(request, uow, staff)), _unit(request)
    require(may_share_out(staff))
    try:
        await add_task(uow, case, version_of(request), unit_code, actor_name=staff.username)
    except REFUSED as error:
        return await refused(request, uow, staff, error)
    return done(request, "task_added", told=False)


@staff_only
async def post_finish(request: Request, uow: UnitOfWork, staff: Staff) -> Response:
    case, unit_code, note = (await _case_for(request, uow, staff)), _unit(request), _note(request)
    require(may_finish(staff, unit_code))
    if refusal := await too_long(request, uow, staff, note):
        return refusal
    try:
        await finish_task(uow, case, version_of(request), unit_code, note, actor_name=staff.username)
    except REFUSED as error:
        return await refused(request, uow, staff, error)
    return done(request, "task_finished", told=False)


@staff_only
async def post_drop(request: Request, uow: UnitOfWork, staff: Staff) -> Response:
    case, unit_code, note = (await _case_for(request, uow, staff)), _unit(request), _note(request)
    require(may_share_out(staff))
    if refusal := await too_long(request, uow, staff, note):
        return refusal
    try:
        await drop_task(uow, case, version_of(request), unit_code, note, actor_name=staff.username)
    except REFUSED as error:
        return await refused(request, uow, staff, error)
    return done(request, "task_dropped", told=False)


async def _case_for(request: Request, uow: UnitOfWork, staff: Staff) -> int:
    return (await case_for(uow, staff, case_id_of(request))).case.id


def _unit(request: Request) -> str:
    return clean(request.state.form.get("unit"))


def _note(request: Request) -> str:
    return clean(request.state.form.get("task_note"))


routes = [
    *case_form("tasks/add", post_add, "task_add"),
    *case_form("tasks/finish", post_finish, "task_finish"),
    *case_form("tasks/drop", post_drop, "task_drop"),
]
