from aiogram.filters.callback_data import CallbackData


class ChoiceCallback(CallbackData, prefix="choice"):
    """A button of one of our messages, by place: Telegram allows 64 bytes, a payload may be longer."""

    message: int
    index: int
