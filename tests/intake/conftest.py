"""The real ways in, mounted as the product mounts them, on a real SQLite database."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from community.services.keys import create_key
from community.services.reference import Reference
from intake.app import build_desk, build_open311, build_webhook
from tests.fakes.backends import Backend
from tests.fakes.clock import SetClock
from tests.intake.counter import KEY, Counter

DATA = Path(__file__).parents[2] / "data"


@pytest.fixture
def backend(sqlite_backend: Backend) -> Backend:
    return sqlite_backend


@pytest.fixture
async def counter(backend: Backend, clock: SetClock, reference: Reference) -> AsyncIterator[Counter]:
    woken: list[None] = []
    desk = build_desk(
        backend.open_uow,
        reference,
        clock,
        wake=lambda: woken.append(None),
        production=False,
        data_dir=DATA,
    )
    routes = [Mount("/open311/v2", build_open311(desk)), Mount("/intake/v1", build_webhook(desk))]
    async with backend.open_uow() as uow:
        secret = await create_key(uow, KEY)
    transport = httpx.ASGITransport(Starlette(routes=routes), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://ketang.test") as client:
        yield Counter(client, backend.open_uow, clock, reference, desk, secret, woken)
