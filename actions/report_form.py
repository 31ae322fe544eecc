"""How an answer inside the report form is taken. No event means: not an answer, let the dialogue handle it."""

import re
from typing import Any

from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker
from rasa_sdk.types import DomainDict

from actions import report_slots
from actions.desk import DeskAction
from actions.details import add_to_emergency
from actions.heard import Heard, heard
from actions.offer import OFFER, take_offer
from actions.places import address_of, area_of
from actions.report_slots import CONFIRMED, NO_AREA

# Said in the middle of a report, these are answered by rules, and the form goes on afterwards.
INTERRUPTIONS = frozenset(
    {
        "ask_case_progress",
        "ask_help",
        "ask_human",
        "ask_poll_result",
        "cast_vote",
        "greet",
        "join_deliberation",
        "rate_service",
        "reopen_case",
        "start_poll",
        "support_case",
        "thanks_bye",
        "withdraw_case",
    }
)
MORE_TO_SAY = frozenset({"report_issue", "make_suggestion", "make_wish", "ask_service_info"})
PATIENCE = 2  # times we ask for a neighbourhood before taking the words as they are
_WRONG_NOT_OFF = re.compile("不对|不是|错|改")  # 不对 asks for a change, 取消 calls it off; both are denials


class ValidateReportIssueForm(DeskAction):
    def name(self) -> str:
        return "validate_report_issue_form"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        said = heard(tracker, self.desk.reference.taxonomy)
        requested = tracker.get_slot("requested_slot")
        if requested is None or said.is_emergency:
            return []
        slots = report_slots.current(tracker)
        answer = await self._answer(dispatcher, said, slots, requested)
        number = tracker.get_slot("emergency_number")
        if number and said.places:  # an emergency came in between, and this is where it is
            await add_to_emergency(self.desk, dispatcher, number, said)
            answer.append(SlotSet("emergency_number", None))
        return answer

    async def _answer(
        self, dispatcher: CollectingDispatcher, said: Heard, slots: dict[str, Any], requested: str
    ) -> list[EventType]:
        if requested == "area_code":
            return self._area(dispatcher, said, slots)
        if slots["revising"] == OFFER:
            taken = await take_offer(self.desk, dispatcher, said, slots["offered"])
            if taken is not None:
                return report_slots.set_slots(taken)
        return self._confirmation(dispatcher, said, slots)

    def _area(self, dispatcher: CollectingDispatcher, said: Heard, slots: dict[str, Any]) -> list[EventType]:
        found = self._told(said, slots)
        if not found and (said.intent == "deny" or _takes_it_back(said)):
            return self._call_off(dispatcher)
        if not found and said.intent in INTERRUPTIONS:
            return []
        if "area_code" not in found and found.keys() != {"description"}:
            found = self._without_area(said, slots) | found
        return report_slots.set_slots(found)

    def _without_area(self, said: Heard, slots: dict[str, Any]) -> dict[str, Any]:
        """No neighbourhood that we know, perhaps one that no list has: ask again, in the end take the words."""
        attempts = (slots["area_attempts"] or 0) + 1
        if attempts < PATIENCE:
            return {"area_attempts": attempts}
        return {"area_code": NO_AREA, "address": _joined(slots["address"], said.text)}

    def _confirmation(self, dispatcher: CollectingDispatcher, said: Heard, slots: dict[str, Any]) -> list[EventType]:
        if said.pressed:
            return report_slots.set_slots(self._chosen(said))
        if _takes_it_back(said):
            return self._call_off(dispatcher)
        if said.intent in INTERRUPTIONS:
            return []
        if said.intent == "affirm" and not said.places:
            # nothing is sent unseen: in the middle of a change the card comes again
            return [SlotSet("revising", None) if slots["revising"] else SlotSet("confirmation", CONFIRMED)]
        denied = said.intent == "deny" and not said.places
        if denied and not _WRONG_NOT_OFF.search(said.text):
            return self._call_off(dispatcher)
        if slots["revising"] == "description":
            return report_slots.set_slots({"description": said.text, "revising": None})
        if denied:  # 不改了 leads back to the card
            return [SlotSet("revising", None if slots["revising"] else "choose")]
        return self._changed(said, slots)

    def _chosen(self, said: Heard) -> dict[str, Any]:
        """A part picked for change by button, or the new value itself."""
        if service_code := said.pressed.get("service_code"):
            return {"service_code": service_code, "revising": None}
        if said.pressed.get("part") == "place":
            return {"area_code": None, "address": None, "area_attempts": None, "revising": None}
        return {"revising": said.pressed.get("part", "choose")}

    def _changed(self, said: Heard, slots: dict[str, Any]) -> list[EventType]:
        """Free words while the card is shown: a new place, another subject, or simply more to say."""
        changes = self._told(said, slots)
        if not changes and said.intent == "correct_report":
            return [SlotSet("revising", "choose")]
        if not changes and said.intent == "inform":
            changes = {"description": _joined(slots["description"], said.text)}
        if changes and slots["revising"]:
            changes["revising"] = None
        return report_slots.set_slots(changes)

    def _told(self, said: Heard, slots: dict[str, Any]) -> dict[str, Any]:
        """The slots that these words fill by themselves, whatever was asked."""
        filled = self._places(said, slots)
        if said.intent in MORE_TO_SAY:
            filled["description"] = _joined(slots["description"], said.text)
        return filled

    def _places(self, said: Heard, slots: dict[str, Any]) -> dict[str, Any]:
        """The slots that the places in these words fill; a correction replaces, anything else adds."""
        areas = self.desk.reference.areas
        filled: dict[str, Any] = {}
        before, old_area = slots["address"] or "", areas.name(slots["area_code"])
        if area := area_of(said, areas):
            filled["area_code"] = area
            if area != slots["area_code"] and old_area and old_area in before:
                before = filled["address"] = before.replace(old_area, "")
        if address := address_of(said, areas):
            replaces = said.intent in ("correct_report", "deny") or slots["revising"] == "choose"
            filled["address"] = address if replaces else _joined(before, address)
        return filled

    def _call_off(self, dispatcher: CollectingDispatcher) -> list[EventType]:
        dispatcher.utter_message(response="utter_report_called_off")
        return [SlotSet("confirmation", None), SlotSet("requested_slot", None)]


def _takes_it_back(said: Heard) -> bool:
    """不报了, in the middle of a report, means this one and no case of before."""
    return said.intent == "withdraw_case" and not said.case_number and not said.places


def _joined(before: str | None, addition: str) -> str:
    if not before or before in addition:
        return addition
    return before if addition in before else f"{before}，{addition}"
