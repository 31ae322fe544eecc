"""A shared position that no single neighbourhood answers to; one that does is simply its name, and goes to Rasa."""

from community.core.messages import Reply
from community.services.locate import locate_point
from community.services.messages import Turn
from community.services.ports import UnitOfWorkFactory
from community.services.positions import area_buttons


class Positions:
    def __init__(self, open_uow: UnitOfWorkFactory) -> None:
        self._open_uow = open_uow

    async def answer(self, turn: Turn) -> list[Reply] | None:
        """None when there are words to understand."""
        shared = turn.message
        if shared.longitude is None or shared.latitude is None:
            return None
        async with self._open_uow() as uow:
            reference = uow.reference
            if turn.text != reference.texts.render("position_shared"):
                return None
            located = await locate_point(uow, shared.longitude, shared.latitude)
        if not located.candidates:
            return [Reply(reference.texts.render("position_unknown"))]
        return [Reply(reference.texts.render("position_between"), area_buttons(reference, located.candidates))]
