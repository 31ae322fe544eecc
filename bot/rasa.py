"""Asking Rasa: one turn of a conversation, or one parse. Speaks to nlu/channel.py."""

from typing import Any
from urllib.parse import parse_qsl

import aiohttp

from community.core.errors import KetangError
from community.core.messages import Button, Reply
from community.services.messages import Turn

_TIMEOUT = aiohttp.ClientTimeout(total=20, connect=2)
_READY_TIMEOUT = aiohttp.ClientTimeout(total=2)


class RasaUnavailable(KetangError):
    """Nobody answers there (starting, restarting, down); the same turn may be tried again later."""


class TurnFailed(KetangError):
    """Rasa answered that this turn broke; nothing of it was kept."""


class RasaClient:
    def __init__(self, url: str, token: str) -> None:
        self._url = url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token}"}
        self._session: aiohttp.ClientSession | None = None

    async def converse(self, turn: Turn) -> list[Reply]:
        """The replies of one turn, in order. Raises RasaUnavailable or TurnFailed."""
        body = {
            "sender": f"account-{turn.message.account_id}",
            "message_id": str(turn.message.id),
            "text": turn.text,
            "intent": intent_of(turn.button.payload) if turn.button else None,
            "now": turn.message.at.isoformat(),
        }
        try:
            async with self._http.post(f"{self._url}/webhooks/ketang/webhook", json=body) as response:
                if response.status == 401:  # the two disagree on the token: no fault of the message
                    raise RasaUnavailable("token refused")
                if response.status != 200:
                    raise TurnFailed(f"status {response.status}")
                answer = await response.json()
        except (aiohttp.ClientError, TimeoutError) as error:
            raise RasaUnavailable(type(error).__name__) from error
        return [_reply(message) for message in answer["messages"]]

    async def ready(self) -> bool:
        try:
            async with self._http.get(f"{self._url}/webhooks/ketang/", timeout=_READY_TIMEOUT) as response:
                return response.status == 200
        except (aiohttp.ClientError, TimeoutError):
            return False

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    @property
    def _http(self) -> aiohttp.ClientSession:
        if self._session is None:  # made here because it belongs to the running loop
            self._session = aiohttp.ClientSession(headers=self._headers, timeout=_TIMEOUT)
        return self._session


def intent_of(payload: str) -> dict[str, Any]:
    """`/inform?area_code=nb-1`, as domain.yml writes it, as name and entities."""
    name, _, query = payload.removeprefix("/").partition("?")
    return {"name": name, "entities": dict(parse_qsl(query))}


def _reply(message: dict[str, Any]) -> Reply:
    buttons = tuple(Button(b["title"], b["payload"]) for b in message.get("buttons") or ())
    return Reply(text=message.get("text") or "", buttons=buttons)
