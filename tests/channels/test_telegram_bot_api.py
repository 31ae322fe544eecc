"""Our Bot API server keeps to Telegram's rules, asked by aiogram's own client."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramConflictError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.types import BufferedInputFile, InlineKeyboardButton, InlineKeyboardMarkup

from tests.channels.bot_api import TOKEN, BotApi, bot_api
from tests.channels.bot_api_support import Person, too_many_requests


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with bot_api() as api:
        yield api


@pytest.fixture
async def bot(api: BotApi) -> AsyncIterator[Bot]:
    async with a_bot(api, TOKEN) as bot:
        yield bot


@pytest.fixture
def person(api: BotApi) -> Person:
    return Person(api, 7001001)


def a_bot(api: BotApi, token: str) -> Bot:
    return Bot(token, session=AiohttpSession(api=TelegramAPIServer.from_base(api.url)))


def markup(data: str, title: str = "确认") -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text=title, callback_data=data)]])


async def test_the_token_is_asked_for(api: BotApi, bot: Bot) -> None:
    assert (await bot.get_me()).id == 42
    async with a_bot(api, "43:wrong") as stranger:
        with pytest.raises(TelegramUnauthorizedError):
            await stranger.get_me()
    with pytest.raises(TelegramNotFound):
        await bot.log_out()


async def test_updates_stay_until_they_are_confirmed(bot: Bot, person: Person) -> None:
    first, second = [await person.says(text) for text in ("一", "二")]
    for offset, expected in [(None, [first, second]), (None, [first, second]), (second["update_id"], [second])]:
        updates = await bot.get_updates(offset=offset)
        assert [update.update_id for update in updates] == [update["update_id"] for update in expected]
    assert len(await bot.get_updates(limit=1)) == 1
    assert await bot.get_updates(offset=second["update_id"] + 1) == []


async def test_a_long_poll_ends_with_the_first_update(bot: Bot, person: Person) -> None:
    polling = asyncio.create_task(bot.get_updates(timeout=20))
    await person.api.until(lambda: bool(person.api.called("getUpdates")))
    await person.says("一")
    assert len(await polling) == 1


async def test_a_second_poller_ends_the_first(api: BotApi, bot: Bot) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=20))
    await api.until(lambda: len(api.called("getUpdates")) == 1)
    await bot.get_updates()
    with pytest.raises(TelegramConflictError):
        await first


async def test_polling_and_a_webhook_exclude_each_other(bot: Bot) -> None:
    await bot.set_webhook("http://127.0.0.1:1/")
    with pytest.raises(TelegramConflictError):
        await bot.get_updates()
    await bot.delete_webhook()
    assert await bot.get_updates() == []


@pytest.mark.parametrize(
    ("chat", "text", "buttons"),
    [
        (1, "好", None),
        (7001001, " \n", None),
        (7001001, "好" * 4097, None),
        (7001001, "😷" * 2049, None),
        (7001001, "好", markup("x" * 65)),
        (7001001, "好", markup("好" * 22)),
        (7001001, "好", markup("x", title="")),
    ],
)
async def test_what_telegram_would_not_send(
    bot: Bot, person: Person, chat: int, text: str, buttons: InlineKeyboardMarkup | None
) -> None:
    with pytest.raises(TelegramBadRequest):
        await bot.send_message(chat, text, reply_markup=buttons)
    assert person.screen == []


async def test_cards_are_edited_once(bot: Bot, person: Person) -> None:
    sent = await bot.send_message(person.id, "卡片", reply_markup=markup("x" * 64))
    place = {"chat_id": person.id, "message_id": sent.message_id}
    await bot.edit_message_reply_markup(**place)
    with pytest.raises(TelegramBadRequest, match="not modified"):
        await bot.edit_message_reply_markup(**place)
    await bot.edit_message_text("新", **place)
    with pytest.raises(TelegramBadRequest, match="not found"):
        await bot.edit_message_text("新", chat_id=person.id, message_id=1)
    assert [(card.text, card.titles) for card in person.screen] == [("新", [])]


async def test_a_press_is_answered_once(bot: Bot, person: Person) -> None:
    await bot.send_message(person.id, "卡片", reply_markup=markup("x"))
    query = (await person.presses("确认"))["callback_query"]["id"]
    await bot.answer_callback_query(query)
    with pytest.raises(TelegramBadRequest, match="too old"):
        await bot.answer_callback_query(query)


async def test_files_go_both_ways(api: BotApi, bot: Bot, person: Person) -> None:
    api.files["lamp"] = b"\xff\xd8 lamp"
    content = await bot.download((await bot.get_file("lamp")).file_path and "lamp")
    assert content is not None
    assert content.read() == b"\xff\xd8 lamp"
    with pytest.raises(TelegramBadRequest):
        await bot.get_file("none")
    await bot.send_photo(person.id, BufferedInputFile(b"\xff\xd8 map", "map.jpg"), caption="位置")
    assert [(sent.text, sent.photo) for sent in person.screen] == [("位置", b"\xff\xd8 map")]


async def test_a_failure_comes_as_planned_and_to_whom(api: BotApi, bot: Bot, person: Person) -> None:
    other = Person(api, 7001002)
    api.fails("sendMessage", too_many_requests(3), chat=person.id)
    await bot.send_message(other.id, "好")
    with pytest.raises(TelegramRetryAfter) as refused:
        await bot.send_message(person.id, "好")
    assert refused.value.retry_after == 3
    await bot.send_message(person.id, "好")
