"""The staff console as one ASGI application, to be mounted anywhere."""

import hashlib
from collections.abc import Callable
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from community.services.photos import PhotoStore
from community.services.ports import UnitOfWorkFactory
from community.services.reference import load_texts
from console import session
from console.desk import Desk
from console.errors import HANDLERS
from console.headers import SecurityHeaders
from console.routes import alerts, case, cases, login, photos, procedure, replies, revisits, tasks

HERE = Path(__file__).parent
STATIC = HERE / "static"
SUBJECTS = (login, cases, case, procedure, tasks, replies, revisits, alerts, photos)


def build_console(
    open_uow: UnitOfWorkFactory,
    photo_store: PhotoStore,
    *,
    secret_key: str,
    secure_cookies: bool,
    wake: Callable[[], None],
    data_dir: Path = HERE.parent / "data",
    cookie_path: str = "/console",
) -> Starlette:
    """`wake` is called after a commit that put something in the outbox; `cookie_path` is where the app is mounted."""
    app = Starlette(
        routes=[
            *(route for subject in SUBJECTS for route in subject.routes),
            Mount("/static", StaticFiles(directory=STATIC), name="static"),
        ],
        middleware=[
            Middleware(SecurityHeaders, static_path="/static/"),
            Middleware(
                SessionMiddleware,
                secret_key=secret_key,
                session_cookie="ketang_console",
                max_age=int(session.LIFE.total_seconds()),
                path=cookie_path,
                same_site="lax",
                https_only=secure_cookies,
            ),
        ],
        exception_handlers=dict(HANDLERS),
    )
    app.state.desk = Desk(open_uow, photo_store, wake, load_texts(data_dir / "texts" / "console.yml"), _templates())
    return app


def _static() -> Mount:
    return Mount("/static", StaticFiles(directory=STATIC), name="static")


def _templates() -> Environment:
    """Everything is escaped, and a name that a page does not get is an error and not a blank."""
    templates = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.globals["style_version"] = hashlib.sha256((STATIC / "console.css").read_bytes()).hexdigest()[:10]
    return templates
