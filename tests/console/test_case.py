import re
from typing import Any

import pytest

from community.core.cases import Case, EventKind, Guess, Urgency
from community.core.messages import Button, Reply
from community.core.staff import PARTS, Role
from community.core.workflow import TRANSITIONS, Status
from community.services.cases import add_details
from community.services.messages import complete, receive, say
from tests.console.office import PHONE, Browser, Office, page_of, post_status, stored, told

S = Status


async def post_code(desk: Browser, case: Case, service_code: str, **fields: str) -> Any:
    return await desk.submit(page_of(case), page_of(case) + "/code", {"service_code": service_code, **fields})


def offered_steps(page: str) -> list[str]:
    return re.findall(r'type="radio" name="to" value="(\w+)"', page)


async def test_the_page_shows_the_case(desk: Browser, office: Office) -> None:
    case = await office.case(urgency=Urgency.EMERGENCY)
    page = await desk.html(page_of(case))
    for words in (
        case.number,
        "暴露垃圾",
        "市容环卫",
        "桂花苑3号楼楼下",
        "市容环卫所",
        "24小时",
        "11-24 12:00",
        "紧急",
        "网页",
    ):
        assert words in page
    assert f"<title>{case.number} 暴露垃圾 · 客堂工作台</title>" in page
    assert "没有机器识别结果" in page


def shares(page: str) -> list[str]:
    """What the model thought, in percent."""
    return re.findall(r"<span>(\d+%)</span>", page[page.index("机器识别") : page.index("更正为")])


async def test_the_model_s_three_best_guesses(desk: Browser, office: Office) -> None:
    guesses = tuple(
        Guess(code, p)
        for code, p in [("exposed_waste", 0.62), ("waste_overflow", 0.3), ("other", 0.05), ("noise", 0.01)]
    )
    case = await office.case(confidence=0.62, alternatives=guesses)
    page = await desk.html(page_of(case))
    assert shares(page) == ["62%", "30%", "5%"]
    assert page.count("当前归类") == 1
    await post_code(desk, case, "waste_overflow")
    corrected = await desk.html(page_of(case))
    assert shares(corrected) == ["62%", "30%", "5%"]
    assert re.search(r"垃圾箱房满溢<small>当前归类", corrected)


async def test_a_correction_changes_case_history_and_outbox_in_one_go(desk: Browser, office: Office) -> None:
    case = await office.case()
    answer = await post_code(desk, case, "elevator_fault")
    assert (answer.status_code, answer.headers["location"]) == (303, page_of(case))
    after = await stored(office, case)
    assert (after.service_code, after.unit_code, after.version) == ("elevator_fault", "market", case.version + 1)
    async with office.open_uow() as uow:
        event = next(e for e in await uow.cases.events(case.id) if e.kind is EventKind.CODE_CORRECTED)
    assert (event.kind, event.actor_name, event.data["to"]) == (EventKind.CODE_CORRECTED, "desk", "elevator_fault")
    (message,) = await told(office, case)
    assert "电梯故障" in message.text
    assert len(office.woken) == 1
    page = await desk.html(page_of(case))
    assert "归类已更正" in page
    assert "归类由“暴露垃圾”改为“电梯故障”" in page
    assert '<option value="elevator_fault" selected>' in page
    assert "待送达" in page
    assert "归类已更正" not in await desk.html(page_of(case))


async def test_the_same_code_again_changes_nothing(desk: Browser, office: Office) -> None:
    case = await office.case()
    await post_code(desk, case, case.service_code)
    assert await stored(office, case) == case
    assert office.woken == []
    assert "归类没有变化" in await desk.html(page_of(case))


async def test_a_doubtful_code_is_confirmed_in_one_press(desk: Browser, office: Office) -> None:
    case = await office.case(confidence=0.4, alternatives=(Guess("exposed_waste", 0.4), Guess("noise", 0.3)))
    assert "归类无误" in await desk.html(page_of(case))
    assert case.number in await desk.html("/console/?status=review")
    await post_code(desk, case, case.service_code)
    page = await desk.html(page_of(case))
    assert "已确认归类无误" in page
    assert "归类复核无误" in page
    assert "<button>归类无误</button>" not in page
    assert "没有待复核的归类" in await desk.html("/console/?status=review")
    assert office.woken == []


@pytest.mark.parametrize("code", ["", "nonsense", "group:sanitation", "<b>"])
async def test_an_unknown_service_is_refused(desk: Browser, office: Office, code: str) -> None:
    case = await office.case()
    answer = await post_code(desk, case, code)
    assert answer.status_code == 422
    assert "没有这个事项" in answer.text
    assert await stored(office, case) == case
    assert office.woken == []


REACHED_BY: dict[Status, list[Status]] = {
    S.REPORTED: [],
    S.ASSIGNED: [S.ASSIGNED],
    S.RESOLVED: [S.ASSIGNED, S.RESOLVED],
    S.VERIFIED: [S.ASSIGNED, S.RESOLVED, S.VERIFIED],
    S.ARCHIVED: [S.ASSIGNED, S.RESOLVED, S.VERIFIED, S.ARCHIVED],
    S.RETURNED: [S.ASSIGNED, S.RETURNED],
    S.SUSPENDED: [S.ASSIGNED, S.SUSPENDED],
    S.MERGED: [S.MERGED],
    S.REJECTED: [S.REJECTED],
    S.WITHDRAWN: [S.WITHDRAWN],
    S.REOPENED: [S.ASSIGNED, S.RESOLVED, S.REOPENED],
}
STAFF_STEPS = [
    (start, to, step.needs_note)
    for (start, to), step in TRANSITIONS.items()
    if step.by.intersection(PARTS[Role.DISPATCHER]) and (start, to) != (S.ARCHIVED, S.REOPENED)
]


async def case_in(office: Office, status: Status) -> Case:
    details = {"into": (await office.case()).number} if status is S.MERGED else {}
    return await office.move(await office.case(), *REACHED_BY[status], **details)


@pytest.mark.parametrize(("start", "to", "needs_note"), STAFF_STEPS)
async def test_every_step_of_staff(desk: Browser, office: Office, start: Status, to: Status, needs_note: bool) -> None:
    case = await case_in(office, start)
    details = {"into": (await office.case()).number, "until": "2026-11-30", "ground": "no_facts"}
    before = len(await told(office, case))
    if needs_note:
        refused = await post_status(desk, case, to, " \n ", **details)
        assert refused.status_code == 422
        assert "必须写明情况" in refused.text
        assert await stored(office, case) == case
    answer = await post_status(desk, case, to, "派人去看了" if needs_note else "", **details)
    assert answer.status_code == 303
    assert (await stored(office, case)).status is to
    assert len(await told(office, case)) == before + 1
    assert len(office.woken) == 1
    assert "状态已更新" in await desk.html(page_of(case))


@pytest.mark.parametrize("status", Status)
async def test_only_the_steps_of_the_table_are_offered(desk: Browser, office: Office, status: Status) -> None:
    case = await case_in(office, status)
    page = await desk.html(page_of(case))
    assert offered_steps(page) == [to for start, to, _ in STAFF_STEPS if start is status]
    assert ("没有由您办理的步骤" in page) == (not offered_steps(page))


@pytest.mark.parametrize("to", ["archived", "withdrawn", "reopened", "nonsense", ""])
async def test_a_step_that_does_not_exist_is_refused(desk: Browser, office: Office, to: str) -> None:
    case = await office.case()
    answer = await post_status(desk, case, to, "我写的说明")
    assert answer.status_code == 409
    assert "现在是“待分派”" in answer.text
    assert ">我写的说明</textarea>" in answer.text
    assert await stored(office, case) == case
    assert office.woken == []


async def test_a_note_that_is_too_long_is_kept_and_refused(desk: Browser, office: Office) -> None:
    case = await office.case()
    answer = await post_status(desk, case, "rejected", "长" * 1001)
    assert answer.status_code == 422
    assert "现在有1001个字" in answer.text
    assert "长" * 1001 in answer.text
    assert await stored(office, case) == case


async def test_a_note_is_cleaned_and_told(desk: Browser, office: Office) -> None:
    case = await office.case()
    await post_status(desk, case, "rejected", "  不归我们管\0 ", ground="outside_area")
    (message,) = await told(office, case)
    assert "没能受理：不在本地管辖范围。不归我们管。" in message.text


@pytest.mark.parametrize("step", [S.ASSIGNED, S.REJECTED])
async def test_who_comes_second_is_told_what_is_now_and_keeps_the_note(
    desk: Browser, office: Office, step: Status
) -> None:
    case = await office.case()
    moved = await office.move(case, step)
    answer = await post_status(desk, case, "rejected", "我写了很久的说明", version=str(case.version))
    assert answer.status_code == 409
    assert "已被别人更新" in answer.text
    assert f'<span class="pill {step}">' in answer.text
    assert ">我写了很久的说明</textarea>" in answer.text
    assert await stored(office, case) == moved
    assert office.woken == []


async def test_a_stale_correction_is_refused_and_then_possible(desk: Browser, office: Office) -> None:
    case = await office.case()
    moved = await office.move(case, S.ASSIGNED)
    answer = await post_code(desk, case, "elevator_fault", version=str(case.version))
    assert answer.status_code == 409
    assert "已被别人更新" in answer.text
    assert '<option value="elevator_fault" selected>' in answer.text
    assert await stored(office, case) == moved
    assert (await post_code(desk, case, "elevator_fault")).status_code == 303


@pytest.mark.parametrize("version", ["", "x", "-1", "1.0", "9" * 30, "２"])
async def test_a_version_that_is_no_number_is_stale(desk: Browser, office: Office, version: str) -> None:
    case = await office.case()
    assert (await post_status(desk, case, "assigned", version=version)).status_code == 409
    assert await stored(office, case) == case


@pytest.mark.parametrize("case_id", ["0", "99", "-1", "abc", "9" * 18, "9" * 5000, "１"])
async def test_an_unknown_case_is_a_404_page(desk: Browser, office: Office, case_id: str) -> None:
    known = page_of(await office.case())
    for answer in (
        await desk.get(f"/console/cases/{case_id}"),
        await desk.submit(known, f"/console/cases/{case_id}/code", {"service_code": "other"}),
        await desk.submit(known, f"/console/cases/{case_id}/status", {"to": "assigned"}),
    ):
        assert answer.status_code == 404
        assert "没有这件工单" in answer.text


@pytest.mark.parametrize("form", ["code", "status", "reply", "revisit", "tasks/add", "tasks/finish", "tasks/drop"])
async def test_the_address_of_a_form_leads_to_the_case(desk: Browser, office: Office, form: str) -> None:
    case = await office.case()
    answer = await desk.get(f"{page_of(case)}/{form}")
    assert (answer.status_code, answer.headers["location"]) == (303, page_of(case))


async def test_the_history_tells_who_did_what_the_newest_first(desk: Browser, office: Office) -> None:
    case = await office.case()
    async with office.open_uow() as uow:
        await add_details(uow, case, "今天更臭了")
    office.clock.advance(minutes=30)
    await post_status(desk, case, "assigned")
    page = await desk.html(page_of(case))
    lines = re.findall(r'<p class="what">([^<]+)</p>', page)
    assert lines == ["待分派 → 处置中", "居民补充情况", "确定由市容环卫所负责", "居民上报"]
    assert "今天更臭了" in page
    assert re.search(r"11-23 12:30</time> · desk", page)


async def test_the_conversation_as_bubbles(desk: Browser, office: Office) -> None:
    case = await office.case()
    async with office.open_uow() as uow:
        message = await receive(uow, "web", "r1", "m2", "3号楼\n垃圾")
        reply = Reply("是桂花苑吗？", (Button("是的", "/affirm"),))
        await complete(uow, message, [reply], deliver=False)
    office.clock.advance(days=1)
    async with office.open_uow() as uow:
        await receive(uow, "web", "r1", "m3", "怎么样了")
    await desk.log_in()
    page = await desk.html(page_of(case))
    assert page.count('class="bubble theirs"') == 3
    assert page.count('class="bubble ours"') == 1
    assert "3号楼\n垃圾" in page
    assert "<span>是的</span>" in page
    assert page.index("2026-11-23</time></p>") < page.index("2026-11-24</time></p>")
    assert "/affirm" not in page


async def test_nothing_of_a_resident_is_markup(desk: Browser, office: Office) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    case = await office.case(description=evil, address=evil)
    async with office.open_uow() as uow:
        await receive(uow, "web", "r1", "m2", evil)
        await add_details(uow, case, evil)
        await say(uow, case.account_id, Reply(evil, (Button(evil, evil),)), deliver=False)
        await uow.commit()
    await post_status(desk, case, "assigned", evil)
    page = await desk.html(page_of(case))
    assert "<script" not in page
    assert "<img" not in page
    assert page.count("&lt;script&gt;") >= 6


async def test_no_full_contact_stands_anywhere(desk: Browser, office: Office) -> None:
    words = f"请打{PHONE}或写信zhang.san@example.com"
    case = await office.case(description=words, address=words)
    async with office.open_uow() as uow:
        await receive(uow, "web", "r1", "m2", words)
        await add_details(uow, case, words)
        await say(uow, case.account_id, Reply(words), deliver=False)
        await uow.commit()
    await post_status(desk, case, "rejected", words, ground="no_facts")
    page = await desk.html(page_of(case))
    assert PHONE not in page
    assert "zhang.san@" not in page
    assert '<span class="contact">138****5678</span>' in page
    assert '<span class="contact">z****@example.com</span>' in page


async def test_a_limit_moves_with_the_code(desk: Browser, office: Office) -> None:
    case = await office.case()
    await post_code(desk, case, "elevator_retrofit")
    page = await desk.html(page_of(case))
    assert "80个工作小时" in page
    assert "剩16天" in page
