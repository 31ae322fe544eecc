"""回访: what people said when they were asked again."""

from starlette.requests import Request
from starlette.responses import Response

from community.core.messages import clean
from community.core.staff import Staff
from community.services.ports import UnitOfWork
from community.services.revisits import record_revisit
from console.access import case_for, may_revisit, require, staff_only
from console.case_page import REFUSED, case_form, case_id_of, done, refused, too_long, version_of


@staff_only
async def post_revisit(request: Request, uow: UnitOfWork, staff: Staff) -> Response:
    form = request.state.form
    case = (await case_for(uow, staff, case_id_of(request))).case
    require(may_revisit(staff))
    note, content = clean(form.get("revisit_note")), form.get("content") == "yes"
    if refusal := await too_long(request, uow, staff, note):
        return refusal
    try:
        await record_revisit(uow, case.id, version_of(request), content=content, note=note, actor_name=staff.username)
    except REFUSED as error:
        return await refused(request, uow, staff, error)
    return done(request, "revisited" if content else "revisit_reopened", told=not content)


routes = case_form("revisit", post_revisit, "case_revisit")
