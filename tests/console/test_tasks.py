"""Joint handling 联勤 at the desk."""

from typing import Any

import pytest

from community.core.cases import Case
from community.core.workflow import Status
from tests.console.office import Browser, Office, page_of, post_status, stored


async def post_task(desk: Browser, case: Case, what: str, unit: str, note: str = "", **fields: str) -> Any:
    return await desk.submit(
        page_of(case), f"{page_of(case)}/tasks/{what}", {"unit": unit, "task_note": note, **fields}
    )


async def joint(office: Office) -> Case:
    return await office.move(await office.case(), Status.ASSIGNED, units=("sanitation", "police"))


def open_units(case: Case) -> list[str]:
    return [task.unit_code for task in case.tasks if task.done_at is None]


async def test_another_unit_is_brought_in(desk: Browser, office: Office) -> None:
    case = await joint(office)
    assert '<option value="police"' not in (await desk.html(page_of(case))).split("增加联动单位")[1]
    await post_task(desk, case, "add", "fire")
    assert open_units(await stored(office, case)) == ["sanitation", "police", "fire"]
    page = await desk.html(page_of(case))
    assert "请消防救援站联动" in page
    assert "已请这个单位联动" in page


async def test_the_lead_waits_for_the_others(desk: Browser, office: Office) -> None:
    case = await joint(office)
    answer = await post_status(desk, case, "resolved", "都清了")
    assert answer.status_code == 409
    assert "联动单位还没有全部完成" in answer.text
    await post_task(desk, case, "finish", "police", "已劝离")
    assert open_units(await stored(office, case)) == ["sanitation"]
    page = await desk.html(page_of(case))
    assert "派出所完成任务" in page
    assert "已劝离" in page
    assert (await post_status(desk, case, "resolved", "都清了")).status_code == 303


async def test_a_unit_that_is_not_needed_is_sent_away(desk: Browser, office: Office) -> None:
    case = await joint(office)
    await post_task(desk, case, "drop", "police", "人手够了")
    assert [task.unit_code for task in (await stored(office, case)).tasks] == ["sanitation"]
    assert "取消派出所的任务" in await desk.html(page_of(case))


@pytest.mark.parametrize(
    ("what", "unit"),
    [("add", "police"), ("add", "nonsense"), ("add", ""), ("finish", "fire"), ("drop", "fire"), ("drop", "sanitation")],
)
async def test_what_makes_no_sense_is_refused(desk: Browser, office: Office, what: str, unit: str) -> None:
    case = await joint(office)
    answer = await post_task(desk, case, what, unit)
    assert answer.status_code == 422
    assert "没有这个单位" in answer.text
    assert await stored(office, case) == case


@pytest.mark.parametrize("what", ["add", "finish", "drop"])
async def test_who_comes_second_is_told(desk: Browser, office: Office, what: str) -> None:
    case = await joint(office)
    answer = await post_task(desk, case, what, "police", "我写的", version="1")
    assert answer.status_code == 409
    assert "已被别人更新" in answer.text
    assert 'value="我写的"' in answer.text
    assert await stored(office, case) == case


@pytest.mark.parametrize("what", ["finish", "drop"])
async def test_a_note_that_is_too_long(desk: Browser, office: Office, what: str) -> None:
    case = await joint(office)
    assert (await post_task(desk, case, what, "police", "长" * 1001)).status_code == 422
    assert await stored(office, case) == case


@pytest.mark.parametrize("what", ["add", "finish", "drop"])
async def test_nothing_to_share_out_before_and_after_the_work(desk: Browser, office: Office, what: str) -> None:
    case = await office.case()
    assert "增加联动单位" not in await desk.html(page_of(case))
    answer = await post_task(desk, case, what, "police")
    assert answer.status_code == 409
    assert await stored(office, case) == case
