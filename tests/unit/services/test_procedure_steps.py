"""A case about a damaged bearing wall goes through its procedure, as data/procedures says."""

from datetime import timedelta

import pytest

from community.core.alerts import AlertKind
from community.core.cases import Case, EventKind
from community.core.errors import EvidenceMissing, NotTheOwner, StepNotOpen, StepsOpen, TransitionNotAllowed
from community.core.procedures import Step
from community.core.residents import ChannelAccount
from community.core.step_limits import procedure_state
from community.core.workflow import Actor, Move, Status
from community.services.cases import change_status, open_case
from community.services.ports import UnitOfWork
from community.services.procedure_steps import finish_step, start_procedure
from community.services.record import history_of
from community.services.tasks import finish_task
from community.services.watch import look_at
from tests.fakes.clock import SetClock
from tests.fakes.makers import a_draft

STAFF = "王芳"
DISPATCH = Move(to=Status.ASSIGNED, actor=Actor.DISPATCHER)


@pytest.fixture
async def case(uow: UnitOfWork, account: ChannelAccount) -> Case:
    """Dispatched, its procedure started."""
    draft = a_draft(account_id=account.id, service_code="load_bearing", description="楼上在敲承重墙")
    case = await open_case(uow, draft)
    case = await change_status(uow, case.id, case.version, DISPATCH, actor_name=STAFF)
    return await start_procedure(uow, case.id, case.version, actor_name=STAFF)


async def _open_steps(uow: UnitOfWork, case: Case) -> list[Step]:
    state = procedure_state(await history_of(uow, case), uow.reference.procedures)
    return [one.step for one in state.open_steps] if state else []


async def _finish(uow: UnitOfWork, case: Case, step: Step, answer: str = "") -> Case:
    return await finish_step(
        uow,
        case.id,
        case.version,
        step.key,
        unit_code=step.owner,
        evidence=step.evidence,
        note="已办",
        answer=answer or (step.answers[0].key if step.answers else ""),
        actor_name=STAFF,
    )


async def test_from_the_first_step_to_the_last(uow: UnitOfWork, case: Case, clock: SetClock) -> None:
    done = []
    while steps := await _open_steps(uow, case):
        clock.advance(minutes=1)
        case = await _finish(uow, case, steps[0])
        done.append(steps[0].key)
    history = await history_of(uow, case)
    assert done[0] == "discover"
    assert len(done) == len(set(done)) > 15
    assert [event.data["finished"] for event in history.steps] == [False] * (len(done) - 1) + [True]


async def test_only_what_is_open_by_its_owner_and_with_its_evidence(uow: UnitOfWork, case: Case) -> None:
    (first,) = await _open_steps(uow, case)
    given = {"note": "", "actor_name": STAFF, "unit_code": first.owner, "evidence": first.evidence}
    for key, fields, error in (
        ("report", {}, StepNotOpen),
        (first.key, {"unit_code": "police"}, NotTheOwner),
        (first.key, {"evidence": ()}, EvidenceMissing),
    ):
        with pytest.raises(error):
            await finish_step(uow, case.id, case.version, key, **{**given, **fields})
    assert (await history_of(uow, case)).steps == ()


async def test_resolved_only_in_the_last_stage(uow: UnitOfWork, case: Case) -> None:
    for task in case.tasks:
        if not task.lead:
            case = await finish_task(uow, case.id, case.version, task.unit_code, "", actor_name=STAFF)
    resolved = Move(to=Status.RESOLVED, actor=Actor.HANDLER, note="恢复了", photos=("a.jpg",))
    with pytest.raises(StepsOpen):
        await change_status(uow, case.id, case.version, resolved, actor_name=STAFF)
    last = uow.reference.procedures["load_bearing_damage"].stages[-1]
    while not {step.key for step in await _open_steps(uow, case)} <= {s.key for k in last.links for s in k.steps}:
        case = await _finish(uow, case, (await _open_steps(uow, case))[0])
    case = await change_status(uow, case.id, case.version, resolved, actor_name=STAFF)
    assert case.status is Status.RESOLVED


async def test_its_steps_have_limits_instead_of_the_whole(uow: UnitOfWork, case: Case, clock: SetClock) -> None:
    assert case.due_at is None
    assert case.alarm_at == clock() + timedelta(hours=2)  # the first step's limit
    clock.advance(hours=2)
    await look_at(uow, case.id)
    await look_at(uow, case.id)
    alerts = [alert for alert in await uow.alerts.of_case(case.id) if alert.kind is AlertKind.STEP]
    warned = [event for event in await uow.cases.events(case.id) if event.kind is EventKind.WARNED]
    assert len(alerts) == 1  # once, however often it is looked at
    assert "step:discover" in [event.data["alarm"] for event in warned]


async def test_a_procedure_starts_once_and_only_where_there_is_one(
    uow: UnitOfWork, case: Case, account: ChannelAccount
) -> None:
    with pytest.raises(TransitionNotAllowed):
        await start_procedure(uow, case.id, case.version, actor_name=STAFF)
    plain = await open_case(uow, a_draft(account_id=account.id, origin="message-2"))
    plain = await change_status(uow, plain.id, plain.version, DISPATCH, actor_name=STAFF)
    with pytest.raises(TransitionNotAllowed):
        await start_procedure(uow, plain.id, plain.version, actor_name=STAFF)
