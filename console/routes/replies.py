"""Writing to the resident."""

from starlette.requests import Request
from starlette.responses import Response

from community.core.messages import clean
from community.core.staff import Staff
from community.services.cases import reply
from community.services.ports import UnitOfWork
from console.access import case_for, may_reply, require, staff_only
from console.case_page import REFUSED, case_form, case_id_of, done, refused, too_long, version_of


@staff_only
async def post_reply(request: Request, uow: UnitOfWork, staff: Staff) -> Response:
    form = request.state.form
    case = (await case_for(uow, staff, case_id_of(request))).case
    require(may_reply(staff))
    words, ask = clean(form.get("words")), form.get("ask") == "yes"
    if refusal := await too_long(request, uow, staff, words):
        return refusal
    try:
        await reply(uow, case.id, version_of(request), words, actor_name=staff.username, ask=ask)
    except REFUSED as error:
        return await refused(request, uow, staff, error)
    return done(request, "asked" if ask else "replied")


routes = case_form("reply", post_reply, "case_reply")
