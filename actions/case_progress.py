"""How does my case stand?"""

from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker
from rasa_sdk.types import DomainDict

from actions.desk import DeskAction
from actions.heard import heard
from community.services.cases import CaseHistory, progress
from community.services.wording import case_words, event_lines


class CaseProgress(DeskAction):
    def name(self) -> str:
        return "action_case_progress"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        said = heard(tracker, self.desk.reference.taxonomy)
        codes = [said.service_code, *(guess.service_code for guess in said.alternatives)]
        async with self.desk.open_uow() as uow:
            meant = await progress(uow, said.account_id, number=said.case_number, service_codes=codes)
        if not meant:
            dispatcher.utter_message(response="utter_no_case_found")
            return []
        self._tell(dispatcher, meant[0])
        for other in meant[1:]:
            dispatcher.utter_message(response="utter_case_in_brief", **case_words(self.desk.reference, other.case))
        return []

    def _tell(self, dispatcher: CollectingDispatcher, history: CaseHistory) -> None:
        lines = event_lines(self.desk.reference, history.events)
        dispatcher.utter_message(
            response="utter_case_progress",
            history="\n".join(lines),
            **case_words(self.desk.reference, history.case),
        )
