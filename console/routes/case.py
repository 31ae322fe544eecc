"""One case, its classification and its steps."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from community.core.errors import StaleCase, UnknownService
from community.core.messages import clean
from community.core.staff import Staff
from community.core.workflow import Status
from community.services.cases import change_status, correct_code
from community.services.ports import UnitOfWork
from console.access import case_for, may_classify, may_move, require, staff_only
from console.case_page import REFUSED, case_form, case_id_of, case_page, done, refused, too_long, version_of
from console.steps import keep_photos, move_from


@staff_only
async def show_case(request: Request, uow: UnitOfWork, staff: Staff) -> Response:
    return await case_page(request, uow, staff)


@staff_only
async def post_code(request: Request, uow: UnitOfWork, staff: Staff) -> Response:
    case_id, version = case_id_of(request), version_of(request)
    before = (await case_for(uow, staff, case_id)).case
    require(may_classify(staff))
    code = request.state.form.get("service_code")
    try:
        case = await correct_code(uow, case_id, version, code, actor_name=staff.username)
    except (StaleCase, UnknownService) as error:
        return await refused(request, uow, staff, error)
    if case.service_code != before.service_code:
        return done(request, "code_corrected")
    return done(request, "code_confirmed" if case.version != version else "code_unchanged", told=False)


@staff_only
async def post_status(request: Request, uow: UnitOfWork, staff: Staff) -> Response:
    form = request.state.form
    case = (await case_for(uow, staff, case_id_of(request))).case
    require(may_move(staff, case))
    if refusal := await too_long(request, uow, staff, clean(form.get("note"))):
        return refusal
    try:
        photos = await keep_photos(request) if form.get("to") == Status.RESOLVED else ()
        move = move_from(form, case, staff, photos)
        await change_status(uow, case.id, version_of(request), move, actor_name=staff.username)
    except REFUSED as error:
        return await refused(request, uow, staff, error)
    return done(request, "status_changed")


routes = [
    Route("/cases/{case_id}", show_case, methods=["GET"], name="case"),
    *case_form("code", post_code, "case_code"),
    *case_form("status", post_status, "case_status"),
]
