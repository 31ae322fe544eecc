"""Joint handling 联勤: several units on one case, the lead done last."""

import pytest

from community.core.cases import Case
from community.core.errors import NotFound, StaleCase, TasksOpen, TransitionNotAllowed, UnknownUnit
from community.core.residents import ChannelAccount
from community.core.workflow import Status
from community.services.tasks import add_task, drop_task, finish_task
from tests.fakes.clock import NOON, SetClock
from tests.fakes.makers import OpenUow
from tests.unit.services.loop import finish_others, opened, stored, take

CHANGES = [
    lambda uow, case, version, unit: add_task(uow, case, version, unit, actor_name="王芳"),
    lambda uow, case, version, unit: finish_task(uow, case, version, unit, "好了", actor_name="王芳"),
    lambda uow, case, version, unit: drop_task(uow, case, version, unit, "不用了", actor_name="王芳"),
]
ADD, FINISH, DROP = CHANGES


@pytest.fixture
async def case(open_uow: OpenUow, account: ChannelAccount) -> Case:
    """Unlicensed trade: the market's, with two units beside it."""
    reported = await opened(open_uow, account.id, service_code="unlicensed_business")
    return await take(open_uow, reported, Status.ASSIGNED)


async def _do(open_uow: OpenUow, change: object, case: Case, unit: str) -> Case:
    now = await stored(open_uow, case)
    async with open_uow() as uow:
        await change(uow, case.id, now.version, unit)  # type: ignore[operator]
    return await stored(open_uow, case)


def _units(case: Case) -> dict[str, bool]:
    """Each unit and whether it is done."""
    return {task.unit_code: task.done_at is not None for task in case.tasks}


async def test_the_lead_is_done_after_all_others(open_uow: OpenUow, case: Case, clock: SetClock) -> None:
    lead, first, second = _units(case)
    assert lead == case.unit_code
    clock.advance(hours=1)
    await _do(open_uow, FINISH, case, first)
    with pytest.raises(TasksOpen, match=f"^{second}$"):
        await take(open_uow, case, Status.RESOLVED)
    await _do(open_uow, FINISH, case, second)
    clock.advance(hours=1)
    resolved = await take(open_uow, case, Status.RESOLVED)
    hours = [(task.done_at - NOON).total_seconds() / 3600 for task in resolved.tasks if task.done_at]
    assert hours == [2, 1, 1]


async def test_a_unit_that_is_not_needed_holds_nobody_up(open_uow: OpenUow, case: Case) -> None:
    lead, first, second = _units(case)
    for unit in (first, second):
        await _do(open_uow, DROP, case, unit)
    resolved = await take(open_uow, case, Status.RESOLVED)
    assert _units(resolved) == {lead: True}


async def test_another_unit_is_brought_in(open_uow: OpenUow, case: Case) -> None:
    changed = await _do(open_uow, ADD, case, "greening")
    assert _units(changed) == {**_units(case), "greening": False}
    assert changed.unit_code == case.unit_code
    await finish_others(open_uow, case)
    with pytest.raises(TasksOpen, match="greening"):
        await take(open_uow, case, Status.RESOLVED)


async def test_what_units_cannot_do(open_uow: OpenUow, case: Case) -> None:
    lead, first, _ = _units(case)
    await _do(open_uow, FINISH, case, first)
    before = await stored(open_uow, case)
    wrong = [(ADD, first), (ADD, lead), (ADD, "no_such"), (FINISH, first), (FINISH, "greening"), (DROP, first)]
    for change, unit in [*wrong, (DROP, lead), (DROP, "greening")]:
        with pytest.raises(UnknownUnit):
            await _do(open_uow, change, case, unit)
    assert await stored(open_uow, case) == before


@pytest.mark.parametrize("change", CHANGES)
async def test_no_tasks_before_it_is_dispatched_or_after_it_is_done(
    open_uow: OpenUow, account: ChannelAccount, case: Case, change: object
) -> None:
    reported = await opened(open_uow, account.id, origin="another")
    returned = await take(open_uow, case, Status.RETURNED)
    for one in (reported, returned):
        with pytest.raises(TransitionNotAllowed):
            await _do(open_uow, change, one, "greening")


@pytest.mark.parametrize("change", CHANGES)
async def test_a_task_from_another_version_or_of_no_case(open_uow: OpenUow, case: Case, change: object) -> None:
    for case_id, version, error in ((case.id, case.version - 1, StaleCase), (404, 1, NotFound)):
        async with open_uow() as uow:
            with pytest.raises(error):
                await change(uow, case_id, version, "police")  # type: ignore[operator]
