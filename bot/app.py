"""The one place where all parts meet."""

import asyncio
import gc
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import FastAPI
from fastapi.responses import PlainTextResponse, Response
from fastapi.staticfiles import StaticFiles
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from actions.desk import Desk
from actions.registry import all_actions
from bot.actions_server import action_routes
from bot.channels.ports import Sender
from bot.channels.web.hub import Hub
from bot.channels.web.routes import CHANNEL as WEB
from bot.channels.web.routes import web_routes
from bot.delivery import Courier, Recovery
from bot.dialogue import Dialogue
from bot.rasa import RasaClient
from bot.settings import Settings
from bot.watch import Watch
from community.core.clock import Clock
from community.db.cipher import Cipher
from community.db.engine import make_engine
from community.db.migrate import upgrade
from community.db.rasa_store import prepare_rasa_store
from community.db.uow import SqlUnitOfWork
from community.services.photos import PhotoStore
from community.services.ports import UnitOfWork
from community.services.reference import Reference, load_reference
from console.app import build_console
from intake.app import build_desk, build_open311, build_webhook

if TYPE_CHECKING:
    from bot.channels.telegram.channel import TelegramChannel


@dataclass(frozen=True)
class Storage:
    """A database and photos ready for use, and the data that comes with the release."""

    engine: AsyncEngine
    reference: Reference
    clock: Clock
    photos: PhotoStore
    uow_with: Callable[[Clock, Reference], UnitOfWork]

    def open_uow(self) -> UnitOfWork:
        return self.uow_with(self.clock, self.reference)


def open_storage(settings: Settings) -> Storage:
    settings.var_dir.mkdir(parents=True, exist_ok=True)
    engine = make_engine(settings.database_url)
    cipher = Cipher(settings.derived_key("contacts"))
    reference = load_reference(settings.data_dir)

    def uow_with(clock: Clock, reference: Reference) -> UnitOfWork:
        return SqlUnitOfWork(engine, cipher, clock, reference)

    return Storage(engine, reference, settings.clock(), PhotoStore(settings.var_dir / "photos"), uow_with)


async def with_storage[T](settings: Settings, work: Callable[[Storage], Awaitable[T]]) -> T:
    """For a command that does one thing to the database and ends."""
    storage = open_storage(settings)
    try:
        await upgrade(storage.engine)
        return await work(storage)
    finally:
        await storage.engine.dispose()


async def migrate(settings: Settings) -> None:
    """Brings the database to the newest revision, and Rasa's own into shape."""
    settings.var_dir.mkdir(parents=True, exist_ok=True)
    for url, prepare in ((settings.database_url, upgrade), (settings.rasa_database_url, prepare_rasa_store)):
        engine = make_engine(url)
        try:
            await prepare(engine)
        finally:
            await engine.dispose()


def rasa_token(settings: Settings) -> str:
    """What app and Rasa prove themselves to each other with."""
    return settings.derived_key("rasa")


def build_app(settings: Settings) -> FastAPI:
    storage = open_storage(settings)
    rasa = RasaClient(settings.rasa_url, rasa_token(settings))
    dialogue = Dialogue(storage.open_uow, storage.reference.texts, rasa)
    hub = Hub()
    senders: dict[str, Sender] = {WEB: hub}
    courier = Courier(storage.open_uow, senders)
    recovery = Recovery(storage.open_uow, dialogue, rasa, courier)
    watch = Watch(storage.open_uow, courier.wake)
    telegram = _telegram(settings, dialogue, courier, storage)
    if telegram is not None:
        senders[telegram.name] = telegram

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            stack.push_async_callback(storage.engine.dispose)
            stack.push_async_callback(rasa.close)
            for work in (courier.run(), recovery.run(), watch.run()):
                stack.push_async_callback(_cancel, asyncio.create_task(work))
            if telegram is not None:
                await stack.enter_async_context(telegram.running())
            gc.freeze()  # what is loaded by now stays: the collector need not walk through it again
            yield

    app = FastAPI(title="Ketang", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    app.state.hub = hub
    app.include_router(action_routes(all_actions(Desk(storage.open_uow, storage.reference)), rasa_token(settings)))
    app.include_router(web_routes(dialogue, storage.open_uow, hub, storage.reference))
    if telegram is not None:
        app.include_router(telegram.routes())
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "channels" / "web" / "page"))
    app.mount(
        "/console",
        build_console(
            storage.open_uow,
            storage.photos,
            secret_key=settings.derived_key("console"),
            secure_cookies=settings.production,
            wake=courier.wake,
            data_dir=settings.data_dir,
        ),
    )
    intake = build_desk(
        storage.open_uow,
        storage.reference,
        storage.clock,
        wake=courier.wake,
        production=settings.production,
        data_dir=settings.data_dir,
    )
    app.mount("/open311/v2", build_open311(intake))
    app.mount("/intake/v1", build_webhook(intake))
    _add_health(app, storage, rasa)
    return app


def _telegram(settings: Settings, dialogue: Dialogue, courier: Courier, storage: Storage) -> "TelegramChannel | None":
    if not settings.telegram_token:
        return None
    from bot.channels.telegram.channel import TelegramChannel  # aiogram takes 80 MB and 2 s; only its users pay them

    return TelegramChannel(
        token=settings.telegram_token,
        api_base=settings.telegram_api_base,
        webhook_url=settings.telegram_webhook_url,
        webhook_secret=settings.derived_key("telegram").rstrip("="),
        dialogue=dialogue,
        wake=courier.wake,
        open_uow=storage.open_uow,
    )


def _add_health(app: FastAPI, storage: Storage, rasa: RasaClient) -> None:
    @app.get("/healthz", include_in_schema=False)
    async def healthz() -> Response:
        return PlainTextResponse("ok")

    @app.get("/readyz", include_in_schema=False)
    async def readyz() -> Response:
        """Ready to answer residents: the database answers and Rasa has its model loaded."""
        try:
            async with storage.engine.connect() as connection:
                await connection.execute(text("SELECT 1"))
        except (SQLAlchemyError, OSError):
            return PlainTextResponse("the database is not ready", status_code=503)
        if not await rasa.ready():
            return PlainTextResponse("rasa is not ready", status_code=503)
        return PlainTextResponse("ok")


async def _cancel(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
