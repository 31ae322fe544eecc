"""Two reports of the same matter 并案: one goes on, the other one's reporter hears what happens to it."""

from dataclasses import replace

from community.core.cases import Case, CaseEvent, EventKind
from community.core.errors import BadTarget
from community.core.history import History, replay
from community.core.workflow import FINISHED, Actor, Move, Status
from community.services.ports import UnitOfWork
from community.services.record import history_of, record


async def merge_target(uow: UnitOfWork, case: Case, move: Move) -> Case | None:
    """The case to merge into, None for other steps. Raises BadTarget unless it is another one, still open."""
    if move.to is not Status.MERGED:
        return None
    target = await uow.cases.by_number(move.into)
    if target is None or target.id == case.id or target.status in FINISHED:
        raise BadTarget(move.into)
    return target


async def absorb(uow: UnitOfWork, target: Case, merged: Case, history: History, actor_name: str) -> None:
    """Everybody who waits for the merged case becomes a supporter of the other."""
    event = CaseEvent(
        case_id=target.id,
        kind=EventKind.ABSORBED,
        at=uow.now(),
        actor=Actor.DISPATCHER,
        actor_name=actor_name,
        data={"number": merged.number},
    )
    joined = await history_of(uow, target)
    people = sorted({merged.account_id, *history.supporters} - {target.account_id} - joined.supporters)
    supported = [replace(event, kind=EventKind.SUPPORTED, data={"account": one, "by": merged.number}) for one in people]
    await record(uow, target, joined, event, *supported)


async def split_off(uow: UnitOfWork, split: CaseEvent, case: Case, actor_name: str) -> None:
    """Undoes the merging: those who came with the case leave with it."""
    merge = [e for e in await uow.cases.events(case.id) if e.to_status is Status.MERGED][-1]
    target = await uow.cases.by_number(merge.data.get("into", ""))  # unnamed in cases merged long ago
    if target is None:
        return
    events = await uow.cases.events(target.id)
    came = _came_with(case, events)
    event = replace(split, case_id=target.id, kind=EventKind.SPLIT_OFF, from_status=None, to_status=None)
    left = [replace(event, kind=EventKind.UNSUPPORTED, note="", data={"account": e.data["account"]}) for e in came]
    await record(
        uow, target, replay(events), replace(event, actor_name=actor_name, data={"number": case.number}), *left
    )


def _came_with(case: Case, events: list[CaseEvent]) -> list[CaseEvent]:
    """Since it was absorbed last: who came with it before may have come back on their own."""
    absorbed = [e.id for e in events if e.kind is EventKind.ABSORBED and e.data["number"] == case.number]
    return [e for e in events if e.data.get("by") == case.number and e.id > absorbed[-1]]
