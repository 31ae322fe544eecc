"""A report from the first sentence to the case number."""

from dataclasses import replace
from typing import Any

from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker
from rasa_sdk.types import DomainDict

from actions import report_slots
from actions.desk import DeskAction
from actions.heard import Heard, account_id, heard
from actions.offer import OFFER, may_offer, offer_support
from actions.own_cases import as_buttons
from actions.places import area_of
from actions.report_slots import CONFIRMED, FORM
from community.core.cases import Case
from community.services.binding import source_of
from community.services.cases import open_case
from community.services.ports import UnitOfWork
from community.services.positions import area_buttons, area_choices, located_now, position_for
from community.services.residents import resident_of
from community.services.wording import case_words, place_words

# What to do at once, by what has happened; any other danger gets the general words.
EMERGENCY_RESPONSES = {
    "gas_leak": "utter_emergency_gas",
    "fire": "utter_emergency_fire",
    "person_in_danger": "utter_emergency_person",
    "infrastructure_emergency": "utter_emergency_facility",
}


async def open_report(uow: UnitOfWork, slots: dict[str, Any], said: Heard) -> Case:
    """The case of what stands in the slots, told by whoever speaks."""
    draft = report_slots.draft_from(slots, said, await source_of(uow, said.account_id))
    if position := await position_for(uow, said.account_id, draft.area_code):
        draft = replace(draft, longitude=position[0], latitude=position[1])
    return await open_case(uow, draft)


class StartReport(DeskAction):
    def name(self) -> str:
        return "action_start_report"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        said = heard(tracker, self.desk.reference.taxonomy)
        async with self.desk.open_uow() as uow:
            here = (await located_now(uow, said.account_id)).area_code
            home = (await resident_of(uow, said.account_id)).area_code
        slots = report_slots.first_slots(said, self.desk.reference.areas, here or home)
        if said.is_emergency:
            return await self._open_at_once(dispatcher, said, slots)
        return [*report_slots.set_slots(slots), FollowupAction(FORM)]

    async def _open_at_once(
        self, dispatcher: CollectingDispatcher, said: Heard, slots: dict[str, Any]
    ) -> list[EventType]:
        """Danger to life waits for no form: whom to call comes first, the case is opened with what is known."""
        dispatcher.utter_message(response=EMERGENCY_RESPONSES.get(said.service_code, "utter_emergency_general"))
        async with self.desk.open_uow() as uow:
            case = await open_report(uow, slots, said)
        areas = self.desk.reference.areas  # the neighbourhood of old is a guess
        told_where = case.address or case.longitude is not None or area_of(said, areas)
        response = "utter_emergency_noted" if told_where else "utter_emergency_where"
        dispatcher.utter_message(response=response, number=case.number)
        return [SlotSet("emergency_number", None if told_where else case.number)]


class AskArea(DeskAction):
    def name(self) -> str:
        return "action_ask_report_issue_form_area_code"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        said = heard(tracker, self.desk.reference.taxonomy)
        async with self.desk.open_uow() as uow:
            choices = await area_choices(uow, said.account_id, filter(None, (place.code for place in said.places)))
        if choices:
            buttons = as_buttons(area_buttons(self.desk.reference, choices))
            dispatcher.utter_message(response="utter_ask_which_area", buttons=buttons)
            return []
        asked_before = bool(tracker.get_slot("area_attempts"))
        dispatcher.utter_message(response="utter_area_not_found" if asked_before else "utter_ask_area")
        return []


class AskConfirmation(DeskAction):
    """Reads the card back, or asks for the part that is being changed."""

    def name(self) -> str:
        return "action_ask_report_issue_form_confirmation"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        slots = report_slots.current(tracker)
        if may_offer(slots) and (number := await offer_support(self.desk, dispatcher, account_id(tracker), slots)):
            return [SlotSet("offered", number), SlotSet("revising", OFFER)]
        match slots["revising"]:
            case "choose":
                dispatcher.utter_message(response="utter_ask_which_part")
            case "description":
                dispatcher.utter_message(response="utter_ask_new_description")
            case "service_code":
                dispatcher.utter_message(response="utter_ask_which_service", buttons=self._services(slots))
            case _:
                self._card(dispatcher, slots)
        return (
            [SlotSet("revising", None)] if slots["revising"] == OFFER else []
        )  # who was interrupted is not asked again

    def _services(self, slots: dict[str, Any]) -> list[dict[str, str]]:
        taxonomy = self.desk.reference.taxonomy
        codes = [code for code, _ in slots["alternatives"] or () if code != slots["service_code"]]
        return [
            {"title": taxonomy[code].name, "payload": f"/correct_report?service_code={code}"}
            for code in dict.fromkeys([*codes, "other"])
        ]

    def _card(self, dispatcher: CollectingDispatcher, slots: dict[str, Any]) -> None:
        reference = self.desk.reference
        dispatcher.utter_message(
            response="utter_ask_report_issue_form_confirmation",
            service_name=reference.taxonomy[slots["service_code"]].name,
            place=place_words(reference, slots["area_code"], slots["address"] or ""),
            words=slots["description"],
        )


class SubmitCase(DeskAction):
    def name(self) -> str:
        return "action_submit_case"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        slots = report_slots.current(tracker)
        if slots["confirmation"] == CONFIRMED:
            said = heard(tracker, self.desk.reference.taxonomy)
            async with self.desk.open_uow() as uow:
                case = await open_report(uow, slots, said)
            dispatcher.utter_message(response="utter_case_submitted", **case_words(self.desk.reference, case))
        return report_slots.clear()
