"""A Bot API server of our own over real HTTP, after https://core.telegram.org/bots/api.

As strict as the real one where a bot can be wrong (limits, unknown chats, confirmed updates, two pollers), and
scriptable where the network can (blocked, too many requests, broken, slow, gone).
"""

import asyncio
import contextlib
import json
import re
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

TOKEN = "42:AAH-the-token-of-a-bot-in-tests"
BOT = {"id": 42, "is_bot": True, "first_name": "客堂", "username": "ketang_test_bot"}
MAX_TEXT = 4096
_JSON = {"chat_id", "message_id", "offset", "limit", "timeout", "allowed_updates", "reply_markup"}  # inside a form
PATIENCE = 5.0  # seconds a test waits for what should come at once

Raw = dict[str, Any]
Failure = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Refused(Exception):
    def __init__(self, status: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.response = web.json_response(
            {"ok": False, "error_code": status, "description": description, "parameters": parameters}, status=status
        )


def bad_request(reason: str) -> Refused:
    return Refused(400, f"Bad Request: {reason}")


@dataclass(frozen=True)
class Call:
    method: str
    data: Raw


@dataclass
class Sent:
    """One message of the bot as the phone shows it now."""

    message_id: int
    chat_id: int
    text: str
    buttons: dict[str, str]
    photo: bytes | None = None

    @property
    def titles(self) -> list[str]:
        return list(self.buttons)

    def as_telegram(self) -> Raw:
        message: Raw = {"message_id": self.message_id, "from": BOT, "chat": a_chat(self.chat_id), "date": 1795406400}
        if self.text:
            message["text"] = self.text
        if self.photo is not None:
            message["photo"] = [{"file_id": "photo", "file_unique_id": "p", "width": 1, "height": 1}]
        if self.buttons:
            message["reply_markup"] = {
                "inline_keyboard": [[{"text": title, "callback_data": data}] for title, data in self.buttons.items()]
            }
        return message


@dataclass
class Script:
    """The failures still to come, by method; `chat` narrows one to a person."""

    planned: list[tuple[str, int | None, Failure]] = field(default_factory=list)

    def take(self, call: Call) -> Failure | None:
        for plan in self.planned:
            method, chat, failure = plan
            if method == call.method and chat in (None, call.data.get("chat_id")):
                self.planned.remove(plan)
                return failure
        return None


class BotApi:
    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.sent: list[Sent] = []
        self.answered: list[str] = []
        self.files: dict[str, bytes] = {}
        self.chats: set[int] = set()  # opened by somebody; a bot cannot open one
        self.webhook: Raw = {}
        self.pushed: list[int] = []  # the statuses that the webhook answered
        self.numbers = count(1000)
        self._script = Script()
        self._updates: list[Raw] = []
        self._open_queries: set[str] = set()
        self._changed = asyncio.Condition()
        self._poll = 0
        self._runner: web.AppRunner | None = None
        self._port = 0
        self._pusher: asyncio.Task[None] | None = None

    # what a test does

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def fails(self, method: str, failure: Failure, *, times: int = 1, chat: int | None = None) -> None:
        self._script.planned += [(method, chat, failure)] * times

    def called(self, method: str) -> list[Raw]:
        return [call.data for call in self.calls if call.method == method]

    async def push(self, update: Raw) -> None:
        """To whoever listens; not filtered by `allowed_updates`, for Telegram may keep older ones of any kind."""
        if query := update.get("callback_query"):
            self._open_queries.add(query["id"])
        self._updates.append(update)
        await self._notify()

    async def until(self, fact: Callable[[], bool]) -> None:
        """Waits for what the bot's calls bring about."""
        async with asyncio.timeout(PATIENCE), self._changed:
            await self._changed.wait_for(fact)

    async def settled(self) -> None:
        """Waits until the bot has confirmed every update."""
        await self.until(lambda: not self._updates)

    async def start(self) -> None:
        app = web.Application()
        app.router.add_post("/bot{token}/{method}", self._serve)
        app.router.add_get("/file/bot{token}/{path:.+}", self._download)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port, reuse_address=True).start()
        self._port = self._runner.addresses[0][1]
        self._pusher = asyncio.create_task(self._push_all())

    async def stop(self) -> None:
        if self._runner is None or self._pusher is None:
            return
        self._pusher.cancel()
        await asyncio.gather(self._pusher, return_exceptions=True)
        self._poll += 1  # ends a long poll
        await self._notify()
        await self._runner.cleanup()
        self._runner = None

    # what a bot meets

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        call = Call(request.match_info["method"], await _parameters(request))
        self.calls.append(call)
        try:
            if request.match_info["token"] != TOKEN:
                raise Refused(401, "Unauthorized")
            if failure := self._script.take(call):
                return await failure(request)
            method = getattr(self, "_on_" + re.sub("(?=[A-Z])", "_", call.method).lower(), None)
            if method is None:
                raise Refused(404, "Not Found")
            return web.json_response({"ok": True, "result": await method(call.data)})
        except Refused as refused:
            return refused.response
        finally:
            await self._notify()

    async def _on_get_me(self, _: Raw) -> Raw:
        return BOT

    async def _on_get_updates(self, data: Raw) -> list[Raw]:
        if self.webhook:
            raise Refused(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook first")
        offset, limit = data.get("offset", 0), data.get("limit", 100)
        self._updates = [update for update in self._updates if update["update_id"] >= offset]
        self._poll += 1
        mine = self._poll
        await self._notify()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(data.get("timeout", 0)), self._changed:
                await self._changed.wait_for(lambda: self._updates or self._poll != mine)
        if self._poll != mine:
            raise Refused(409, "Conflict: terminated by other getUpdates request")
        return self._updates[:limit]

    async def _on_set_webhook(self, data: Raw) -> bool:
        if not data["url"].startswith("http"):
            raise bad_request("invalid webhook URL specified")
        self.webhook = data
        return True

    async def _on_delete_webhook(self, _: Raw) -> bool:
        self.webhook = {}
        return True

    async def _on_send_message(self, data: Raw) -> Raw:
        return self._send(data, _text(data), None)

    async def _on_send_photo(self, data: Raw) -> Raw:
        return self._send(data, data.get("caption", ""), data["photo"])

    async def _on_edit_message_text(self, data: Raw) -> Raw:
        card, text, buttons = self._card(data), _text(data), _buttons(data)
        if (card.text, card.buttons) == (text, buttons):
            raise bad_request("message is not modified")
        card.text, card.buttons = text, buttons
        return card.as_telegram()

    async def _on_edit_message_reply_markup(self, data: Raw) -> Raw:
        card, buttons = self._card(data), _buttons(data)
        if card.buttons == buttons:
            raise bad_request("message is not modified")
        card.buttons = buttons
        return card.as_telegram()

    async def _on_answer_callback_query(self, data: Raw) -> bool:
        if data["callback_query_id"] not in self._open_queries:
            raise bad_request("query is too old and response timeout expired or query ID is invalid")
        self._open_queries.remove(data["callback_query_id"])
        self.answered.append(data["callback_query_id"])
        return True

    async def _on_get_file(self, data: Raw) -> Raw:
        if data["file_id"] not in self.files:
            raise bad_request("wrong file_id or the file is temporarily unavailable")
        size = len(self.files[data["file_id"]])
        path = f"photos/{data['file_id']}.jpg"
        return {"file_id": data["file_id"], "file_unique_id": "u", "file_size": size, "file_path": path}

    async def _download(self, request: web.Request) -> web.Response:
        content = self.files.get(Path(request.match_info["path"]).stem)
        if request.match_info["token"] != TOKEN or content is None:
            return Refused(404, "Not Found").response
        return web.Response(body=content)

    def _send(self, data: Raw, text: str, photo: bytes | None) -> Raw:
        if data["chat_id"] not in self.chats:
            raise bad_request("chat not found")
        sent = Sent(next(self.numbers), data["chat_id"], text, _buttons(data), photo)
        self.sent.append(sent)
        return sent.as_telegram()

    def _card(self, data: Raw) -> Sent:
        for sent in self.sent:
            if (sent.chat_id, sent.message_id) == (data["chat_id"], data["message_id"]):
                return sent
        raise bad_request("message to edit not found")

    async def _notify(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    # the webhook: one person's updates one after the other, and again until they are taken

    async def _push_all(self) -> None:
        async with aiohttp.ClientSession() as http:
            while True:
                async with self._changed:
                    await self._changed.wait_for(lambda: bool(self.webhook and self._updates))
                queues: defaultdict[int, list[Raw]] = defaultdict(list)
                for update in self._updates:
                    queues[_sender(update)].append(update)
                await asyncio.gather(*(self._push_queue(http, queue) for queue in queues.values()))

    async def _push_queue(self, http: aiohttp.ClientSession, queue: list[Raw]) -> None:
        for update in queue:
            while await self._push_one(http, update) != 200:
                await self._pause()
            self._updates.remove(update)
            await self._notify()

    async def _pause(self) -> None:
        await asyncio.sleep(0.02)

    async def _push_one(self, http: aiohttp.ClientSession, update: Raw) -> int:
        secret = {"X-Telegram-Bot-Api-Secret-Token": self.webhook.get("secret_token", "")}
        try:
            async with http.post(self.webhook["url"], json=update, headers=secret) as response:
                self.pushed.append(response.status)
                return response.status
        except aiohttp.ClientConnectionError:
            return 0


@asynccontextmanager
async def bot_api() -> AsyncIterator[BotApi]:
    api = BotApi()
    await api.start()
    try:
        yield api
    finally:
        await api.stop()


async def _parameters(request: web.Request) -> Raw:
    data = {name: _parameter(name, value) for name, value in (await request.post()).items()}
    for name, value in list(data.items()):
        if isinstance(value, str) and value.startswith("attach://"):  # the file itself is a part of its own
            data[name] = data.pop(value.removeprefix("attach://"))
    return data


def _parameter(name: str, value: Any) -> Any:
    if isinstance(value, web.FileField):
        return value.file.read()
    return json.loads(value) if name in _JSON else value


def _text(data: Raw) -> str:
    text = str(data.get("text", ""))
    if not text.strip():
        raise bad_request("message text is empty")
    if len(text.encode("utf-16-le")) > 2 * MAX_TEXT:
        raise bad_request("message is too long")
    return text


def _buttons(data: Raw) -> dict[str, str]:
    rows = data.get("reply_markup", {}).get("inline_keyboard", [])
    buttons = {button["text"]: button.get("callback_data", "") for row in rows for button in row}
    for title, payload in buttons.items():
        if not title:
            raise bad_request("can't parse inline keyboard button: text is empty")
        if not 1 <= len(payload.encode()) <= 64:
            raise bad_request("BUTTON_DATA_INVALID")
    return buttons


def a_chat(person_id: int) -> Raw:
    return {"id": person_id, "first_name": "桂芳", "type": "private"}


def _sender(update: Raw) -> int:
    event = next(value for value in update.values() if isinstance(value, dict))
    sender: int = event["from"]["id"]
    return sender
