import re
from collections.abc import Callable
from typing import Any

import pytest

from community.core.cases import Urgency
from community.core.workflow import Status
from tests.console.office import PHONE, Browser, Office

LIST = "/console/"


def numbers(page: str) -> list[str]:
    return re.findall(r'<span class="number">(\S+)</span>', page)


def tab_counts(page: str) -> dict[str, int]:
    return {name: int(n) for name, n in re.findall(r'>([^<>]+)<b class="count">(\d+)</b>', page)}


async def test_an_empty_list_says_how_to_fill_it(desk: Browser) -> None:
    assert "ketang demo load" in await desk.html(LIST)


async def test_a_row_says_all_that_is_needed_to_choose(desk: Browser, office: Office) -> None:
    case = await office.case(confidence=0.834, urgency=Urgency.URGENT)
    page = await desk.html(LIST)
    for words in (case.number, "暴露垃圾", "桂花苑3号楼楼下", "垃圾堆了好几天", "待分派", "加急", "剩24小时", "83%"):
        assert words in page
    assert f'href="/console/cases/{case.id}"' in page


async def test_open_cases_come_first_to_mind_and_a_search_means_all(desk: Browser, office: Office) -> None:
    waiting, rejected = await office.case(), await office.move(await office.case(), Status.REJECTED)
    assert numbers(await desk.html(LIST)) == [waiting.number]
    assert numbers(await desk.html(LIST + f"?q={rejected.number}")) == [rejected.number]
    assert numbers(await desk.html(LIST + f"?q={rejected.number}&status=open")) == []
    assert numbers(await desk.html(LIST + "?status=rejected")) == [rejected.number]


async def test_emergencies_stand_on_top_in_red_until_they_are_over(desk: Browser, office: Office) -> None:
    alarm = await office.case(urgency=Urgency.EMERGENCY)
    over = await office.move(await office.case(urgency=Urgency.EMERGENCY), Status.REJECTED)
    office.clock.advance(hours=1)
    newer = await office.case()
    page = await desk.html(LIST + "?status=all")
    assert numbers(page) == [alarm.number, newer.number, over.number]
    assert page.count('class="alarming"') == 1


FOUND_BY: list[tuple[str, bool]] = [
    ("q=电梯", True),
    ("q=5号楼", True),
    ("q=KT2026", True),
    ("q=kt2026", True),
    ("q=%25", False),
    ("q=没有的词", False),
    ("q=%00%F0%9F%98%80", False),
    ("q=" + "长" * 5000, False),
    ("q=清河里", True),
    ("q=清河里+电梯", True),
    ("q=桂花苑+电梯", False),
    ("area=qingheli", True),
    ("area=guihuayuan", False),
    ("area=nowhere", True),
    ("service=elevator_fault", True),
    ("service=exposed_waste", False),
    ("unit=market", True),
    ("unit=police", False),
    ("unit=nonsense", True),
    ("unit=market&area=guihuayuan", False),
    ("service=group:property", True),
    ("service=group:sanitation", False),
    ("service=nonsense", True),
    ("status=reported", True),
    ("status=assigned", False),
    ("status=nonsense", True),
    ("status=overdue", False),
    ("status=reported&area=qingheli&service=group:property&q=电梯", True),
]


@pytest.mark.parametrize(("query", "is_found"), FOUND_BY)
async def test_filters(desk: Browser, office: Office, query: str, is_found: bool) -> None:
    case = await office.case(
        description="电梯关不上门", service_code="elevator_fault", area_code="qingheli", address="5号楼"
    )
    assert numbers(await desk.html(f"{LIST}?{query}")) == ([case.number] if is_found else [])


async def test_a_filter_stays_chosen_and_can_be_cleared(desk: Browser, office: Office) -> None:
    await office.case()
    page = await desk.html(LIST + "?q=垃圾&area=guihuayuan&service=group:sanitation&status=reported")
    assert '<option value="guihuayuan" selected>' in page
    assert '<option value="group:sanitation" selected>' in page
    assert 'name="q" value="垃圾"' in page
    assert 'name="status" value="reported"' in page
    assert 'href="?status=reported"' in page


@pytest.mark.parametrize("query", ["q=没有的词&status=open", "status=overdue", "status=archived"])
async def test_finding_nothing_offers_a_way_on(desk: Browser, office: Office, query: str) -> None:
    await office.case()
    assert 'class="button" href="?' in await desk.html(f"{LIST}?{query}")


DUE: list[tuple[dict[str, float], str, str]] = [
    ({"hours": 0}, "fine", "剩24小时"),
    ({"hours": 17}, "fine", "剩7小时"),
    ({"hours": 18}, "soon", "剩6小时"),
    ({"hours": 23, "minutes": 30}, "soon", "剩30分钟"),
    ({"hours": 24, "seconds": 1}, "overdue", "超期1分钟"),
    ({"hours": 30}, "overdue", "超期6小时"),
    ({"days": 4}, "overdue", "超期3天"),
]


@pytest.mark.parametrize(("waited", "level", "words"), DUE)
async def test_a_limit_has_a_colour_and_words(
    desk_after: Callable[..., Any], waited: dict[str, float], level: str, words: str
) -> None:
    page = await desk_after(**waited)
    assert f'<span class="due {level}">{words}</span>' in page
    assert tab_counts(page)["超期"] == (level == "overdue")


@pytest.fixture
def desk_after(stranger: Browser, office: Office) -> Callable[..., Any]:
    """The list as it looks to who logs in so long after a case was opened."""

    async def look(**waited: float) -> str:
        await office.case()
        office.clock.advance(**waited)
        await stranger.log_in()
        return await stranger.html(LIST)

    return look


async def test_what_is_finished_has_no_clock(desk: Browser, office: Office) -> None:
    await office.move(await office.case(), Status.REJECTED)
    assert '<span class="due closed">已了结</span>' in await desk.html(LIST + "?status=all")


async def test_counts_by_status(desk: Browser, office: Office) -> None:
    await office.case()
    await office.move(await office.case(), Status.ASSIGNED)
    await office.move(await office.case(), Status.REJECTED)
    counts = {"未结": 2, "超期": 0, "待复核": 0, "待回访": 0, "全部": 3, "待分派": 1, "处置中": 1, "不予受理": 1}
    assert tab_counts(await desk.html(LIST)) == counts


async def test_pages_of_fifty(desk: Browser, office: Office) -> None:
    for _ in range(51):
        await office.case()
    first = await desk.html(LIST)
    assert "第 1–50 件，共 51 件" in first
    assert 'rel="next" href="?page=2"' in first
    second = await desk.html(LIST + "?page=2")
    assert "第 51–51 件，共 51 件" in second
    assert 'rel="prev" href="?"' in second
    assert sorted(numbers(first) + numbers(second), reverse=True) == numbers(first) + numbers(second)


@pytest.mark.parametrize("page", ["0", "-1", "x", "2", "999999999999999999999999", "１"])
async def test_a_page_that_is_not_there_is_the_nearest_one(desk: Browser, office: Office, page: str) -> None:
    case = await office.case()
    assert numbers(await desk.html(f"{LIST}?page={page}")) == [case.number]


async def test_the_list_shows_no_personal_data_and_no_markup_of_residents(desk: Browser, office: Office) -> None:
    await office.case(description=f"<script>alert(1)</script>打我电话{PHONE}", address=f"门口<b>{PHONE}</b>")
    page = await desk.html(LIST)
    assert "<script" not in page
    assert "<b>138" not in page
    assert "&lt;script&gt;" in page
    assert PHONE not in page
    assert "138****5678" in page


async def test_a_case_whose_code_the_taxonomy_has_dropped_is_still_listed(desk: Browser, office: Office) -> None:
    case = await office.case()
    async with office.open_uow() as uow:
        case.service_code = "dropped_code"
        await uow.cases.save(case)
        await uow.commit()
    assert "dropped_code" in await desk.html(LIST)
    assert (await desk.get(f"/console/cases/{case.id}")).status_code == 409


async def test_withdrawn_by_the_resident_is_shown(desk: Browser, office: Office) -> None:
    await office.move(await office.case(), Status.WITHDRAWN)
    assert "已撤回" in await desk.html(LIST + "?status=withdrawn")


async def test_what_was_handled_in_time_is_never_overdue(desk: Browser, office: Office) -> None:
    case = await office.move(await office.case(), Status.ASSIGNED)
    await office.move(case, Status.RESOLVED)
    office.clock.advance(days=30)
    await desk.log_in()
    assert '<span class="due met">不计时</span>' in await desk.html(LIST + "?status=resolved")


async def test_a_row_names_the_unit_that_leads(desk: Browser, office: Office) -> None:
    await office.case()
    assert '<span class="unit">市容环卫所</span>' in await desk.html(LIST)
    await office.move(await office.case(), Status.ASSIGNED, units=("police", "sanitation"))
    assert '<span class="unit">派出所</span>' in await desk.html(LIST + "?unit=police")


async def test_people_who_are_to_be_asked_again(desk: Browser, office: Office) -> None:
    done = (Status.ASSIGNED, Status.RESOLVED, Status.VERIFIED, Status.ARCHIVED)
    case = await office.move(await office.case(), *done)
    case = await office.move(case, Status.REOPENED)
    assert "没有待回访的工单" in await desk.html(LIST + "?status=revisit")
    await office.move(case, *done)
    page = await desk.html(LIST + "?status=revisit")
    assert numbers(page) == [case.number]
    assert tab_counts(page)["待回访"] == 1
