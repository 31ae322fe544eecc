"""Which of the asker's own cases is meant, and how to let them choose."""

from collections.abc import Collection, Iterable

from actions.heard import Heard
from community.core.cases import Case
from community.core.errors import NotFound
from community.core.messages import Button
from community.core.workflow import Status
from community.services.ports import UnitOfWork
from community.services.reporter import own_case, own_cases


async def meant(uow: UnitOfWork, said: Heard, statuses: Collection[Status]) -> list[Case]:
    """The numbered one, whatever its state; else all that could be meant, those of the same subject first."""
    if said.case_number is None:
        found = await own_cases(uow, said.account_id, statuses)
        return sorted(found, key=lambda case: case.service_code != said.service_code)
    try:
        return [await own_case(uow, said.account_id, said.case_number)]
    except NotFound:
        return []


def as_buttons(buttons: Iterable[Button]) -> list[dict[str, str]]:
    """In Rasa's form."""
    return [{"title": button.title, "payload": button.payload} for button in buttons]
