"""The slots of a report under way; one place knows their names."""

from typing import Any

from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.interfaces import Tracker

from actions.heard import Heard
from actions.places import address_of, area_of
from community.core.areas import Areas
from community.core.cases import AppealType, CaseDraft, Guess, Source, Urgency

FORM = "report_issue_form"
SLOTS = (
    "description",
    "service_code",
    "appeal_type",
    "urgency",
    "confidence",
    "alternatives",
    "novelty",
    "area_code",
    "address",
    "area_attempts",
    "offered",
    "revising",
    "confirmation",
)
CONFIRMED = "confirmed"
NO_AREA = ""  # filled, so that the form goes on, but naming no neighbourhood


def first_slots(said: Heard, areas: Areas, home: str | None) -> dict[str, Any]:
    """All slots at the start of a report; `home` is the neighbourhood this resident named before."""
    return dict.fromkeys(SLOTS) | {
        "description": said.text,
        "service_code": said.service_code,
        "appeal_type": said.appeal_type.value,
        "urgency": said.urgency.value,
        "confidence": said.confidence,
        "alternatives": [[guess.service_code, guess.confidence] for guess in said.alternatives],
        "novelty": said.novelty,
        "area_code": area_of(said, areas) or home,
        "address": address_of(said, areas),
    }


def draft_from(slots: dict[str, Any], said: Heard, source: Source) -> CaseDraft:
    return CaseDraft(
        account_id=said.account_id,
        origin=said.origin,
        description=slots["description"],
        service_code=slots["service_code"],
        area_code=slots["area_code"] or None,
        address=slots["address"] or "",
        appeal_type=AppealType(slots["appeal_type"]),
        urgency=Urgency(slots["urgency"]),
        confidence=slots["confidence"],
        alternatives=tuple(Guess(code, confidence) for code, confidence in slots["alternatives"] or ()),
        novelty=slots["novelty"],
        source=source,
    )


def current(tracker: Tracker) -> dict[str, Any]:
    return {name: tracker.get_slot(name) for name in SLOTS}


def set_slots(values: dict[str, Any]) -> list[EventType]:
    return [SlotSet(name, value) for name, value in values.items()]


def clear() -> list[EventType]:
    return set_slots(dict.fromkeys(SLOTS))
