"""What every page of the console works with, and how it becomes HTML."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from jinja2 import Environment
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse

from community.core.staff import Staff
from community.core.texts import Texts
from community.services.photos import PhotoStore
from community.services.ports import UnitOfWorkFactory
from console import session


@dataclass(frozen=True)
class Desk:
    """`wake` is called after a commit that left something in the outbox."""

    open_uow: UnitOfWorkFactory
    photos: PhotoStore
    wake: Callable[[], None]
    texts: Texts
    templates: Environment


def desk_of(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


def path_of(request: Request, name: str, **params: Any) -> str:
    """The path of a route, wherever the console is mounted; never an address with a host that the client chose."""
    return f"{request.scope.get('root_path', '')}{request.app.url_path_for(name, **params)}"


def render(
    request: Request, template: str, *, status: int = 200, staff: Staff | None = None, **values: Any
) -> HTMLResponse:
    html = desk_of(request).templates.get_template(template)
    return HTMLResponse(
        html.render(
            path=partial(path_of, request),
            csrf_token=partial(session.csrf_token, request),
            staff=staff,
            unseen=getattr(request.state, "unseen", 0),
            **values,
        ),
        status,
    )


def refusal(request: Request, text_key: str, status: int) -> HTMLResponse:
    """A page that only says why nothing was done."""
    return render(request, "error.html", status=status, message=desk_of(request).texts.render(text_key))


def see_other(path: str) -> RedirectResponse:
    return RedirectResponse(path, 303)
