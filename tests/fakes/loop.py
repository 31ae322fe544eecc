"""A case of a chat's resident, carried through the closed loop by everybody concerned."""

from collections.abc import Callable

from community.core.cases import Case, CaseEvent, EventKind
from community.core.workflow import Actor, Move, Status
from community.services.cases import change_status, open_case
from community.services.ports import UnitOfWork
from community.services.residents import identify
from tests.fakes.makers import a_draft

OpenUow = Callable[[], UnitOfWork]

VERIFIED = (
    (Status.ASSIGNED, Actor.DISPATCHER),
    (Status.RESOLVED, Actor.HANDLER),
    (Status.VERIFIED, Actor.INSPECTOR),
)
ARCHIVED = (*VERIFIED, (Status.ARCHIVED, Actor.DISPATCHER))


async def a_case_of(
    open_uow: OpenUow, user: str, *steps: tuple[Status, Actor], channel: str = "web", code: str = "exposed_waste"
) -> Case:
    async with open_uow() as uow:
        account = await identify(uow, channel, user)
        ordinal = len(await uow.cases.of_account(account.id, 50))
        draft = a_draft(account_id=account.id, origin=f"{user} {ordinal}", service_code=code)
        case = await open_case(uow, draft)
    for to, actor in steps:
        await move(open_uow, case, to, actor)
    return await stored(open_uow, case)


async def move(open_uow: OpenUow, case: Case, to: Status, actor: Actor) -> None:
    version = (await stored(open_uow, case)).version
    async with open_uow() as uow:
        wish = Move(to=to, actor=actor, note="清完了", photos=("a.jpg",))
        await change_status(uow, case.id, version, wish, actor_name="王芳")


async def stored(open_uow: OpenUow, case: Case) -> Case:
    async with open_uow() as uow:
        found = await uow.cases.get(case.id)
    assert found
    return found


async def events(open_uow: OpenUow, case: Case, kind: EventKind) -> list[CaseEvent]:
    async with open_uow() as uow:
        return [event for event in await uow.cases.events(case.id) if event.kind is kind]
