"""Rasa's only door: a loopback channel for the app, with a token, bounded input and an honest status.

Request  {"sender", "message_id", "text", "intent": {"name", "entities"} or null, "now": ISO}
Response 200 {"messages": [{"text", "buttons"}]}, or 400, 401, 413, 503 {"error"}; after a 503 nothing of
the turn was kept. Typed text can never name an intent: a leading slash loses its meaning, and only `intent`, which
the app fills from buttons it offered itself, is believed.
"""

import gc
import hmac
import logging
import re
from collections import OrderedDict
from typing import Any, Awaitable, Callable, Dict, List, Optional, Text, Tuple

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json

logger = logging.getLogger(__name__)

MAX_TEXT = 4000
MAX_REMEMBERED = 10_000  # senders
_SENDER = re.compile(r"account-\d{1,19}")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")

OnNewMessage = Callable[[UserMessage], Awaitable[Any]]


class TurnAborted(Exception):
    """An action asked to undo the turn; raised before Rasa saves the conversation."""


class TurnOutput(CollectingOutputChannel):
    async def send_custom_json(self, recipient_id: Text, json_message: Dict[Text, Any], **kwargs: Any) -> None:
        if "abort" in json_message:
            raise TurnAborted(json_message["abort"])
        await super().send_custom_json(recipient_id, json_message, **kwargs)


class KetangInput(InputChannel):
    def __init__(self, token: Text) -> None:
        self._token = token
        self._answered = Answered()

    @classmethod
    def name(cls) -> Text:
        return "ketang"

    @classmethod
    def from_credentials(cls, credentials: Optional[Dict[Text, Any]]) -> "KetangInput":
        token = (credentials or {}).get("token") or ""
        if len(token) < 32 or token.startswith("${"):
            raise ValueError("credentials.yml: the channel needs a token of at least 32 characters")
        return cls(token)

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        door = Blueprint("ketang_channel")

        @door.listener("after_server_start")
        async def settle(*_: Any) -> None:
            """The model is loaded and stays: the collector need not walk through it again and again."""
            gc.collect()
            gc.freeze()

        @door.route("/", methods=["GET"])
        async def ready(request: Request) -> HTTPResponse:
            return json({"status": "ok"}) if self._is_app(request) else json({"error": "token"}, status=401)

        @door.route("/webhook", methods=["POST"])
        async def receive(request: Request) -> HTTPResponse:
            if not self._is_app(request):
                return json({"error": "token"}, status=401)
            body = request.json
            if problem := _problem(body):
                return json({"error": problem}, status=413 if problem == "too long" else 400)
            return await self._answered.once(body, lambda: _turn(on_new_message, body))

        return door

    def _is_app(self, request: Request) -> bool:
        given = request.headers.get("authorization", "").encode()
        return hmac.compare_digest(given, f"Bearer {self._token}".encode())


class Answered:
    """The last answer to each sender: an app that missed it asks again, and must not be heard twice."""

    def __init__(self) -> None:
        self._last: "OrderedDict[str, Tuple[str, HTTPResponse]]" = OrderedDict()

    async def once(self, body: Dict[Text, Any], take_turn: Callable[[], Awaitable[HTTPResponse]]) -> HTTPResponse:
        sender, message_id = body["sender"], str(body.get("message_id"))
        known = self._last.get(sender)
        if known and known[0] == message_id:
            return known[1]
        response = await take_turn()
        if response.status == 200:
            self._last[sender] = (message_id, response)
            self._last.move_to_end(sender)
            if len(self._last) > MAX_REMEMBERED:
                self._last.popitem(last=False)
        return response


def _problem(body: Any) -> Optional[Text]:
    if not isinstance(body, dict) or not isinstance(body.get("text"), str):
        return "not a message"
    if not _SENDER.fullmatch(str(body.get("sender"))):
        return "sender"
    if len(body["text"]) > MAX_TEXT:
        return "too long"
    return None


async def _turn(on_new_message: OnNewMessage, body: Dict[Text, Any]) -> HTTPResponse:
    output = TurnOutput()
    try:
        await on_new_message(_user_message(body, output))
    except TurnAborted as aborted:
        logger.warning("turn aborted by %s", aborted)
        return json({"error": "aborted"}, status=503)
    except Exception as error:  # every failure must reach the app as one, and the text stay out of the log
        logger.error("turn failed: %s", type(error).__name__, exc_info=_without_locals(error))
        return json({"error": type(error).__name__}, status=503)
    return json({"messages": [_outgoing(message) for message in output.messages]})


def _user_message(body: Dict[Text, Any], output: TurnOutput) -> UserMessage:
    text = _plain(body["text"])
    intent = body.get("intent")
    return UserMessage(
        text=text,
        output_channel=output,
        sender_id=body["sender"],
        parse_data=_parse_data(text, intent) if intent else None,
        input_channel=KetangInput.name(),
        message_id=body.get("message_id"),
        metadata={"now": body.get("now")},
    )


def _plain(text: Text) -> Text:
    """Rasa reads `/name{...}` as an intent; a full-width slash says the same to people and nothing to Rasa."""
    text = _UNPRINTABLE.sub("", text).strip()
    return "／" + text[1:] if text.startswith("/") else text


def _parse_data(text: Text, intent: Dict[Text, Any]) -> Dict[Text, Any]:
    entities: List[Dict[Text, Any]] = [
        {"entity": name, "value": value, "extractor": "button"} for name, value in intent["entities"].items()
    ]
    return {
        "text": text,
        "intent": {"name": intent["name"], "confidence": 1.0},
        "intent_ranking": [{"name": intent["name"], "confidence": 1.0}],
        "entities": entities,
    }


def _outgoing(message: Dict[Text, Any]) -> Dict[Text, Any]:
    return {key: message[key] for key in ("text", "buttons") if message.get(key)}


def _without_locals(error: Exception) -> Any:
    return (type(error), type(error)(), error.__traceback__)
