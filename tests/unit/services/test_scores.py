from datetime import timedelta
from pathlib import Path

import pytest

from community.core.errors import BadReferenceData
from community.core.residents import ChannelAccount
from community.core.workflow import Actor, Move, Status
from community.services.cases import change_status, open_case
from community.services.ports import UnitOfWork
from community.services.ratings import rate_case
from community.services.reference import Reference
from community.services.scores import load_score_rules, score_units
from community.services.tasks import finish_task
from community.services.watch import look_at
from tests.conftest import DATA
from tests.fakes.clock import SetClock
from tests.fakes.makers import a_draft

RULES = DATA / "routing" / "scores.yml"
LOOP = [
    (Status.ASSIGNED, Actor.DISPATCHER),
    (Status.RESOLVED, Actor.HANDLER),
    (Status.VERIFIED, Actor.INSPECTOR),
    (Status.ARCHIVED, Actor.DISPATCHER),
]


async def _live(uow: UnitOfWork, account: ChannelAccount, clock: SetClock, origin: str, hours: float) -> str:
    """A corridor full of things, resolved after so many hours; returns the property company that was asked first."""
    draft = a_draft(account_id=account.id, origin=origin, service_code="corridor_clutter", area_code="nb-guihuayuan")
    case = await open_case(uow, draft)
    first = case.unit_code
    for to, actor in LOOP:
        if to is Status.RESOLVED:
            clock.advance(hours=hours)
            await look_at(uow, case.id)
            case = await uow.cases.get(case.id) or case
            for task in case.tasks:
                if not task.lead and task.done_at is None:
                    case = await finish_task(uow, case.id, case.version, task.unit_code, "", actor_name="王芳")
        move = Move(to=to, actor=actor, note="清走了", photos=("a.jpg",))
        case = await change_status(uow, case.id, case.version, move, actor_name="王芳")
    await rate_case(uow, case, 5, "")
    return first


async def test_a_company_that_let_the_limit_pass_scores_less(
    uow: UnitOfWork, account: ChannelAccount, clock: SetClock
) -> None:
    start = clock()
    rules = load_score_rules(RULES, uow.reference)
    company = await _live(uow, account, clock, "m-1", hours=1)
    (quick,) = await score_units(uow, rules, start, clock() + timedelta(hours=1))
    assert (quick.unit_code, quick.cases, quick.points) == (company, 1, None)  # one case is too few to judge
    assert (quick.shares["on_time"], quick.shares["satisfied"]) == (1, 1)
    await _live(uow, account, clock, "m-2", hours=400)
    (both,) = await score_units(uow, rules, start, clock() + timedelta(hours=1))
    assert both.cases == 2
    assert both.shares["on_time"] is not None
    assert both.shares["on_time"] * 2 == 1


async def test_only_cases_of_the_period_count(uow: UnitOfWork, account: ChannelAccount, clock: SetClock) -> None:
    await _live(uow, account, clock, "m-1", hours=1)
    rules = load_score_rules(RULES, uow.reference)
    assert await score_units(uow, rules, clock() + timedelta(hours=1), clock() + timedelta(days=1)) == []
    assert await score_units(uow, rules, clock() - timedelta(days=9), clock() - timedelta(days=8)) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("on_time: 40", "on_time: 41"),
        ("kind: property", "kind: nobody"),
        ("least: 5", "least: 0"),
        ("on_time: 40", "speed: 40"),
        ("scores:", "other:"),
    ],
)
def test_wrong_rules_are_refused(tmp_path: Path, reference: Reference, old: str, new: str) -> None:
    path = tmp_path / "scores.yml"
    path.write_text(RULES.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(BadReferenceData, match=r"^scores\.yml: "):
        load_score_rules(path, reference)
