import pytest

from community.core.cases import Case
from community.core.errors import NoteRequired, TransitionNotAllowed
from community.core.residents import ChannelAccount
from community.core.workflow import Actor, Move, Status
from community.services.cases import change_status, open_case
from community.services.ports import CaseQuery, UnitOfWork
from community.services.ratings import rate_case
from community.services.revisits import record_revisit
from tests.fakes.makers import a_draft

LOOP = [
    (Status.ASSIGNED, Actor.DISPATCHER),
    (Status.RESOLVED, Actor.HANDLER),
    (Status.VERIFIED, Actor.INSPECTOR),
    (Status.ARCHIVED, Actor.DISPATCHER),
]


async def _archived(uow: UnitOfWork, account: ChannelAccount) -> Case:
    case = await open_case(uow, a_draft(account_id=account.id))
    for to, actor in LOOP:
        move = Move(to=to, actor=actor, note="清走了", photos=("a.jpg",))
        case = await change_status(uow, case.id, case.version, move, actor_name="王芳")
    return case


async def _to_ask(uow: UnitOfWork) -> list[str]:
    return [case.number for case in (await uow.cases.search(CaseQuery(to_revisit=True))).cases]


async def test_who_rated_low_is_asked_once(uow: UnitOfWork, account: ChannelAccount) -> None:
    case = await rate_case(uow, await _archived(uow, account), 1, "还是臭")
    assert await _to_ask(uow) == [case.number]
    case = await record_revisit(uow, case.id, case.version, content=True, note="后来好了", actor_name="李娜")
    assert case.status is Status.ARCHIVED
    assert await _to_ask(uow) == []


async def test_not_content_reopens_one_level_up(uow: UnitOfWork, account: ChannelAccount) -> None:
    case = await rate_case(uow, await _archived(uow, account), 2, "")
    case = await record_revisit(uow, case.id, case.version, content=False, note="又堆起来了", actor_name="李娜")
    assert (case.status, case.level, case.round) == (Status.REOPENED, 1, 2)
    told = [message.text for message in await uow.messages.conversation(account.id, after=0, limit=50)]
    assert "又堆起来了" in told[-1]


async def test_a_reopening_says_why(uow: UnitOfWork, account: ChannelAccount) -> None:
    case = await _archived(uow, account)
    with pytest.raises(NoteRequired):
        await record_revisit(uow, case.id, case.version, content=False, note=" ", actor_name="李娜")


async def test_not_before_it_is_archived(uow: UnitOfWork, account: ChannelAccount) -> None:
    case = await open_case(uow, a_draft(account_id=account.id))
    with pytest.raises(TransitionNotAllowed):
        await record_revisit(uow, case.id, case.version, content=True, note="", actor_name="李娜")
