"""Buttons under a notice: what they mean is certain, so they reach the services without Rasa."""

from collections.abc import Awaitable, Callable, Mapping

from bot.rasa import intent_of
from community.core.cases import Case
from community.core.errors import BadRating, NotFound, StaleCase, TransitionNotAllowed
from community.core.messages import Message, Reply, is_lasting
from community.core.workflow import Status
from community.services.messages import Turn
from community.services.ports import UnitOfWork, UnitOfWorkFactory
from community.services.ratings import confirm_solved, rate_case
from community.services.reporter import own_case, reopen_case, withdraw_case
from community.services.support import support_case
from community.services.wording import case_text, rated_reply, rating_buttons

_TRIES = 3  # somebody at the desk may move the case in the same moment

Values = Mapping[str, str]
Handler = Callable[[UnitOfWork, int, Values], Awaitable[Reply]]


class Presses:
    def __init__(self, open_uow: UnitOfWorkFactory) -> None:
        self._open_uow = open_uow

    async def answer(self, turn: Turn) -> list[Reply] | None:
        """None when the turn is one for Rasa. What Rasa was asking is asked again, since a turn takes its buttons."""
        if turn.button is None or not is_lasting(turn.button.payload):
            return None
        intent = intent_of(turn.button.payload)
        reply = await self._handle(HANDLERS[intent["name"]], turn.message.account_id, intent["entities"])
        return [reply, *(Reply(card.text, card.buttons) for card in turn.cards if _is_of_rasa(card))]

    async def _handle(self, handler: Handler, account_id: int, values: Values) -> Reply:
        for _ in range(_TRIES):
            async with self._open_uow() as uow:
                try:
                    return await handler(uow, account_id, values)
                except StaleCase:
                    continue
                except (TransitionNotAllowed, BadRating):
                    break
                except NotFound:
                    return Reply(uow.reference.texts.render("stale_button"))
        async with self._open_uow() as uow:
            return await _too_late(uow, values)


def _is_of_rasa(card: Message) -> bool:
    return not any(is_lasting(button.payload) for button in card.buttons)


async def _too_late(uow: UnitOfWork, values: Values) -> Reply:
    case = await uow.cases.by_number(values["number"])
    return _about(uow, "too_late", case) if case else Reply(uow.reference.texts.render("stale_button"))


async def _solved(uow: UnitOfWork, account_id: int, values: Values) -> Reply:
    case = await own_case(uow, account_id, values["number"])
    if case.status is not Status.ARCHIVED:  # the clock may have come first
        case = await confirm_solved(uow, case)
    return Reply(case_text(uow.reference, "solved_thanks", case), rating_buttons(uow.reference, case))


async def _unsolved(uow: UnitOfWork, account_id: int, values: Values) -> Reply:
    case = await own_case(uow, account_id, values["number"])
    return _about(uow, "reopened", await reopen_case(uow, case, uow.reference.texts.render("reopen_reason")))


async def _withdraw(uow: UnitOfWork, account_id: int, values: Values) -> Reply:
    case = await own_case(uow, account_id, values["number"])
    return _about(uow, "withdrawn", await withdraw_case(uow, case))


async def _rate(uow: UnitOfWork, account_id: int, values: Values) -> Reply:
    case, score = await own_case(uow, account_id, values["number"]), int(values["score"])
    if case.rating != score:
        case = await rate_case(uow, case, score, "")
    return rated_reply(uow.reference, case, score)


async def _support(uow: UnitOfWork, account_id: int, values: Values) -> Reply:
    case = await support_case(uow, values["number"], account_id)
    return _about(uow, "supported", case, count=case.supporters + 1)


def _about(uow: UnitOfWork, text_key: str, case: Case, **values: object) -> Reply:
    return Reply(case_text(uow.reference, text_key, case, **values))


HANDLERS: Mapping[str, Handler] = {
    "solved": _solved,
    "unsolved": _unsolved,
    "rate": _rate,
    "support": _support,
    "withdraw": _withdraw,
}
