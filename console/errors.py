"""Each error that ends a request, as a page."""

from collections.abc import Awaitable, Callable, Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from community.core.errors import NotFound, UnknownService
from console import session
from console.access import NotYours, to_login
from console.desk import refusal
from console.forms import FormRefused, FormTooLarge
from console.headers import SECURITY_HEADERS

Handler = Callable[[Request, Exception], Awaitable[Response]]


async def http_error(request: Request, error: Exception) -> Response:
    """No such page, or not with this method; strangers are not even told that."""
    if not isinstance(error, HTTPException):
        raise error
    if session.sign_in_of(request) is None:
        return to_login(request)
    page = refusal(request, "page_unknown" if error.status_code == 404 else "request_refused", error.status_code)
    page.headers.update(error.headers or {})
    return page


async def not_found(request: Request, _error: Exception) -> Response:
    return refusal(request, "case_unknown", 404)


async def not_yours(request: Request, _error: Exception) -> Response:
    return refusal(request, "not_yours", 403)


async def unknown_service(request: Request, _error: Exception) -> Response:
    return refusal(request, "service_of_case_unknown", 409)


async def form_refused(request: Request, _error: Exception) -> Response:
    return refusal(request, "form_expired", 403)


async def form_too_large(request: Request, _error: Exception) -> Response:
    return refusal(request, "form_too_large", 413)


async def server_trouble(request: Request, _error: Exception) -> Response:
    page = refusal(request, "server_trouble", 500)
    page.headers.update(SECURITY_HEADERS)  # this handler runs outside the middleware that adds them
    return page


HANDLERS: Mapping[type[Exception], Handler] = {
    HTTPException: http_error,
    NotFound: not_found,
    NotYours: not_yours,
    UnknownService: unknown_service,
    FormRefused: form_refused,
    FormTooLarge: form_too_large,
    Exception: server_trouble,
}
