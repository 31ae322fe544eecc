"""Who is called, and that what was called stays until somebody has seen it."""

import pytest

from community.core.alerts import AlertKind
from community.core.cases import Case
from community.core.errors import NotFound
from community.core.grids import GridRole
from community.core.residents import ChannelAccount
from community.core.staff import Role
from community.services.alerts import mark_seen, on_duty_in, raise_alert
from tests.fakes.clock import SetClock
from tests.fakes.makers import OpenUow, a_grid, a_member, a_roster, a_staff, committed_account
from tests.unit.services.loop import alerts_of, opened, told

MANAGERS = [
    a_member(name="一级", role=GridRole.MANAGER_1),
    a_member(name="二级", role=GridRole.MANAGER_2),
    a_member(name="三级", role=GridRole.MANAGER_3),
]


@pytest.fixture
async def case(open_uow: OpenUow, account: ChannelAccount) -> Case:
    """In a grid with managers and a roster; its unit has two people, one of whom is reached in chat."""
    chat = await committed_account(open_uow, "handler")
    async with open_uow() as uow:
        await uow.grids.save_rosters([a_roster()])
        await uow.grids.save_all([a_grid(roster_code="rs-1")])
        await uow.grids.save_members(MANAGERS)
        for name, linked in (("张强", chat.id), ("李敏", None)):
            await uow.staff.add(a_staff(username=name, role=Role.HANDLER, unit_code="housing", account_id=linked))
        await uow.commit()
    case = await opened(open_uow, account.id)
    case.grid_code = "gd-1"
    return case


async def _called(open_uow: OpenUow, case: Case, kind: AlertKind, level: int) -> list[str]:
    async with open_uow() as uow:
        await raise_alert(uow, case, kind, percent=80, level=level)
        await uow.commit()
    return list((await alerts_of(open_uow, case))[-1].names)


@pytest.mark.parametrize(("level", "names"), [(0, ["张强", "李敏"]), (1, ["一级"]), (2, ["二级"]), (3, ["三级"])])
async def test_the_unit_first_then_the_managers(open_uow: OpenUow, case: Case, level: int, names: list[str]) -> None:
    assert await _called(open_uow, case, AlertKind.RESOLVE, level) == names


async def test_in_an_emergency_also_whoever_is_on_duty(open_uow: OpenUow, case: Case) -> None:
    async with open_uow() as uow:
        duty = await on_duty_in(uow, "gd-1")
    assert duty
    assert await _called(open_uow, case, AlertKind.EMERGENCY, 0) == ["张强", "李敏", *duty]
    assert await _called(open_uow, case, AlertKind.RESPONSE, 0) == ["张强", "李敏"]


async def test_who_is_reached_in_chat_is_told_there(open_uow: OpenUow, case: Case) -> None:
    await _called(open_uow, case, AlertKind.RESOLVE, 0)
    async with open_uow() as uow:
        staff = await uow.staff.by_username("张强")
    assert staff is not None
    assert staff.account_id is not None
    [message] = await told(open_uow, staff.account_id)
    assert case.number in message.text
    assert "80" in message.text
    assert await told(open_uow, case.account_id) == []  # it is not for the resident


@pytest.mark.parametrize("kind", AlertKind)
async def test_without_anybody_to_call_the_alert_still_stands(
    open_uow: OpenUow, account: ChannelAccount, kind: AlertKind
) -> None:
    case = await opened(open_uow, account.id)
    for level in range(4):
        assert await _called(open_uow, case, kind, level) == []
    assert [alert.level for alert in await alerts_of(open_uow, case)] == [0, 1, 2, 3]


async def test_nobody_is_on_duty_where_there_is_no_roster(open_uow: OpenUow) -> None:
    async with open_uow() as uow:
        await uow.grids.save_all([a_grid()])
        assert await on_duty_in(uow, "gd-1") == []
        assert await on_duty_in(uow, "no_such") == []
        assert await on_duty_in(uow, None) == []


async def test_an_alert_stays_until_somebody_has_seen_it(open_uow: OpenUow, case: Case, clock: SetClock) -> None:
    await _called(open_uow, case, AlertKind.RESOLVE, 1)
    [alert] = await alerts_of(open_uow, case)
    seen_at = clock.advance(minutes=5)
    for name in ("王芳", "李敏"):  # the first to see it is remembered
        async with open_uow() as uow:
            await mark_seen(uow, alert.id, actor_name=name)
        clock.advance(minutes=5)
    [seen] = await alerts_of(open_uow, case)
    assert (seen.seen_at, seen.seen_by) == (seen_at, "王芳")
    async with open_uow() as uow:
        assert await uow.alerts.count_unseen() == 0
        with pytest.raises(NotFound):
            await mark_seen(uow, 404, actor_name="王芳")
