"""From Telegram's updates to the dialogue, nothing more."""

from dataclasses import dataclass, replace
from typing import Any

import structlog
from aiogram import Bot, F, Router
from aiogram.exceptions import AiogramError
from aiogram.methods import EditMessageReplyMarkup, EditMessageText, TelegramMethod
from aiogram.types import CallbackQuery, Message

from bot.channels.ports import Dialogue, Incoming
from bot.channels.telegram.callbacks import ChoiceCallback
from bot.channels.telegram.sending import fits
from community.core.messages import Button, is_lasting
from community.services.ports import UnitOfWorkFactory

log = structlog.get_logger()

CHANNEL = "telegram"
_START = "/start"  # sent by Telegram itself when a chat is opened
_ORNAMENT_TIMEOUT = 5


@dataclass(frozen=True)
class Choice:
    button: Button
    is_repeated: bool


def telegram_router() -> Router:
    """A fresh router for one dispatcher; the order decides, the last takes whatever is left."""
    router = Router(name=__name__)
    private = F.chat.type == "private"
    router.message.register(on_text, private, F.text)
    router.message.register(on_caption, private, F.caption)
    router.message.register(on_location, private, F.location)
    router.message.register(on_anything_else, private)
    router.callback_query.register(on_choice, ChoiceCallback.filter())
    router.callback_query.register(on_stale_choice)
    return router


async def on_text(message: Message, dialogue: Dialogue) -> None:
    text = message.text or ""
    if text.split(maxsplit=1)[:1] == [_START]:
        await dialogue.tell(_incoming(message, text), "welcome", deliver=True)
    else:
        await dialogue.hear(_incoming(message, text), deliver=True)


async def on_caption(message: Message, dialogue: Dialogue) -> None:
    await dialogue.hear(_incoming(message, message.caption or ""), deliver=True)


async def on_location(message: Message, dialogue: Dialogue) -> None:
    if message.location is not None:
        position = message.location.longitude, message.location.latitude
        await dialogue.hear(replace(_incoming(message, ""), position=position), deliver=True)


async def on_anything_else(message: Message, dialogue: Dialogue) -> None:
    await dialogue.tell(_incoming(message, ""), "unsupported_message", deliver=True)


async def on_choice(
    query: CallbackQuery,
    callback_data: ChoiceCallback,
    dialogue: Dialogue,
    open_uow: UnitOfWorkFactory,
    bot: Bot,
) -> None:
    user = str(query.from_user.id)
    choice = await _choice(open_uow, user, callback_data)
    if choice is None:
        await on_stale_choice(query, dialogue, bot)
        return
    await _ornament(bot, query.answer())
    if choice.is_repeated:
        return
    if isinstance(query.message, Message):
        await _ornament(bot, _with_choice(query.message, choice.button))
    press = Incoming(CHANNEL, user, choice.button.payload, external_id=_press_id(callback_data), is_button=True)
    await dialogue.hear(press, deliver=True)


async def on_stale_choice(query: CallbackQuery, dialogue: Dialogue, bot: Bot) -> None:
    await _ornament(bot, query.answer())
    await dialogue.tell(Incoming(CHANNEL, str(query.from_user.id), ""), "stale_button", deliver=True)


def _incoming(message: Message, text: str) -> Incoming:
    return Incoming(CHANNEL, str(message.chat.id), text, external_id=str(message.message_id))


def _press_id(choice: ChoiceCallback) -> str:
    """One press a card, however often it is tapped before its buttons go away."""
    return f"press:{choice.message}"


async def _choice(open_uow: UnitOfWorkFactory, user: str, data: ChoiceCallback) -> Choice | None:
    """What was chosen, if the card was ours to this very person and is still on offer, or was pressed just before."""
    async with open_uow() as uow:
        account = await uow.residents.find_account(CHANNEL, user)
        card = await uow.messages.get(data.message)
        if account is None or card is None or card.account_id != account.id or data.index >= len(card.buttons):
            return None
        is_repeated = await uow.messages.by_external_id(account.id, _press_id(data)) is not None
        button = card.buttons[data.index]
        on_offer = {message.id for message in await uow.messages.said_since_last_turn(account.id)}
        counts = is_repeated or card.id in on_offer or is_lasting(button.payload)
        return Choice(button, is_repeated) if counts else None


def _with_choice(card: Message, button: Button) -> TelegramMethod[Any]:
    """The card with what was chosen instead of the buttons."""
    text = f"{card.text}\n✓ {button.title}"
    if card.text is None or not fits(text):
        return EditMessageReplyMarkup(chat_id=card.chat.id, message_id=card.message_id)
    return EditMessageText(chat_id=card.chat.id, message_id=card.message_id, text=text)


async def _ornament(bot: Bot, request: TelegramMethod[Any]) -> None:
    """What only looks nice; when Telegram refuses it (too old, already so, busy), the press counts all the same."""
    try:
        await bot(request, request_timeout=_ORNAMENT_TIMEOUT)
    except AiogramError as error:
        log.info("telegram.ornament_failed", request=type(request).__name__, reason=type(error).__name__)
