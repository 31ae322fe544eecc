"""Who is signed in, and what they may see and do; every page asks here and nowhere else."""

from collections.abc import Awaitable, Callable
from functools import wraps
from urllib.parse import unquote, urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from community.core.alerts import Alert
from community.core.cases import Case
from community.core.errors import KetangError, NotFound
from community.core.staff import PARTS, Role, Staff
from community.core.workflow import Actor
from community.services.cases import CaseFile, case_file
from community.services.ports import UnitOfWork
from console import session
from console.desk import desk_of, path_of, see_other
from console.forms import checked_form

StaffPage = Callable[[Request, UnitOfWork, Staff], Awaitable[Response]]
Page = Callable[[Request], Awaitable[Response]]
NO_UNIT = "-"  # no unit has this code: a handler without one sees nothing


class NotYours(KetangError):
    """Somebody else's part."""


def staff_only(page: StaffPage) -> Page:
    """Lets only the signed-in through, and a form only with its CSRF token; the fields go to `request.state.form`."""

    @wraps(page)
    async def guarded(request: Request) -> Response:
        if session.sign_in_of(request) is None:
            return to_login(request)
        if request.method == "POST":
            request.state.form = await checked_form(request, with_photos=True)
        async with desk_of(request).open_uow() as uow:
            staff = await signed_in(request, uow)
            if staff is None:
                return to_login(request)
            request.state.unseen = await uow.alerts.count_unseen(unit_of(staff))
            return await page(request, uow, staff)

    return guarded


async def signed_in(request: Request, uow: UnitOfWork) -> Staff | None:
    sign_in = session.sign_in_of(request)
    staff = await uow.staff.get(sign_in.staff_id) if sign_in else None
    if sign_in is None or staff is None:
        return None
    return staff if sign_in.holds_for(staff, uow.now()) else None


def to_login(request: Request) -> RedirectResponse:
    """The login page, which leads back here; a refused form leads back to its case."""
    return see_other(f"{path_of(request, 'login')}?{urlencode({'next': _page(request)})}")


def _page(request: Request) -> str:
    if request.method == "GET":
        return request.url.path + (f"?{request.url.query}" if request.url.query else "")
    if "case_id" in request.path_params:
        return path_of(request, "case", case_id=request.path_params["case_id"])
    return path_of(request, "alerts" if "alert_id" in request.path_params else "cases")


def safe_next(request: Request, wanted: str) -> str:
    """Where to go after login: the wanted page if it lies inside the console, else the list of cases."""
    home = path_of(request, "cases")
    return wanted if _is_below(home, wanted) else home


def _is_below(home: str, wanted: str) -> bool:
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return False
    path = unquote(parts.path)
    if parts.scheme or parts.netloc:
        return False
    if not path.startswith(home) or path.startswith("//"):
        return False
    if "\\" in path or ".." in path.split("/"):
        return False
    return wanted.isprintable()


async def case_for(uow: UnitOfWork, staff: Staff, case_id: int) -> CaseFile:
    """The case with all that belongs to it. Raises NotFound also for a case that is none of their business."""
    file = await case_file(uow, case_id)
    if not may_read(staff, file.case):
        raise NotFound(f"no case {case_id} for {staff.role}")
    return file


def require(allowed: bool) -> None:
    """Raises NotYours."""
    if not allowed:
        raise NotYours


def unit_of(staff: Staff) -> str:
    """The unit that all they see belongs to; empty for those who see everything."""
    return staff.unit_code or NO_UNIT if staff.role is Role.HANDLER else ""


def may_read(staff: Staff, case: Case) -> bool:
    if staff.role is not Role.HANDLER:
        return True
    if case.unit_code == staff.unit_code:
        return True
    return has_task(staff, case)


def may_see_alert(staff: Staff, alert: Alert) -> bool:
    if staff.role is not Role.HANDLER:
        return True
    return alert.unit_code == staff.unit_code


def may_classify(staff: Staff) -> bool:
    return Actor.DISPATCHER in PARTS[staff.role]


def may_move(staff: Staff, case: Case) -> bool:
    """Which steps there are says the workflow; of a unit's people only those of the lead take them."""
    if staff.role is not Role.HANDLER:
        return True
    return any(task.lead and task.unit_code == staff.unit_code for task in case.tasks)


def may_reply(staff: Staff) -> bool:
    return Actor.HANDLER in PARTS[staff.role]


def may_share_out(staff: Staff) -> bool:
    """Bring units in and send them away again."""
    return Actor.DISPATCHER in PARTS[staff.role]


def may_finish(staff: Staff, unit_code: str) -> bool:
    if Actor.HANDLER not in PARTS[staff.role]:
        return False
    if staff.role is not Role.HANDLER:
        return True
    return unit_code == staff.unit_code


def may_revisit(staff: Staff) -> bool:
    return Actor.INSPECTOR in PARTS[staff.role]


def has_task(staff: Staff, case: Case) -> bool:
    return any(task.unit_code == staff.unit_code for task in case.tasks)
