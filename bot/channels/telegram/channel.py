"""The Telegram bot: long polling, or a webhook where one is set; any Bot API server."""

import asyncio
import hmac
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import structlog
from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramNotFound,
)
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, TelegramObject, Update
from fastapi import APIRouter, Request, Response

from bot.channels.ports import Dialogue, NotDelivered
from bot.channels.telegram.callbacks import ChoiceCallback
from bot.channels.telegram.router import CHANNEL, telegram_router
from community.core.messages import Message
from community.services.ports import UnitOfWorkFactory

log = structlog.get_logger()

__all__ = ["CHANNEL", "TelegramChannel"]

WEBHOOK_PATH = "/telegram/webhook"
_RETRY = 5.0  # seconds between tries to reach the Bot API at start


class TelegramChannel:
    """Also the bot.channels.ports.Sender of its own messages."""

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
    ) -> None:
        server = TelegramAPIServer.from_base(api_base.rstrip("/"))
        self.bot = Bot(token, session=AiohttpSession(api=server))
        self._webhook_url = webhook_url
        self._webhook_secret = webhook_secret
        self._dispatcher = Dispatcher(dialogue=dialogue, open_uow=open_uow)
        self._dispatcher.include_router(telegram_router())
        self._dispatcher.update.outer_middleware(WakeMiddleware(wake))

    async def send(self, external_user: str, message: Message) -> None:
        try:
            await self.bot.send_message(int(external_user), message.text, reply_markup=_keyboard(message))
        except (TelegramForbiddenError, TelegramNotFound) as error:
            raise NotDelivered(type(error).__name__, hopeless=True) from error
        except (TelegramAPIError, TelegramNetworkError) as error:
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
            if not self._webhook_url or not hmac.compare_digest(secret, self._webhook_secret):
                return Response(status_code=404)
            update = Update.model_validate(await request.json(), context={"bot": self.bot})
            await self._dispatcher.feed_update(self.bot, update)
            return Response()

        return api

    async def _serve(self) -> None:
        """A Bot API that cannot be reached must not keep the other channels from starting."""
        while True:
            try:
                await self._connect()
                return
            except TelegramAPIError as error:
                log.warning("telegram.unreachable", reason=type(error).__name__)
                await asyncio.sleep(_RETRY)

    async def _connect(self) -> None:
        if self._webhook_url:
            await self.bot.set_webhook(self._webhook_url.rstrip("/") + WEBHOOK_PATH, secret_token=self._webhook_secret)
            return
        await self.bot.delete_webhook()
        await self._dispatcher.start_polling(self.bot, handle_signals=False, close_bot_session=False)


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


def _keyboard(message: Message) -> InlineKeyboardMarkup | None:
    if not message.buttons:
        return None
    row = [
        InlineKeyboardButton(text=button.title, callback_data=ChoiceCallback(message=message.id, index=index).pack())
        for index, button in enumerate(message.buttons)
    ]
    return InlineKeyboardMarkup(inline_keyboard=[row] if len(row) <= 3 else [[button] for button in row])
