"""One of our messages as Telegram takes it."""

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.channels.telegram.callbacks import ChoiceCallback
from community.core.messages import Message

MAX_LENGTH = 4096  # Telegram's, counted in UTF-16 to be on the safe side


def parts(text: str) -> list[str]:
    """The text in pieces that Telegram accepts, cut after a line where there is one in the second half."""
    found = []
    while not fits(text):
        most = text.encode("utf-16-le")[: 2 * MAX_LENGTH].decode("utf-16-le", errors="ignore")
        line_end = most.rfind("\n") + 1
        cut = line_end if line_end > len(most) // 2 else len(most)
        found.append(text[:cut])
        text = text[cut:]
    return [*found, text]


def fits(text: str) -> bool:
    return len(text.encode("utf-16-le")) <= 2 * MAX_LENGTH


def keyboard(message: Message) -> InlineKeyboardMarkup | None:
    if not message.buttons:
        return None
    row = [
        InlineKeyboardButton(text=button.title, callback_data=ChoiceCallback(message=message.id, index=index).pack())
        for index, button in enumerate(message.buttons)
    ]
    return InlineKeyboardMarkup(inline_keyboard=[row] if len(row) <= 3 else [[button] for button in row])
