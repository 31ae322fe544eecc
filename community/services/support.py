"""附议: a neighbour stands by a case that is open already, and hears what its reporter hears."""

from community.core.cases import Case, CaseEvent, EventKind
from community.core.errors import NotFound, TransitionNotAllowed
from community.core.workflow import FINISHED, Actor
from community.services.ports import UnitOfWork
from community.services.record import history_of, record


async def support_case(uow: UnitOfWork, number: str, account_id: int) -> Case:
    """Once is enough, and one's own case has one's support already.

    Raises NotFound, and TransitionNotAllowed for a case that is finished.
    """
    case = await uow.cases.by_number(number)
    if case is None:
        raise NotFound(number)
    if case.status in FINISHED:
        raise TransitionNotAllowed(f"{number} is {case.status}")
    history = await history_of(uow, case)
    if account_id != case.account_id and account_id not in history.supporters:
        await record(uow, case, history, _event(uow, case, EventKind.SUPPORTED, account_id))
        await uow.commit()
    return case


async def withdraw_support(uow: UnitOfWork, number: str, account_id: int) -> Case:
    """Raises NotFound when there is nothing to take back."""
    case = await uow.cases.by_number(number)
    history = await history_of(uow, case) if case else None
    if case is None or history is None or account_id not in history.supporters:
        raise NotFound(number)
    await record(uow, case, history, _event(uow, case, EventKind.UNSUPPORTED, account_id))
    await uow.commit()
    return case


def _event(uow: UnitOfWork, case: Case, kind: EventKind, account_id: int) -> CaseEvent:
    return CaseEvent(case_id=case.id, kind=kind, at=uow.now(), actor=Actor.RESIDENT, data={"account": account_id})
