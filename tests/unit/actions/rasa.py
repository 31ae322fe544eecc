"""Rasa's side of an action call: the tracker as nlu/ leaves it, and what came back."""

from dataclasses import dataclass
from typing import Any

from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Action, Tracker
from rasa_sdk.types import DomainDict

Said = dict[str, Any]


def said(text: str, intent: str = "inform", *places: dict[str, Any], **understood: Any) -> Said:
    """A typed message as nlu/understand.py parses it; each test names only what it is about."""
    return {
        "text": text,
        "message_id": "7",
        "intent": {"name": intent, "confidence": 0.9},
        "entities": [{"entity": "place", "value": place["text"], "extractor": "Understanding"} for place in places],
        "places": list(places),
        **understood,
    }


def pressed(title: str, intent: str, **entities: str) -> Said:
    """A button as nlu/channel.py passes it on: nothing of it was parsed."""
    return {
        "text": title,
        "message_id": "7",
        "intent": {"name": intent, "confidence": 1.0},
        "entities": [{"entity": name, "value": value, "extractor": "button"} for name, value in entities.items()],
    }


def place(text: str, code: str | None = None, kind: str = "building") -> dict[str, Any]:
    return {"text": text, "kind": kind, "resolved": {"code": code, "name": text, "kind": kind} if code else None}


def tracker(message: Said, slots: dict[str, Any] | None = None, *, asked: str | None = None, by: int = 1) -> Tracker:
    return Tracker.from_dict(
        {
            "sender_id": f"account-{by}",
            "slots": {**(slots or {}), "requested_slot": asked},
            "latest_message": message,
            "events": [],
            "paused": False,
            "followup_action": None,
            "active_loop": {"name": "report_issue_form"} if asked else {},
            "latest_action_name": "action_listen",
        }
    )


@dataclass(frozen=True)
class Answer:
    events: list[EventType]
    messages: list[dict[str, Any]]

    @property
    def slots(self) -> dict[str, Any]:
        return {event["name"]: event["value"] for event in self.events if event["event"] == "slot"}

    @property
    def followups(self) -> list[str]:
        return [event["name"] for event in self.events if event["event"] == "followup"]

    @property
    def responses(self) -> list[str]:
        return [message["response"] for message in self.messages]


async def run(action: Action, at: Tracker) -> Answer:
    dispatcher = CollectingDispatcher()
    events = await action.run(dispatcher, at, DomainDict({}))
    return Answer(list(events), dispatcher.messages)
