"""Leading a case through the loop; the parts that tests of several services share."""

from datetime import timedelta
from typing import Any

from community.core.alerts import Alert
from community.core.cases import Case, CaseEvent
from community.core.history import replay
from community.core.messages import Message
from community.core.workflow import Actor, Ground, Move, Status
from community.services.cases import change_status, open_case
from community.services.ports import UnitOfWork
from community.services.record import project
from community.services.tasks import finish_task
from tests.fakes.makers import OpenUow, a_draft

PLAIN = "home_repair"  # one unit, no photo
PARTS = {
    Status.WITHDRAWN: Actor.RESIDENT,
    Status.REOPENED: Actor.RESIDENT,
    Status.RESOLVED: Actor.HANDLER,
    Status.RETURNED: Actor.HANDLER,
    Status.SUSPENDED: Actor.HANDLER,
    Status.VERIFIED: Actor.INSPECTOR,
}


def a_move(uow: UnitOfWork, to: Status, **fields: Any) -> Move:
    """All that such a step needs; merging needs `into`."""
    values: dict[str, Any] = {"to": to, "actor": PARTS.get(to, Actor.DISPATCHER), "note": "已核实"}
    if to is Status.SUSPENDED:
        values["until"] = uow.now() + timedelta(days=3)
    if to is Status.REJECTED:
        values["ground"] = Ground.NO_FACTS
    if to is Status.RESOLVED:
        values["photos"] = ("after.jpg",)
    return Move(**{**values, **fields})


async def opened(open_uow: OpenUow, account_id: int, **fields: Any) -> Case:
    async with open_uow() as uow:
        return await open_case(uow, a_draft(account_id=account_id, **{"service_code": PLAIN, **fields}))


async def take(open_uow: OpenUow, case: Case, to: Status, **fields: Any) -> Case:
    """One step of a case as it stands now."""
    async with open_uow() as uow:
        current = await uow.cases.get(case.id) or case
        moved = await change_status(uow, case.id, current.version, a_move(uow, to, **fields), actor_name="王芳")
        await assert_in_step(uow, moved)
    return moved


async def finish_others(open_uow: OpenUow, case: Case) -> None:
    for task in case.tasks:
        if not task.lead and task.done_at is None:
            async with open_uow() as uow:
                current = await uow.cases.get(case.id) or case
                await finish_task(uow, case.id, current.version, task.unit_code, "", actor_name="王芳")


async def walk(open_uow: OpenUow, case: Case, *way: Status) -> Case:
    for to in way:
        if to is Status.RESOLVED:
            await finish_others(open_uow, case)
        case = await take(open_uow, case, to)
    return case


async def assert_in_step(uow: UnitOfWork, case: Case) -> None:
    """What is stored of a case is what its events make of it, and nothing else."""
    stored = await uow.cases.get(case.id)
    assert stored is not None
    made = await uow.cases.get(case.id)
    assert made is not None
    project(made, replay(await uow.cases.events(case.id)), uow.reference)
    assert made == stored


async def stored(open_uow: OpenUow, case: Case) -> Case:
    async with open_uow() as uow:
        await assert_in_step(uow, case)
        found = await uow.cases.get(case.id)
    assert found is not None
    return found


async def events_of(open_uow: OpenUow, case: Case) -> list[CaseEvent]:
    async with open_uow() as uow:
        return await uow.cases.events(case.id)


async def alerts_of(open_uow: OpenUow, case: Case) -> list[Alert]:
    async with open_uow() as uow:
        return await uow.alerts.of_case(case.id)


async def told(open_uow: OpenUow, account_id: int) -> list[Message]:
    """What waits in the outbox for the account."""
    async with open_uow() as uow:
        waiting = await uow.outbox.waiting_for(account_id)
        messages = [await uow.messages.get(delivery.message_id) for delivery in waiting]
    return [message for message in messages if message]
