"""Bare facts outside any form: the missing place of an emergency, or nothing we can use yet."""

from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker
from rasa_sdk.types import DomainDict

from actions.desk import DeskAction
from actions.heard import heard
from community.services.cases import add_details, progress


class AddDetails(DeskAction):
    def name(self) -> str:
        return "action_add_details"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        number = tracker.get_slot("emergency_number")
        if number is None:
            dispatcher.utter_message(response="utter_ask_what_happened")
            return []
        said = heard(tracker, self.desk.reference.taxonomy)
        async with self.desk.open_uow() as uow:
            known = await progress(uow, said.account_id, number=number, service_codes=[])
            for history in known:  # one, or none when the case is no longer there
                await add_details(uow, history.case, said.text)
        if known:
            dispatcher.utter_message(response="utter_details_added", number=number)
        else:
            dispatcher.utter_message(response="utter_ask_what_happened")
        return [SlotSet("emergency_number", None)]
