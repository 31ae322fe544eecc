"""The real console on a real SQLite database."""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from argon2 import PasswordHasher
from sqlalchemy.ext.asyncio import AsyncEngine

from community.core.staff import Role, Staff
from community.services.areas import load_areas
from community.services.photos import PhotoStore
from community.services.reference import Reference, load_reference
from tests.console.office import PASSWORD, Browser, Office, product
from tests.fakes.backends import engine_at, sql_backend
from tests.fakes.clock import SetClock

DATA = Path(__file__).parents[2] / "data"
HASH = PasswordHasher(time_cost=1, memory_cost=64).hash(PASSWORD)  # a real one, only quick
PEOPLE = (
    ("desk", Role.DISPATCHER, None),
    ("sweeper", Role.HANDLER, "sanitation"),  # the unit of most cases here
    ("guard", Role.HANDLER, "police"),
    ("nobody's", Role.HANDLER, None),
    ("inspector", Role.INSPECTOR, None),
)
SignedIn = Callable[[str], Awaitable[Browser]]
PLACES = """code,name,kind,aliases,parent,longitude,latitude
jiading_town,嘉定镇街道,town,,,,
guihuayuan,桂花苑,neighbourhood,桂花,jiading_town,,
qingheli,清河里,neighbourhood,,jiading_town,,
"""


@pytest.fixture
def reference(tmp_path: Path) -> Reference:
    places = tmp_path / "places.csv"
    places.write_text(PLACES, encoding="utf-8")
    return replace(load_reference(DATA), areas=load_areas(places))


@pytest.fixture
async def engine(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    path = shutil.copy(sqlite_template, tmp_path / "ketang.db")
    async with engine_at(f"sqlite:///{path}") as engine:
        yield engine


@pytest.fixture
async def office(engine: AsyncEngine, clock: SetClock, reference: Reference, tmp_path: Path) -> Office:
    office = Office(sql_backend(engine, clock, reference).open_uow, clock, PhotoStore(tmp_path / "photos"))
    async with office.open_uow() as uow:
        for name, role, unit in PEOPLE:
            await uow.staff.add(
                Staff(username=name, password_hash=HASH, role=role, created_at=clock.moment, unit_code=unit)
            )
        await uow.commit()
    return office


@pytest.fixture
async def stranger(office: Office) -> AsyncIterator[Browser]:
    """A browser that nobody logged in with."""
    transport = httpx.ASGITransport(product(office))
    async with Browser(transport=transport, base_url="http://console.test") as browser:
        yield browser


@pytest.fixture
async def signed_in(office: Office) -> AsyncIterator[SignedIn]:
    """Browsers of whoever is named, logged in."""
    async with AsyncExitStack() as stack:

        async def browser_of(name: str) -> Browser:
            transport = httpx.ASGITransport(product(office))
            browser = await stack.enter_async_context(Browser(transport=transport, base_url="http://console.test"))
            assert (await browser.log_in(name)).status_code == 303
            return browser

        yield browser_of


@pytest.fixture
async def desk(signed_in: SignedIn) -> Browser:
    """A dispatcher's browser, logged in."""
    return await signed_in("desk")
