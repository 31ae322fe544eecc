from typing import Annotated

from aiogram.filters.callback_data import CallbackData
from pydantic import Field


class ChoiceCallback(CallbackData, prefix="choice"):
    """A button of one of our messages, by place: Telegram allows 64 bytes, a payload may be longer.

    Altered clients can send any numbers, so these are bounded before a database sees them.
    """

    message: Annotated[int, Field(ge=1, lt=2**63)]
    index: Annotated[int, Field(ge=0, lt=100)]
