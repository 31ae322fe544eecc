"""What every test may rely on: no network but the machine's own, a still clock, the data, and somewhere to store."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from pytest_socket import socket_allow_hosts

from community.core.areas import Area
from community.services.ports import UnitOfWork
from community.services.reference import Reference, load_reference
from tests.fakes.backends import Backend, PostgreSQL, engine_at, migrated, postgresql_server, sql_backend
from tests.fakes.clock import SetClock
from tests.fakes.store import Store
from tests.fakes.uow import FakeUnitOfWork

DATA = Path(__file__).parent.parent / "data"

settings.register_profile("ketang", deadline=None, database=None)
settings.load_profile("ketang")


def pytest_runtest_setup() -> None:
    socket_allow_hosts(["127.0.0.0/8", "::1", "localhost"], allow_unix_socket=True)


@pytest.fixture(scope="session")
def reference() -> Reference:
    return load_reference(DATA)


@pytest.fixture(scope="session")
def area(reference: Reference) -> Area:
    """Some neighbourhood of the data."""
    return next(iter(reference.areas.neighbourhoods.values()))


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    with postgresql_server() as server:
        yield server


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    asyncio.run(migrated(f"sqlite:///{path}"))
    return path


@pytest.fixture
def fake_backend(clock: SetClock, reference: Reference) -> Backend:
    store = Store()
    return Backend(lambda: FakeUnitOfWork(store, clock, reference))


@pytest.fixture
async def sqlite_backend(
    sqlite_template: Path, tmp_path: Path, clock: SetClock, reference: Reference
) -> AsyncIterator[Backend]:
    path = shutil.copy(sqlite_template, tmp_path / "ketang.db")
    async with engine_at(f"sqlite:///{path}") as engine:
        yield sql_backend(engine, clock, reference)


@pytest.fixture
async def postgresql_backend(postgresql: PostgreSQL, clock: SetClock, reference: Reference) -> AsyncIterator[Backend]:
    async with postgresql.database() as url, engine_at(url) as engine:
        yield sql_backend(engine, clock, reference)


@pytest.fixture(params=["fake", "sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest) -> Backend:
    """Each test that asks for it runs on all three."""
    chosen: Backend = request.getfixturevalue(f"{request.param}_backend")
    return chosen


@pytest.fixture
def open_uow(backend: Backend) -> Callable[[], UnitOfWork]:
    return backend.open_uow
