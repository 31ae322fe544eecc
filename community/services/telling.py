"""Telling the reporter of a case, and everybody who supports it, what became of it."""

from community.core.cases import Case
from community.core.history import History
from community.core.messages import Reply
from community.services.messages import say
from community.services.ports import UnitOfWork
from community.services.residents import account_of


async def tell(uow: UnitOfWork, case: Case, history: History, reply: Reply) -> None:
    """Joins the transaction under way. Only the reporter is offered buttons: it is their case to close or reopen."""
    await say_to(uow, case.account_id, reply)
    for account_id in sorted(history.supporters - {case.account_id}):
        await say_to(uow, account_id, Reply(reply.text))


async def say_to(uow: UnitOfWork, account_id: int, reply: Reply) -> None:
    """A message to whoever can be reached; other systems read the state of their cases by themselves."""
    if (await account_of(uow, account_id)).converses:
        await say(uow, account_id, reply, deliver=True)
