"""A shared position belongs to what is told within half an hour, and near it."""

import pytest

from community.core.residents import ChannelAccount
from community.services.messages import receive
from community.services.positions import area_choices, located_now, position_for, recent_position
from tests.fakes.clock import SetClock
from tests.fakes.makers import OpenUow, a_grid, square

HERE, ELSEWHERE, BORDER = (121.252, 31.365), (10.0, 10.0), (121.26, 31.365)


@pytest.fixture(autouse=True)
async def _grids(open_uow: OpenUow) -> None:
    grids = (
        a_grid(code="gd-1", area_code="nb-guihuayuan", polygon=square(121.25, 31.36)),
        a_grid(code="gd-2", area_code="nb-meiyuan", polygon=square(121.26, 31.36)),
    )
    async with open_uow() as uow:
        await uow.grids.save_all(grids)
        await uow.commit()


async def shared(open_uow: OpenUow, position: tuple[float, float] | None, text: str = "") -> None:
    async with open_uow() as uow:
        await receive(uow, "telegram", "42", None, text, position=position)


async def test_the_newest_counts_for_half_an_hour(open_uow: OpenUow, account: ChannelAccount, clock: SetClock) -> None:
    async with open_uow() as uow:
        assert await recent_position(uow, account.id) is None
    await shared(open_uow, ELSEWHERE)
    await shared(open_uow, HERE)
    await shared(open_uow, None, "路灯坏了")
    for minutes, found in ((30, HERE), (1, None)):
        clock.advance(minutes=minutes)
        async with open_uow() as uow:
            assert await recent_position(uow, account.id) == found


@pytest.mark.parametrize(
    ("position", "area", "counts"),
    [
        (HERE, "nb-guihuayuan", True),
        (HERE, None, True),
        (HERE, "nb-meiyuan", False),
        (BORDER, "nb-meiyuan", True),
        (ELSEWHERE, "nb-meiyuan", False),
    ],
)
async def test_it_does_not_go_with_another_neighbourhood(
    open_uow: OpenUow, account: ChannelAccount, position: tuple[float, float], area: str | None, counts: bool
) -> None:
    await shared(open_uow, position)
    async with open_uow() as uow:
        assert await position_for(uow, account.id, area) == (position if counts else None)


async def test_where_somebody_is(open_uow: OpenUow, account: ChannelAccount) -> None:
    await shared(open_uow, HERE)
    async with open_uow() as uow:
        assert (await located_now(uow, account.id)).area_code == "nb-guihuayuan"


async def test_choices_are_those_of_the_town_named_else_those_around(
    open_uow: OpenUow, account: ChannelAccount
) -> None:
    await shared(open_uow, BORDER)
    async with open_uow() as uow:
        areas = uow.reference.areas
        of_town = await area_choices(uow, account.id, ["gone", "nb-meiyuan", "tn-shapuzhen"])
        assert of_town
        assert all(areas.within(code, "tn-shapuzhen") for code in of_town)
        assert sorted(await area_choices(uow, account.id, [])) == ["nb-guihuayuan", "nb-meiyuan"]


async def test_without_any_hint_there_is_nothing_to_choose(open_uow: OpenUow, account: ChannelAccount) -> None:
    async with open_uow() as uow:
        assert await area_choices(uow, account.id, []) == ()
