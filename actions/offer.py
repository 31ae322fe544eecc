"""Before a report is sent: perhaps a neighbour has told the same, and it can be joined instead."""

import re
from typing import Any

from rasa_sdk.executor import CollectingDispatcher

from actions.desk import Desk
from actions.heard import Heard
from actions.support import join, open_elsewhere
from community.core.cases import AppealType, Urgency
from community.services.wording import case_words, place_words

OFFER = "support"  # what is being asked, in the slot `revising`
_JOINS = frozenset({"affirm", "support_case"})
_NEVER_SHARED = frozenset({AppealType.ENQUIRY, AppealType.PRAISE})
_OFF = re.compile("取消|不报|算了")  # 不是一回事 goes on with the report, these call it off


def may_offer(slots: dict[str, Any]) -> bool:
    """Once a report; in danger and for questions and thanks never."""
    shared = slots["appeal_type"] not in _NEVER_SHARED and slots["urgency"] != Urgency.EMERGENCY
    return shared and not slots["offered"] and not slots["revising"]


async def offer_support(
    desk: Desk, dispatcher: CollectingDispatcher, account_id: int, slots: dict[str, Any]
) -> str | None:
    """The number of the case that was offered; None when neighbours have told nothing like it."""
    about = slots["description"], slots["service_code"], slots["area_code"] or None, slots["address"] or ""
    async with desk.open_uow() as uow:
        likely = await open_elsewhere(uow, account_id, *about)
    if not likely:
        return None
    own_place = place_words(desk.reference, slots["area_code"], slots["address"] or "")  # not the neighbour's door
    words = case_words(desk.reference, likely[0]) | {"place": own_place, "description": ""}
    dispatcher.utter_message(response="utter_offer_support", count=likely[0].supporters + 1, **words)
    return likely[0].number


async def take_offer(desk: Desk, dispatcher: CollectingDispatcher, said: Heard, number: str) -> dict[str, Any] | None:
    """The slots that an answer to the offer fills; None when the words are none."""
    if said.places:
        return None
    if said.intent in _JOINS:
        joined = await join(desk, dispatcher, said.case_number or number, said.account_id)
        return {"confirmation": None, "requested_slot": None} if joined else {"revising": None}
    if said.intent == "deny" and not _OFF.search(said.text):
        return {"revising": None}
    return None
