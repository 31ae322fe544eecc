"""Bare facts outside any form: the missing place of an emergency, what staff asked, or nothing we can use yet."""

from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker
from rasa_sdk.types import DomainDict

from actions.desk import Desk, DeskAction
from actions.heard import Heard, heard
from community.services.cases import add_details, progress
from community.services.reporter import asked_about, just_reopened

BARE = frozenset({"affirm", "deny"})  # no facts by themselves


class AddDetails(DeskAction):
    def name(self) -> str:
        return "action_add_details"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        said = heard(tracker, self.desk.reference.taxonomy)
        number = tracker.get_slot("emergency_number")
        if number is not None and await add_to_emergency(self.desk, dispatcher, number, said):
            return [SlotSet("emergency_number", None)]
        if not await answer_question(self.desk, dispatcher, said):
            bare = said.intent in BARE
            dispatcher.utter_message(response="utter_anything_else" if bare else "utter_ask_what_happened")
        return [SlotSet("emergency_number", None)] if number else []


async def answer_question(desk: Desk, dispatcher: CollectingDispatcher, said: Heard) -> bool:
    """Takes the words as the answer to what staff, or we after a reopening, asked; False when nobody did."""
    async with desk.open_uow() as uow:
        case = await asked_about(uow, said.account_id)
        if case is None and said.intent not in BARE:
            case = await just_reopened(uow, said.account_id)
        if case is None:
            return False
        await add_details(uow, case, said.text)
    dispatcher.utter_message(response="utter_question_answered", number=case.number)
    return True


async def add_to_emergency(desk: Desk, dispatcher: CollectingDispatcher, number: str, said: Heard) -> bool:
    """Adds the words to the asker's emergency and says so; False when that case is no longer there."""
    async with desk.open_uow() as uow:
        known = await progress(uow, said.account_id, number=number, service_codes=[])
        for history in known:  # one or none
            await add_details(uow, history.case, said.text)
    if known:
        dispatcher.utter_message(response="utter_details_added", number=number)
    return bool(known)
