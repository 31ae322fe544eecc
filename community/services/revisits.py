"""回访: asking people again whether it was really solved, after their case was archived."""

from community.core.cases import Case, CaseEvent, EventKind
from community.core.errors import TransitionNotAllowed
from community.core.messages import clean
from community.core.workflow import Actor, Move, Status
from community.services.cases import change_status
from community.services.ports import UnitOfWork
from community.services.record import case_at, history_of, record


async def record_revisit(
    uow: UnitOfWork, case_id: int, version: int, *, content: bool, note: str, actor_name: str
) -> Case:
    """Keeps what was answered; whoever is not content has the case reopened, with the note as reason.

    Raises NotFound, StaleCase, TransitionNotAllowed before it is archived, NoteRequired for a reopening without words.
    """
    case = await case_at(uow, case_id, version)
    if case.status is not Status.ARCHIVED:
        raise TransitionNotAllowed(f"{case.number} is {case.status}")
    asked = CaseEvent(
        case_id=case.id,
        kind=EventKind.REVISITED,
        at=uow.now(),
        actor=Actor.INSPECTOR,
        actor_name=actor_name,
        note=clean(note),
        data={"content": content},
    )
    await record(uow, case, await history_of(uow, case), asked)
    if content:
        await uow.commit()
        return case
    move = Move(to=Status.REOPENED, actor=Actor.INSPECTOR, note=note)
    return await change_status(uow, case.id, case.version, move, actor_name=actor_name)
