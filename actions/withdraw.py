"""Nobody need come any more."""

from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker
from rasa_sdk.types import DomainDict

from actions.desk import DeskAction
from actions.heard import heard
from actions.own_cases import as_buttons, meant
from community.core.cases import Case
from community.core.errors import TransitionNotAllowed
from community.services.ports import UnitOfWork
from community.services.reporter import WITHDRAWABLE, withdraw_case
from community.services.wording import case_buttons, case_text


class WithdrawCase(DeskAction):
    def name(self) -> str:
        return "action_withdraw_case"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        said = heard(tracker, self.desk.reference.taxonomy)
        async with self.desk.open_uow() as uow:
            cases = await meant(uow, said, WITHDRAWABLE)
            if len(cases) == 1:
                dispatcher.utter_message(text=await self._withdrawn(uow, cases[0], said.text))
                return []
        if cases:
            buttons = as_buttons(case_buttons(self.desk.reference, "withdraw", cases))
            dispatcher.utter_message(response="utter_which_to_withdraw", buttons=buttons)
        else:
            dispatcher.utter_message(response="utter_nothing_to_withdraw")
        return []

    async def _withdrawn(self, uow: UnitOfWork, case: Case, words: str) -> str:
        try:
            return case_text(self.desk.reference, "withdrawn", await withdraw_case(uow, case, words))
        except TransitionNotAllowed:
            return case_text(self.desk.reference, "too_late", case)
