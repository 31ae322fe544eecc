"""The Telegram bot: long polling, or a webhook where one is set; any Bot API server."""

import asyncio
import hmac
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import structlog
from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import AiogramError, TelegramBadRequest, TelegramForbiddenError, TelegramRetryAfter
from aiogram.types import TelegramObject
from aiogram.utils.backoff import Backoff, BackoffConfig
from fastapi import APIRouter, Request, Response

from bot.channels.ports import Dialogue, NotDelivered
from bot.channels.telegram.polling import PATIENCE, Polling
from bot.channels.telegram.router import CHANNEL, telegram_router
from bot.channels.telegram.sending import keyboard, parts
from bot.channels.telegram.updates import RawUpdate, loads, read
from community.core.messages import Message
from community.services.ports import UnitOfWorkFactory

log = structlog.get_logger()

__all__ = ["CHANNEL", "TelegramChannel"]

WEBHOOK_PATH = "/telegram/webhook"
_TIMEOUT = 15.0  # seconds for one request; aiogram's 60 would hold up everybody's deliveries


class TelegramChannel:
    """Also the bot.channels.ports.Sender of its own messages."""

    name = CHANNEL

    def __init__(
        self,
        *,
        token: str,
        api_base: str,
        webhook_url: str,
        webhook_secret: str,
        dialogue: Dialogue,
        wake: Callable[[], None],
        open_uow: UnitOfWorkFactory,
        patience: BackoffConfig = PATIENCE,
    ) -> None:
        server = TelegramAPIServer.from_base(api_base.rstrip("/"))
        self.bot = Bot(token, session=AiohttpSession(api=server, timeout=_TIMEOUT, json_loads=loads))
        self._webhook_url = webhook_url
        self._webhook_secret = webhook_secret
        self._patience = patience
        self._dispatcher = Dispatcher(disable_fsm=True, dialogue=dialogue, open_uow=open_uow)
        self._dispatcher.include_router(telegram_router())
        self._dispatcher.update.outer_middleware(WakeMiddleware(wake))
        self._kinds = self._dispatcher.resolve_used_update_types()

    async def send(self, external_user: str, message: Message) -> None:
        *first, last = parts(message.text)
        try:
            for part in first:
                await self.bot.send_message(int(external_user), part)
            await self.bot.send_message(int(external_user), last, reply_markup=keyboard(message))
        except (TelegramForbiddenError, TelegramBadRequest) as error:  # blocked, gone, or not what Telegram takes
            raise NotDelivered(type(error).__name__, hopeless=True) from error
        except TelegramRetryAfter as error:
            raise NotDelivered(type(error).__name__, retry_after=timedelta(seconds=error.retry_after)) from error
        except AiogramError as error:  # not only TelegramAPIError: a proxy's error page cannot be decoded
            raise NotDelivered(type(error).__name__) from error

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self._serve())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await self.bot.session.close()

    def routes(self) -> APIRouter:
        api = APIRouter(include_in_schema=False)

        @api.post(WEBHOOK_PATH)
        async def receive(request: Request) -> Response:
            secret = request.headers.get("x-telegram-bot-api-secret-token", "")
            if not self._webhook_url or not hmac.compare_digest(secret.encode(), self._webhook_secret.encode()):
                return Response(status_code=404)
            try:
                update = loads(await request.body())
            except ValueError:
                update = None
            if not isinstance(update, dict):
                return Response(status_code=400)
            return Response(status_code=200 if await self._handle(update) else 503)  # after 503 it comes again

        return api

    async def _serve(self) -> None:
        """A Bot API that cannot be reached must not keep the other channels from starting."""
        backoff = Backoff(self._patience)
        while not await self._connected():
            await backoff.asleep()
        if not self._webhook_url:
            await Polling(self.bot, self._handle, self._kinds, self._patience).run()

    async def _connected(self) -> bool:
        try:
            await self._connect()
        except AiogramError as error:  # its words may hold our token
            log.warning("telegram.unreachable", reason=type(error).__name__)
            return False
        return True

    async def _connect(self) -> None:
        if not self._webhook_url:
            await self.bot.delete_webhook()
            return
        await self.bot.set_webhook(
            self._webhook_url.rstrip("/") + WEBHOOK_PATH,
            secret_token=self._webhook_secret,
            allowed_updates=self._kinds,
        )

    async def _handle(self, raw: RawUpdate) -> bool:
        """False when the update has to come again, because it could not even be kept."""
        update = read(raw, self.bot) if raw.keys() & self._kinds else None
        if update is None:
            return True
        try:
            await self._dispatcher.feed_update(self.bot, update)
        except Exception as error:  # a database away for a moment, most likely; its words may repeat the resident's
            place = traceback.format_tb(error.__traceback__)[-1]
            log.error("telegram.update_failed", update_id=update.update_id, error=type(error).__name__, place=place)
            return False
        return True


class WakeMiddleware:
    """Whatever a handler put into the outbox goes out at once."""

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        try:
            return await handler(event, data)
        finally:
            self._wake()
