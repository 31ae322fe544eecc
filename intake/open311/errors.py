"""Every way a call ends badly, as the list of errors that GeoReport v2 asks for."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from community.core.errors import KetangError, KeyRefused
from intake.bodies import MAX_BODY, BodyTooLarge
from intake.desk import Desk
from intake.open311.rendering import TYPES, render

Handler = Callable[[Request, Exception], Awaitable[Response]]
Handlers = Mapping[type[Exception], Handler]


@dataclass(frozen=True)
class Problem:
    """`key` names the text that tells it, `values` are that text's."""

    key: str
    values: Mapping[str, object]


def problem(key: str, **values: object) -> Problem:
    return Problem(key, values)


class CallRefused(KetangError):
    """With every problem at once, so that a developer need not find them one by one."""

    def __init__(self, status: int, *problems: Problem) -> None:
        super().__init__(status, problems)
        self.status, self.problems = status, problems


def form_of(request: Request) -> str:
    """json or xml, as the address ends. Raises CallRefused."""
    form = request.url.path.rpartition(".")[2]
    if form not in TYPES:
        raise CallRefused(404, problem("format_unknown"))
    return form


def refusal(request: Request, status: int, *problems: Problem) -> Response:
    desk: Desk = request.app.state.desk
    errors = [{"code": status, "description": desk.texts.render(p.key, **p.values)} for p in problems]
    form = request.url.path.rpartition(".")[2]
    return render("errors", errors, form if form in TYPES else "xml", status)


async def call_refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, CallRefused)
    return refusal(request, error.status, *error.problems)


async def key_refused(request: Request, _error: Exception) -> Response:
    return refusal(request, 403, problem("key_refused"))


async def body_too_large(request: Request, _error: Exception) -> Response:
    return refusal(request, 413, problem("body_too_large", limit=MAX_BODY))


async def http_error(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 404
    return refusal(request, status, problem("method_wrong" if status == 405 else "address_unknown"))


async def trouble(request: Request, _error: Exception) -> Response:
    return refusal(request, 500, problem("trouble"))


HANDLERS: Handlers = {
    CallRefused: call_refused,
    KeyRefused: key_refused,
    BodyTooLarge: body_too_large,
    HTTPException: http_error,
    Exception: trouble,
}
