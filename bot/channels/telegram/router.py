"""From Telegram's updates to the dialogue, nothing more."""

from aiogram import Bot, F, Router
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import CallbackQuery, Message

from bot.channels.ports import Dialogue, Incoming
from bot.channels.telegram.callbacks import ChoiceCallback
from community.core.messages import Button
from community.services.ports import UnitOfWorkFactory

CHANNEL = "telegram"
_START = "/start"  # sent by Telegram itself when a chat is opened


def telegram_router() -> Router:
    """A fresh router for one dispatcher; the order decides, the last takes whatever is left."""
    router = Router(name=__name__)
    private = F.chat.type == "private"
    router.message.register(on_text, private, F.text)
    router.message.register(on_caption, private, F.caption)
    router.message.register(on_anything_else, private)
    router.callback_query.register(on_choice, ChoiceCallback.filter())
    return router


async def on_text(message: Message, dialogue: Dialogue) -> None:
    text = message.text or ""
    if text.split(maxsplit=1)[:1] == [_START]:
        await dialogue.tell(_incoming(message, text), "welcome", deliver=True)
    else:
        await dialogue.hear(_incoming(message, text), deliver=True)


async def on_caption(message: Message, dialogue: Dialogue) -> None:
    await dialogue.hear(_incoming(message, message.caption or ""), deliver=True)


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
    button = await _button(open_uow, user, callback_data)
    await query.answer()
    if button is None:
        await dialogue.tell(Incoming(CHANNEL, user, ""), "stale_button", deliver=True)
        return
    if isinstance(query.message, Message):
        await _show_choice(bot, query.message, button)
    press = Incoming(CHANNEL, user, button.payload, external_id=f"press:{query.id}", is_button=True)
    await dialogue.hear(press, deliver=True)


def _incoming(message: Message, text: str) -> Incoming:
    return Incoming(CHANNEL, str(message.chat.id), text, external_id=str(message.message_id))


async def _button(open_uow: UnitOfWorkFactory, user: str, choice: ChoiceCallback) -> Button | None:
    """The button, if the message it stands on was ours to this very person."""
    async with open_uow() as uow:
        account = await uow.residents.find_account(CHANNEL, user)
        said = await uow.messages.get(choice.message)
    if account is None or said is None or said.account_id != account.id or choice.index >= len(said.buttons):
        return None
    return said.buttons[choice.index]


async def _show_choice(bot: Bot, card: Message, button: Button) -> None:
    """Leaves the card with what was chosen instead of the buttons; a card that cannot be edited stays as it is."""
    try:
        await bot.edit_message_text(
            f"{card.text}\n✓ {button.title}", chat_id=card.chat.id, message_id=card.message_id, reply_markup=None
        )
    except TelegramBadRequest:
        return
