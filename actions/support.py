"""附议: standing by what a neighbour has told."""

from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker
from rasa_sdk.types import DomainDict

from actions.desk import Desk, DeskAction
from actions.heard import Heard, heard
from actions.own_cases import as_buttons
from actions.places import address_of, area_of
from community.core.cases import Case
from community.core.errors import NotFound, TransitionNotAllowed
from community.services.duplicates import find_duplicates
from community.services.ports import UnitOfWork
from community.services.residents import resident_of
from community.services.support import support_case
from community.services.wording import case_buttons, case_text

_LOOKED_AT = 10  # some may be the asker's own
_OFFERED = 3


class SupportCase(DeskAction):
    def name(self) -> str:
        return "action_support_case"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        said = heard(tracker, self.desk.reference.taxonomy)
        if said.case_number:
            await join(self.desk, dispatcher, said.case_number, said.account_id)
        elif cases := await self._likely(said):
            buttons = as_buttons(case_buttons(self.desk.reference, "support", cases))
            dispatcher.utter_message(response="utter_which_to_support", buttons=buttons)
        else:
            dispatcher.utter_message(response="utter_nothing_to_support")
        return []

    async def _likely(self, said: Heard) -> list[Case]:
        areas = self.desk.reference.areas
        async with self.desk.open_uow() as uow:
            area = area_of(said, areas) or (await resident_of(uow, said.account_id)).area_code
            return await open_elsewhere(
                uow, said.account_id, said.text, said.service_code, area, address_of(said, areas)
            )


async def open_elsewhere(
    uow: UnitOfWork, account_id: int, description: str, service_code: str, area_code: str | None, address: str
) -> list[Case]:
    """What neighbours have told that may be the same matter, the likeliest first."""
    found = await find_duplicates(uow, description, service_code, area_code, address, now=uow.now(), limit=_LOOKED_AT)
    return [one.case for one in found if one.case.account_id != account_id][:_OFFERED]


async def join(desk: Desk, dispatcher: CollectingDispatcher, number: str, account_id: int) -> bool:
    """Says what came of it; False when the case can no longer be joined."""
    async with desk.open_uow() as uow:
        try:
            case = await support_case(uow, number, account_id)
        except NotFound:
            dispatcher.utter_message(response="utter_no_such_case")
            return False
        except TransitionNotAllowed:
            finished = await uow.cases.by_number(number)
            assert finished is not None
            dispatcher.utter_message(text=case_text(desk.reference, "too_late", finished))
            return False
    dispatcher.utter_message(text=case_text(desk.reference, "supported", case, count=case.supporters + 1))
    return True
