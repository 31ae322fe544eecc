"""The list of cases, one case, and the two things that can be done with it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time
from typing import TypedDict

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from community.core.clock import SHANGHAI
from community.core.errors import (
    KetangError,
    NotFound,
    StaleCase,
    TransitionNotAllowed,
    UnknownService,
)
from community.core.messages import clean
from community.core.staff import PARTS, Staff
from community.core.workflow import Ground, Move, Status, acting
from community.services.cases import change_status, correct_code
from community.services.ports import CasePage, CaseQuery, UnitOfWork
from community.services.wording import STATUS_NAMES
from console import labels, session
from console.access import case_for, may_list_cases, staff_only
from console.desk import desk_of, path_of, render, see_other
from console.filters import Filters, filters_from, query_for
from console.forms import number
from console.views import cases as rows
from console.views.case_file import case_view

MAX_NOTE = 1000


class _Details(TypedDict):
    until: datetime | None
    ground: Ground | None
    into: str


_TOLD_NOBODY = ("code_confirmed", "code_unchanged")


@staff_only
async def list_cases(request: Request, uow: UnitOfWork, staff: Staff) -> Response:
    if not may_list_cases(staff):
        raise NotFound
    desk, now, reference = desk_of(request), uow.now(), uow.reference
    filters, found = await _search(uow, filters_from(request.query_params, reference))
    counts = await uow.cases.count_by_status()
    overdue = await uow.cases.search(CaseQuery(overdue_at=now, page_size=1))
    to_review = await uow.cases.search(CaseQuery(to_review=True, page_size=1))
    return render(
        request,
        "cases.html",
        staff=staff,
        filters=filters,
        tabs=rows.tabs(filters, counts, overdue.total, to_review.total, desk.texts),
        rows=[rows.row(case, reference, desk.texts, now) for case in found.cases],
        paging=rows.paging(filters, found, CaseQuery.page_size),
        service_groups=rows.service_groups(reference, whole_groups=True),
        area_groups=rows.area_groups(reference),
        any_cases=bool(counts),
    )


async def _search(uow: UnitOfWork, filters: Filters) -> tuple[Filters, CasePage]:
    """What the filters ask for; beyond the last page, that page."""
    found = await uow.cases.search(query_for(filters, uow.reference.taxonomy, uow.now()))
    last = max(-(-found.total // CaseQuery.page_size), 1)
    if filters.page <= last:
        return filters, found
    return await _search(uow, replace(filters, page=last))


@staff_only
async def show_case(request: Request, uow: UnitOfWork, staff: Staff) -> Response:
    return await _case_page(request, uow, staff)


@staff_only
async def post_code(request: Request, uow: UnitOfWork, staff: Staff) -> Response:
    form = request.state.form
    case_id, version = _case_id(request), number(form.get("version", ""))
    before = (await case_for(uow, staff, case_id)).case
    try:
        case = await correct_code(uow, case_id, version, form.get("service_code", ""), actor_name=staff.username)
    except (StaleCase, UnknownService) as refused:
        return await _refused(request, uow, staff, refused)
    return _done(request, _outcome(changed=case.service_code != before.service_code, saved=case.version != version))


def _outcome(*, changed: bool, saved: bool) -> str:
    if changed:
        return "code_corrected"
    return "code_confirmed" if saved else "code_unchanged"


@staff_only
async def post_status(request: Request, uow: UnitOfWork, staff: Staff) -> Response:
    form = request.state.form
    case_id, note = _case_id(request), clean(form.get("note", ""))
    file = await case_for(uow, staff, case_id)
    if len(note) > MAX_NOTE:
        words = desk_of(request).texts.render("note_too_long", limit=MAX_NOTE, length=len(note))
        return await _case_page(request, uow, staff, problem=words, status=422)
    try:
        to, version = _step(form.get("to", "")), number(form.get("version", ""))
        actor = acting(file.case.status, to, PARTS[staff.role])
        move = Move(to=to, actor=actor, note=note, **read_details(form))
        await change_status(uow, case_id, version, move, actor_name=staff.username)
    except tuple(labels.REFUSALS) as refused:
        return await _refused(request, uow, staff, refused)
    return _done(request, "status_changed")


@staff_only
async def back_to_case(request: Request, _uow: UnitOfWork, _staff: Staff) -> Response:
    """A refused form leaves its address in the browser; opened again, it leads to the case."""
    return see_other(path_of(request, "case", case_id=_case_id(request)))


def _case_id(request: Request) -> int:
    return number(request.path_params["case_id"])


def _step(name: str) -> Status:
    try:
        return Status(name)
    except ValueError:
        raise TransitionNotAllowed(f"no state {name}") from None


def read_details(form: Mapping[str, str]) -> _Details:
    """What a step may bring along besides its note; whatever is no date or ground counts as not given."""
    ground = form.get("ground", "")
    return {
        "until": _end_of_day(form.get("until", "")),
        "ground": Ground(ground) if ground in set(Ground) else None,
        "into": clean(form.get("into", "")).upper(),
    }


def _end_of_day(text: str) -> datetime | None:
    try:
        return datetime.combine(date.fromisoformat(text), time(23, 59), SHANGHAI)
    except ValueError:
        return None


def _done(request: Request, text_key: str) -> Response:
    if text_key not in _TOLD_NOBODY:
        desk_of(request).wake()
    session.leave_message(request, text_key)
    return see_other(path_of(request, "case", case_id=request.path_params["case_id"]))


async def _refused(request: Request, uow: UnitOfWork, staff: Staff, error: KetangError) -> Response:
    text_key, status = labels.REFUSALS[type(error)]
    file = await case_for(uow, staff, _case_id(request))
    desk = desk_of(request)
    state = desk.texts.render(STATUS_NAMES[file.case.status])
    return await _case_page(request, uow, staff, problem=desk.texts.render(text_key, status=state), status=status)


async def _case_page(
    request: Request, uow: UnitOfWork, staff: Staff, *, problem: str | None = None, status: int = 200
) -> Response:
    """The case as it is now, with what was typed still in the forms when `problem` says why it was refused."""
    file = await case_for(uow, staff, _case_id(request))
    desk, typed = desk_of(request), getattr(request.state, "form", {})
    message = session.take_message(request)
    return render(
        request,
        "case.html",
        status=status,
        staff=staff,
        case=case_view(file, staff, uow.reference, desk.texts, uow.now()),
        service_groups=rows.service_groups(uow.reference, whole_groups=False),
        chosen_service=typed.get("service_code", file.case.service_code),
        chosen_step=typed.get("to", ""),
        note=typed.get("note", ""),
        max_note=MAX_NOTE,
        problem=problem,
        message=desk.texts.render(message) if message else None,
    )


routes = [
    Route("/", list_cases, methods=["GET"], name="cases"),
    Route("/cases/{case_id}", show_case, methods=["GET"], name="case"),
    Route("/cases/{case_id}/code", back_to_case, methods=["GET"]),
    Route("/cases/{case_id}/code", post_code, methods=["POST"], name="case_code"),
    Route("/cases/{case_id}/status", back_to_case, methods=["GET"]),
    Route("/cases/{case_id}/status", post_status, methods=["POST"], name="case_status"),
]
