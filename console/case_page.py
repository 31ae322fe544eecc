"""One case as a page, and what every form on it ends with."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from community.core.errors import KetangError
from community.core.staff import Staff
from community.services.ports import UnitOfWork
from community.services.wording import STATUS_NAMES
from console import labels, session
from console.access import Page, case_for, staff_only
from console.desk import desk_of, path_of, render, see_other
from console.forms import Form, number
from console.views import choices
from console.views.case_file import case_view
from console.views.steps import step_form
from console.views.tasks import task_board

MAX_NOTE = 1000
REFUSED = tuple(labels.REFUSALS)


def case_id_of(request: Request) -> int:
    return number(request.path_params["case_id"])


def version_of(request: Request) -> int:
    return number(request.state.form.get("version"))


def case_form(path: str, page: Page, name: str) -> list[Route]:
    """A form of the case. Refused, it leaves its address in the browser; opened again, that leads to the case."""
    address = f"/cases/{{case_id}}/{path}"
    return [Route(address, page, methods=["POST"], name=name), Route(address, back_to_case, methods=["GET"])]


@staff_only
async def back_to_case(request: Request, _uow: UnitOfWork, _staff: Staff) -> Response:
    return see_other(path_of(request, "case", case_id=case_id_of(request)))


def done(request: Request, text_key: str, *, told: bool = True) -> Response:
    """Back to the case, which says so; `told` when something was left for the courier."""
    if told:
        desk_of(request).wake()
    session.leave_message(request, text_key)
    return see_other(path_of(request, "case", case_id=case_id_of(request)))


async def refused(request: Request, uow: UnitOfWork, staff: Staff, error: KetangError) -> Response:
    text_key, status = labels.REFUSALS[type(error)]
    file = await case_for(uow, staff, case_id_of(request))
    texts = desk_of(request).texts
    words = texts.render(text_key, status=texts.render(STATUS_NAMES[file.case.status]))
    return await case_page(request, uow, staff, problem=words, status=status)


async def too_long(request: Request, uow: UnitOfWork, staff: Staff, text: str) -> Response | None:
    """Why these words cannot be taken, None when they can."""
    if len(text) <= MAX_NOTE:
        return None
    words = desk_of(request).texts.render("note_too_long", limit=MAX_NOTE, length=len(text))
    return await case_page(request, uow, staff, problem=words, status=422)


async def case_page(
    request: Request, uow: UnitOfWork, staff: Staff, *, problem: str | None = None, status: int = 200
) -> Response:
    """The case as it is now, with what was typed still in the forms when `problem` says why it was refused."""
    file = await case_for(uow, staff, case_id_of(request))
    desk, now = desk_of(request), uow.now()
    typed = getattr(request.state, "form", Form())
    message = session.take_message(request)
    return render(
        request,
        "case.html",
        status=status,
        staff=staff,
        case=case_view(file, staff, uow.reference, desk.texts, now),
        form=step_form(file, staff, uow.reference, desk.texts, now, typed),
        board=task_board(file, staff, uow.reference, now),
        photos=getattr(request.state, "photos", []),
        typed=typed,
        service_groups=choices.service_groups(uow.reference, whole_groups=False),
        chosen_service=typed.get("service_code", file.case.service_code),
        max_note=MAX_NOTE,
        problem=problem,
        message=desk.texts.render(message) if message else None,
    )
