"""POST /intake/v1/events: one signed event of another platform; see docs/open311.md."""

from collections.abc import Awaitable, Callable, Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from community.core.errors import KetangError, KeyRefused
from community.core.keys import ApiKey
from community.services.keys import key_named
from intake.bodies import MAX_BODY, BodyTooLarge, bounded_body
from intake.desk import Desk
from intake.events import EventRefused, NotJson, read_event
from intake.signature import TOLERANCE, BadSignature, NoSignature, StaleSignature, check_signature
from intake.taking import Reporter, take_in_one

Handler = Callable[[Request, Exception], Awaitable[Response]]


class TooManyEvents(KetangError):
    """More in a minute than one platform may send."""


async def events(request: Request) -> Response:
    """201 with the number of the new case, 200 with that of the first one when the id came before."""
    desk: Desk = request.app.state.desk
    body = await bounded_body(request)
    key = await _signer(desk, request, body)
    if not desk.limiter.admits(key.name):
        raise TooManyEvents
    case, is_new = await take_in_one(desk, Reporter(key.name, is_shared=True), read_event(body, key, desk))
    return JSONResponse({"number": case.number, "status": case.status, "known": not is_new}, 201 if is_new else 200)


async def _signer(desk: Desk, request: Request, body: bytes) -> ApiKey:
    """Raises KeyRefused or BadSignature."""
    if "x-ketang-key" not in request.headers:
        raise NoSignature
    async with desk.open_uow() as uow:
        key = await key_named(uow, request.headers["x-ketang-key"])
    check_signature(request.headers.get("x-ketang-signature", ""), key.secret, body, desk.clock())
    return key


def _error(request: Request, status: int, key: str, field: str = "", **values: object) -> Response:
    return JSONResponse({"errors": [_entry(request, key, field, **values)]}, status)


def _entry(request: Request, key: str, field: str, **values: object) -> dict[str, str]:
    desk: Desk = request.app.state.desk
    return {"field": field, "code": key, "message": desk.texts.render(key, **values)}


async def not_signed(request: Request, error: Exception) -> Response:
    if isinstance(error, StaleSignature):
        limit = int(TOLERANCE.total_seconds())
        return _error(request, 401, "signature_stale", seconds=error.seconds, limit=limit)
    return _error(request, 401, "signature_missing" if isinstance(error, NoSignature) else "signature_wrong")


async def event_refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, EventRefused)
    entries = [_entry(request, bad.reason_key, field, **bad.values) for field, bad in error.problems.items()]
    return JSONResponse({"errors": entries}, 422)


async def not_json(request: Request, _error_: Exception) -> Response:
    return _error(request, 400, "not_json")


async def body_too_large(request: Request, _error_: Exception) -> Response:
    return _error(request, 413, "body_too_large", limit=MAX_BODY)


async def too_many(request: Request, _error_: Exception) -> Response:
    return _error(request, 429, "too_many")


async def http_error(request: Request, error: Exception) -> Response:
    wrong_method = isinstance(error, HTTPException) and error.status_code == 405
    return _error(request, 405 if wrong_method else 404, "method_wrong" if wrong_method else "address_unknown")


async def trouble(request: Request, _error_: Exception) -> Response:
    return _error(request, 500, "trouble")


HANDLERS: Mapping[type[Exception], Handler] = {
    KeyRefused: not_signed,
    BadSignature: not_signed,
    EventRefused: event_refused,
    NotJson: not_json,
    BodyTooLarge: body_too_large,
    TooManyEvents: too_many,
    HTTPException: http_error,
    Exception: trouble,
}

routes = [Route("/events", events, methods=["POST"])]
