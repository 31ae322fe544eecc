"""What Telegram sends, one update at a time: a single bad one must not keep the others from being served."""

import json
from typing import Any

import structlog
from aiogram import Bot
from aiogram.methods.base import TelegramMethod
from aiogram.types import Update
from pydantic import ValidationError

log = structlog.get_logger()

RawUpdate = dict[str, Any]


class GetRawUpdates(TelegramMethod[list[RawUpdate]]):
    """aiogram's GetUpdates refuses all when it cannot read one, again and again."""

    __returning__ = list[RawUpdate]
    __api_method__ = "getUpdates"

    offset: int | None = None
    timeout: int
    allowed_updates: list[str]


def loads(content: str | bytes) -> Any:
    """JSON without lone surrogates (halves of an emoji), which no model or database takes."""
    whole = json.dumps(json.loads(content), ensure_ascii=False).encode(errors="ignore")
    return json.loads(whole)


def read(raw: RawUpdate, bot: Bot) -> Update | None:
    try:
        return Update.model_validate(raw, context={"bot": bot})
    except ValidationError as error:  # whose own words would repeat the resident's
        wrong = [".".join(map(str, detail["loc"])) for detail in error.errors(include_input=False)]
        log.error("telegram.update_refused", update_id=raw.get("update_id"), wrong=wrong)
        return None


def sender(raw: RawUpdate) -> Any:
    """Whoever it came from, good enough to tell two people apart."""
    event: dict[str, Any] = next((value for value in raw.values() if isinstance(value, dict)), {})
    return event.get("from", {}).get("id")
