"""How content somebody is, in their own words."""

from datetime import datetime

from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker
from rasa_sdk.types import DomainDict

from actions.desk import DeskAction
from actions.heard import heard
from actions.own_cases import as_buttons, meant
from community.core.cases import Case
from community.core.errors import BadRating
from community.services.ports import UnitOfWork
from community.services.ratings import rate_case
from community.services.reporter import RATEABLE
from community.services.wording import case_text, case_words, rated_reply, rating_buttons


class RateService(DeskAction):
    def name(self) -> str:
        return "action_rate_service"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        said = heard(tracker, self.desk.reference.taxonomy)
        score = self.desk.reference.rating_words.score(said.text)
        async with self.desk.open_uow() as uow:
            cases = await meant(uow, said, RATEABLE)
            if not cases:
                dispatcher.utter_message(response="utter_nothing_to_rate")
            elif score is None:
                self._ask(dispatcher, _latest(cases, uow.now()))
            else:
                dispatcher.utter_message(text=await self._rated(uow, _latest(cases, uow.now()), score, said.text))
        return []

    def _ask(self, dispatcher: CollectingDispatcher, case: Case) -> None:
        reference = self.desk.reference
        buttons = as_buttons(rating_buttons(reference, case))
        dispatcher.utter_message(response="utter_ask_rating", buttons=buttons, **case_words(reference, case))

    async def _rated(self, uow: UnitOfWork, case: Case, score: int, words: str) -> str:
        try:
            return rated_reply(self.desk.reference, await rate_case(uow, case, score, words), score).text
        except BadRating:  # named by its number before it was dealt with
            return case_text(self.desk.reference, "too_late", case)


def _latest(cases: list[Case], now: datetime) -> Case:
    """The one dealt with last, whether it was rated or not: a turn that comes again must mean the same one."""
    return max(cases, key=lambda case: (case.ended_at or now, case.id))
