"""A case's special procedure on a page of its own: started once, then step by step."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from community.core.cases import Case
from community.core.errors import (
    AnswerNotOffered,
    EvidenceMissing,
    NotFound,
    NotTheOwner,
    StaleCase,
    StepNotOpen,
    TransitionNotAllowed,
    UnknownStep,
)
from community.core.history import History
from community.core.messages import clean
from community.core.procedures import Evidence
from community.core.staff import Staff
from community.services.ports import UnitOfWork
from community.services.procedure_steps import finish_step, start_procedure
from console import session
from console.access import case_for, may_finish, may_share_out, require, staff_only
from console.case_page import MAX_NOTE, case_id_of, version_of
from console.desk import desk_of, path_of, render, see_other
from console.forms import Form
from console.views.cases import status_label
from console.views.procedure import ProcedureView, procedure_view

_REFUSALS: dict[type[Exception], tuple[str, int]] = {
    StaleCase: ("stale_case", 409),
    TransitionNotAllowed: ("procedure_not_startable", 409),
    UnknownStep: ("step_not_open", 404),
    StepNotOpen: ("step_not_open", 409),
    NotTheOwner: ("step_not_yours", 403),
    EvidenceMissing: ("step_lacks_evidence", 422),
    AnswerNotOffered: ("step_lacks_answer", 422),
}


@staff_only
async def show_procedure(request: Request, uow: UnitOfWork, staff: Staff) -> Response:
    return await _page(request, uow, staff)


@staff_only
async def post_start(request: Request, uow: UnitOfWork, staff: Staff) -> Response:
    file = await case_for(uow, staff, case_id_of(request))
    require(may_share_out(staff))
    try:
        await start_procedure(uow, file.case.id, version_of(request), actor_name=staff.username)
    except tuple(_REFUSALS) as refused:
        return await _refused(request, uow, staff, refused)
    return _done(request, "procedure_started")


@staff_only
async def post_step(request: Request, uow: UnitOfWork, staff: Staff) -> Response:
    form = request.state.form
    file, key = await case_for(uow, staff, case_id_of(request)), str(request.path_params["key"])
    view = _view(request, uow, file.case, file.history)
    line = next((step for stage in view.stages for link in stage.links for step in link.steps if step.key == key), None)
    try:
        if line is None:
            raise UnknownStep(key)
        if not may_finish(staff, line.unit_code):
            raise NotTheOwner(key)
        note = clean(form.get("note"))[:MAX_NOTE]
        given = {kind for kind in Evidence if form.get(f"evidence_{kind}")} | ({Evidence.NOTE} if note else set())
        await finish_step(
            uow,
            file.case.id,
            version_of(request),
            key,
            unit_code=line.unit_code,
            evidence=given,
            note=note,
            answer=form.get("answer"),
            actor_name=staff.username,
        )
    except tuple(_REFUSALS) as refused:
        return await _refused(request, uow, staff, refused)
    return _done(request, "step_finished")


def _view(request: Request, uow: UnitOfWork, case: Case, history: History) -> ProcedureView:
    view = procedure_view(case, history, uow.reference, desk_of(request).texts, uow.now())
    if view is None:
        raise NotFound(f"no procedure for {case.number}")
    return view


def _done(request: Request, text_key: str) -> Response:
    desk_of(request).wake()
    session.leave_message(request, text_key)
    return see_other(path_of(request, "case_procedure", case_id=request.path_params["case_id"]))


async def _refused(request: Request, uow: UnitOfWork, staff: Staff, error: Exception) -> Response:
    text_key, status = _REFUSALS[type(error)]
    return await _page(request, uow, staff, problem=desk_of(request).texts.render(text_key), status=status)


async def _page(
    request: Request, uow: UnitOfWork, staff: Staff, *, problem: str | None = None, status: int = 200
) -> Response:
    file = await case_for(uow, staff, case_id_of(request))
    desk, message = desk_of(request), session.take_message(request)
    typed = getattr(request.state, "form", Form())
    return render(
        request,
        "procedure.html",
        status=status,
        staff=staff,
        case=file.case,
        case_status=status_label(file.case.status, desk.texts),
        service_name=file.service.name,
        procedure=_view(request, uow, file.case, file.history),
        may_do=lambda unit_code: may_finish(staff, unit_code),
        typed_step=request.path_params.get("key", ""),
        note=typed.get("note"),
        max_note=MAX_NOTE,
        problem=problem,
        message=desk.texts.render(message) if message else None,
    )


routes = [
    Route("/cases/{case_id}/procedure", show_procedure, methods=["GET"], name="case_procedure"),
    Route("/cases/{case_id}/procedure", post_start, methods=["POST"], name="start_procedure"),
    Route("/cases/{case_id}/procedure/{key}", show_procedure, methods=["GET"]),
    Route("/cases/{case_id}/procedure/{key}", post_step, methods=["POST"], name="finish_step"),
]
