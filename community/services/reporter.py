"""What the reporter of a case may do with it: have it dealt with again, or take it back."""

from collections.abc import Collection
from datetime import timedelta

from community.core.cases import Case
from community.core.errors import NotFound
from community.core.workflow import Actor, Move, Status, starts
from community.services.cases import RECENT, change_status
from community.services.ports import UnitOfWork
from community.services.record import history_of

REOPENABLE = starts(Status.REOPENED, Actor.RESIDENT)
WITHDRAWABLE = starts(Status.WITHDRAWN, Actor.RESIDENT)
RATEABLE = frozenset({Status.VERIFIED, Status.ARCHIVED})
_LATELY = timedelta(days=30)
_JUST_NOW = timedelta(minutes=30)
_LOOKED_AT = 50


async def own_case(uow: UnitOfWork, account_id: int, number: str) -> Case:
    """Raises NotFound, also for somebody else's."""
    case = await uow.cases.by_number(number)
    if case is None or case.account_id != account_id:
        raise NotFound(number)
    return case


async def own_cases(uow: UnitOfWork, account_id: int, statuses: Collection[Status]) -> list[Case]:
    """Those in one of these states, the newest first; what ended long ago only when there is nothing newer."""
    own = [case for case in await uow.cases.of_account(account_id, _LOOKED_AT) if case.status in statuses]
    lately = [case for case in own if case.ended_at is None or uow.now() - case.ended_at <= _LATELY]
    return (lately or own[:1])[:RECENT]


async def asked_about(uow: UnitOfWork, account_id: int) -> Case | None:
    """The newest of their cases about which staff asked them something."""
    own = await uow.cases.of_account(account_id, _LOOKED_AT)
    return next((case for case in own if case.waiting), None)


async def just_reopened(uow: UnitOfWork, account_id: int) -> Case | None:
    """The case they reopened within the last half hour, when we asked them what is still wrong."""
    own = await uow.cases.of_account(account_id, _LOOKED_AT)
    case = next((case for case in own if case.status is Status.REOPENED), None)
    if case is None or uow.now() - (await history_of(uow, case)).changed_at > _JUST_NOW:
        return None
    return case


async def reopen_case(uow: UnitOfWork, case: Case, reason: str) -> Case:
    """It was not solved: a new round, one level higher. Twice is once. Raises as change_status."""
    if case.status is Status.REOPENED:
        return case
    return await _move(uow, case, Status.REOPENED, reason)


async def withdraw_case(uow: UnitOfWork, case: Case, reason: str = "") -> Case:
    """Nobody need deal with it any more. Twice is once. Raises as change_status."""
    if case.status is Status.WITHDRAWN:
        return case
    return await _move(uow, case, Status.WITHDRAWN, reason)


async def _move(uow: UnitOfWork, case: Case, to: Status, note: str) -> Case:
    move = Move(to=to, actor=Actor.RESIDENT, note=note)
    return await change_status(uow, case.id, case.version, move, actor_name="")
