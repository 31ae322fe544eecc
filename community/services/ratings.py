"""评价归档: was it really solved, how content are people, and asking some of them again 回访."""

from community.core.cases import Case, CaseEvent, EventKind
from community.core.errors import BadRating
from community.core.messages import clean
from community.core.ratings import SCORES
from community.core.workflow import Actor, Move, Status
from community.services.cases import change_status
from community.services.ports import UnitOfWork
from community.services.record import history_of, record
from community.services.reporter import RATEABLE


async def confirm_solved(uow: UnitOfWork, case: Case) -> Case:
    """The resident says that it is solved: the case is archived and may be rated. Raises as change_status."""
    move = Move(to=Status.ARCHIVED, actor=Actor.RESIDENT)
    return await change_status(uow, case.id, case.version, move, actor_name="")


async def rate_case(uow: UnitOfWork, case: Case, score: int, words: str) -> Case:
    """1 to 5; who rates again changes their mind. Raises BadRating also before there is something to rate."""
    if score not in SCORES or case.status not in RATEABLE:
        raise BadRating(f"{score} for a case that is {case.status}")
    rated = CaseEvent(
        case_id=case.id,
        kind=EventKind.RATED,
        at=uow.now(),
        actor=Actor.RESIDENT,
        note=clean(words),
        data={"score": score},
    )
    await record(uow, case, await history_of(uow, case), rated)
    await uow.commit()
    return case
