"""The ways in for other systems, each one ASGI application to be mounted anywhere."""

from collections.abc import Callable, Sequence
from pathlib import Path

from starlette.applications import Starlette
from starlette.routing import Route

from community.core.clock import Clock
from community.services.ports import UnitOfWorkFactory
from community.services.reference import Reference, load_texts
from intake import webhook
from intake.desk import Desk, Limiter
from intake.open311 import errors, requests, services, updates
from intake.publicity import load_publicity


def build_desk(
    open_uow: UnitOfWorkFactory,
    reference: Reference,
    clock: Clock,
    *,
    wake: Callable[[], None],
    production: bool,
    data_dir: Path,
) -> Desk:
    """Raises BadReferenceData."""
    return Desk(
        open_uow=open_uow,
        reference=reference,
        texts=load_texts(data_dir / "texts" / "intake.yml"),
        publicity=load_publicity(data_dir / "intake" / "open311.yml", reference.taxonomy),
        clock=clock,
        wake=wake,
        limiter=Limiter(clock),
        production=production,
        started_at=clock(),
    )


def build_open311(desk: Desk) -> Starlette:
    return _app(desk, [*services.routes, *requests.routes, *updates.routes], errors.HANDLERS)


def build_webhook(desk: Desk) -> Starlette:
    return _app(desk, webhook.routes, webhook.HANDLERS)


def _app(desk: Desk, routes: Sequence[Route], handlers: errors.Handlers) -> Starlette:
    app = Starlette(routes=list(routes), exception_handlers=dict(handlers))
    app.state.desk = desk
    return app
