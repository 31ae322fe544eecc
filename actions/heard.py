"""The latest message as the actions use it: what nlu/ or a pressed button put into Rasa's tracker."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from rasa_sdk.interfaces import Tracker

from community.core.cases import AppealType, Guess, Urgency
from community.core.taxonomy import Taxonomy

_CASE_NUMBER = re.compile(r"KT\d{8}-\d{4,}", re.IGNORECASE)
_NOT = "(?<!是)不(?:是在|是|在)"  # 不是3号楼, but not the question 是不是3号楼


@dataclass(frozen=True)
class Place:
    text: str
    kind: str
    code: str | None


@dataclass(frozen=True)
class Heard:
    account_id: int
    origin: str
    intent: str
    text: str
    service_code: str
    confidence: float | None
    alternatives: tuple[Guess, ...]
    novelty: float | None
    appeal_type: AppealType
    urgency: Urgency
    places: tuple[Place, ...]
    pressed: dict[str, str]  # what the pressed button carried; empty for typed text

    @property
    def case_number(self) -> str | None:
        found = _CASE_NUMBER.search(unicodedata.normalize("NFKC", self.text))  # also typed full-width
        return found.group().upper() if found else None

    @property
    def is_emergency(self) -> bool:
        return self.urgency is Urgency.EMERGENCY


def heard(tracker: Tracker, taxonomy: Taxonomy) -> Heard:
    message = tracker.latest_message
    code = message.get("service_code")
    return Heard(
        account_id=account_id(tracker),
        origin=f"message:{message.get('message_id')}",
        intent=(message.get("intent") or {}).get("name") or "",
        text=message.get("text") or "",
        service_code=str(code) if code in taxonomy else "other",
        confidence=message.get("confidence"),
        alternatives=tuple(
            Guess(guess["service_code"], guess["confidence"])
            for guess in message.get("alternatives") or ()
            if guess["service_code"] in taxonomy
        ),
        novelty=message.get("novelty"),
        appeal_type=AppealType(message.get("appeal_type") or AppealType.COMPLAINT),
        urgency=Urgency(message.get("urgency") or Urgency.ROUTINE),
        places=tuple(_place(place) for place in message.get("places") or () if not _is_denied(place, message)),
        pressed={
            entity["entity"]: entity["value"]
            for entity in message.get("entities") or ()
            if entity.get("extractor") == "button"
        },
    )


def account_id(tracker: Tracker) -> int:
    """nlu/channel.py lets only senders `account-<number>` in."""
    return int(tracker.sender_id.removeprefix("account-"))


def _is_denied(place: dict[str, Any], message: dict[str, Any]) -> bool:
    return re.search(_NOT + re.escape(place["text"]), message.get("text") or "") is not None


def _place(place: dict[str, Any]) -> Place:
    resolved = place.get("resolved") or {}
    return Place(text=place["text"], kind=place["kind"], code=resolved.get("code"))
