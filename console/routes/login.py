"""Coming in and going out."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from community.core.errors import LoginThrottled
from community.core.messages import clean
from community.core.staff import LOCK_TIME, Staff
from community.services.ports import UnitOfWork
from community.services.staff import authenticate
from console import session
from console.access import safe_next, signed_in, staff_only
from console.desk import desk_of, path_of, render, see_other
from console.forms import FormRefused, checked_form

MAX_PASSWORD = 1000


async def show_login(request: Request) -> Response:
    wanted = safe_next(request, request.query_params.get("next", ""))
    if session.sign_in_of(request) is not None:
        async with desk_of(request).open_uow() as uow:
            if await signed_in(request, uow):
                return see_other(wanted)
    return _page(request, wanted)


async def log_in(request: Request) -> Response:
    try:
        form = await checked_form(request)
    except FormRefused:
        return _page(request, path_of(request, "cases"), problem="form_expired", status=403)
    wanted = safe_next(request, form.get("next", ""))
    username = clean(form.get("username", ""))[:64]
    async with desk_of(request).open_uow() as uow:
        try:
            staff = await authenticate(uow, username, form.get("password", "")[:MAX_PASSWORD])
        except LoginThrottled:
            page = _page(request, wanted, problem="login_locked", username=username, status=429)
            page.headers["Retry-After"] = str(int(LOCK_TIME.total_seconds()))
            return page
        if staff is None:
            return _page(request, wanted, problem="login_wrong", username=username, status=403)
        session.sign_in(request, staff, uow.now())
    return see_other(wanted)


@staff_only
async def log_out(request: Request, _uow: UnitOfWork, _staff: Staff) -> Response:
    session.sign_out(request)
    return see_other(path_of(request, "login"))


def _page(
    request: Request, wanted: str, *, problem: str | None = None, username: str = "", status: int = 200
) -> Response:
    words = desk_of(request).texts.render(problem) if problem else None
    return render(request, "login.html", status=status, wanted=wanted, problem=words, username=username)


routes = [
    Route("/login", show_login, methods=["GET"], name="login"),
    Route("/login", log_in, methods=["POST"]),
    Route("/logout", log_out, methods=["POST"], name="logout"),
]
