"""What each step brings along, from the form to the history."""

import re
from typing import Any

import pytest
from PIL import Image

from community.core.workflow import Status
from tests.console.office import Browser, Office, page_of, picture, post_status, stored, told

S = Status


async def last_step(office: Office, case: Any) -> dict[str, Any]:
    async with office.open_uow() as uow:
        return [event for event in await uow.cases.events(case.id) if event.to_status][-1].data


def photos_in(page: str) -> list[str]:
    return re.findall(r'<img src="(/console/photos/\S+?)"', page)


async def test_dispatching_is_prepared_as_routing_chose(desk: Browser, office: Office) -> None:
    case = await office.case(service_code="group_rental")
    page = await desk.html(page_of(case))
    async with office.open_uow() as uow:
        lead, name = case.unit_code, uow.reference.routes.unit(case.unit_code).name
    assert f'<option value="{lead}" selected>{name}</option>' in page
    joint = re.findall(r'name="co_unit" value="(\w+)" checked', page)
    assert len(joint) >= 2
    await post_status(desk, case, "assigned", lead=lead, co_unit=joint)
    assert [task.unit_code for task in (await stored(office, case)).tasks] == [lead, *joint]


async def test_the_dispatcher_may_choose_other_units(desk: Browser, office: Office) -> None:
    case = await office.case()
    await post_status(desk, case, "assigned", lead="police", co_unit=["fire", "police"])
    tasks = (await stored(office, case)).tasks
    assert [(task.unit_code, task.lead) for task in tasks] == [("police", True), ("fire", False)]
    page = await desk.html(page_of(case))
    assert "派给派出所牵头，消防救援站联动" in page
    assert "<dt>责任单位</dt><dd>派出所</dd>" in page


async def test_an_unknown_unit_is_refused_and_the_choice_stays(desk: Browser, office: Office) -> None:
    case = await office.case()
    answer = await post_status(desk, case, "assigned", "先去看看", lead="police", co_unit="nonsense")
    assert answer.status_code == 422
    assert "没有这个单位" in answer.text
    assert '<option value="police" selected>' in answer.text
    assert ">先去看看</textarea>" in answer.text
    assert await stored(office, case) == case


@pytest.mark.parametrize("until", ["", "soon", "2026-11-22", "2026-13-01", "9999-99-99"])
async def test_a_suspension_needs_a_day_to_come(desk: Browser, office: Office, until: str) -> None:
    case = await office.move(await office.case(), S.ASSIGNED)
    answer = await post_status(desk, case, "suspended", "等材料", until=until)
    assert answer.status_code == 422
    assert "今天以后" in answer.text
    assert f'name="until" min="2026-11-24" value="{until}"' in answer.text
    assert await stored(office, case) == case


async def test_a_suspended_case_says_until_when_and_its_clock_stands(desk: Browser, office: Office) -> None:
    case = await office.move(await office.case(), S.ASSIGNED)
    await post_status(desk, case, "suspended", "等材料", until="2026-11-30")
    assert (await stored(office, case)).due_at is None
    page = await desk.html(page_of(case))
    assert "暂缓到11月30日，暂停计时" in page
    assert "提前恢复办理" in page


@pytest.mark.parametrize("ground", ["", "because"])
async def test_turning_down_needs_a_known_ground(desk: Browser, office: Office, ground: str) -> None:
    case = await office.case()
    answer = await post_status(desk, case, "rejected", "说明在此", ground=ground)
    assert answer.status_code == 422
    assert "请选择不予受理的理由" in answer.text
    assert ">说明在此</textarea>" in answer.text
    assert await stored(office, case) == case


async def test_a_ground_stays_chosen_while_the_note_is_missing(desk: Browser, office: Office) -> None:
    case = await office.case()
    answer = await post_status(desk, case, "rejected", "", ground="not_public")
    assert '<option value="not_public" selected>' in answer.text
    assert re.search(r'value="rejected" required class="needs-note" checked', answer.text)


async def test_merging_and_splitting(desk: Browser, office: Office) -> None:
    other = await office.case()
    case = await office.case(account_id=await office.resident("r2"))
    for number in ("", "KT20261123-9999", case.number):
        answer = await post_status(desk, case, "merged", "同一件事", into=number)
        assert answer.status_code == 422
        assert "另一件还在办理的工单编号" in answer.text
        assert f'name="into" value="{number}"' in answer.text
    await post_status(desk, case, "merged", "同一件事", into=f" {other.number.lower()} ")
    assert (await stored(office, case)).merged_into == other.number
    assert f'?q={other.number}">{other.number}</a>' in await desk.html(page_of(case))
    assert "1位邻居" in await desk.html(page_of(other))
    assert "不是同一件事，拆出单办" in await desk.html(page_of(case))
    await post_status(desk, case, "reported", "其实是两处")
    assert (await stored(office, case)).status is S.REPORTED
    assert (await stored(office, other)).supporters == 0


async def test_what_belongs_to_another_step_is_left_out(desk: Browser, office: Office) -> None:
    case = await office.move(await office.case(), S.ASSIGNED)
    stray = {"until": "2026-11-30", "ground": "abuse", "into": "KT20261123-0009", "lead": "police"}
    await post_status(desk, case, "returned", "不归我们", **stray)
    assert await last_step(office, case) == {}


async def test_a_photo_shows_what_was_done(desk: Browser, office: Office) -> None:
    case = await office.move(await office.case(), S.ASSIGNED)
    assert (await post_status(desk, case, "resolved", "清掉了", [picture(), picture((9, 9, 9))])).status_code == 303
    page = await desk.html(page_of(case))
    shown = photos_in(page)
    assert len(shown) == 2
    answer = await desk.get(shown[0])
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_a_photo_is_asked_for_where_the_service_needs_one(desk: Browser, office: Office) -> None:
    case = await office.move(await office.case(), S.ASSIGNED)
    answer = await post_status(desk, case, "resolved", "清掉了", files=[])
    assert answer.status_code == 422
    assert "要附上处置后的照片" in answer.text
    assert ">清掉了</textarea>" in answer.text
    assert await stored(office, case) == case


async def test_a_photo_outlives_a_refusal(desk: Browser, office: Office) -> None:
    case = await office.move(await office.case(), S.ASSIGNED)
    answer = await post_status(desk, case, "resolved", "", [picture()])
    assert answer.status_code == 422
    (kept,) = re.findall(r'name="photo_kept" value="(\S+)" checked', answer.text)
    assert photos_in(answer.text) == [f"/console/photos/{kept}"]
    await post_status(desk, case, "resolved", "清掉了", files=[], photo_kept=[kept, "../../etc/passwd", "0" * 64])
    assert (await last_step(office, case))["photos"] == [kept]


@pytest.mark.parametrize(
    ("data", "words"), [(b"GIF89a", "读不出来"), (b"\xff\xd8\xff" + b"\0" * 10 * 1024 * 1024, "不能超过10MB")]
)
async def test_a_photo_that_cannot_be_kept_is_refused(desk: Browser, office: Office, data: bytes, words: str) -> None:
    case = await office.move(await office.case(), S.ASSIGNED)
    answer = await post_status(desk, case, "resolved", "清掉了", [picture(), data])
    assert answer.status_code == 422
    assert words in answer.text
    assert ">清掉了</textarea>" in answer.text
    assert len(photos_in(answer.text)) == 1
    assert await stored(office, case) == case


async def test_more_photos_than_four_are_refused(desk: Browser, office: Office) -> None:
    case = await office.move(await office.case(), S.ASSIGNED)
    assert (await post_status(desk, case, "resolved", "清掉了", [picture()] * 5)).status_code == 403
    assert await stored(office, case) == case


async def test_an_upload_without_end_is_cut_off(desk: Browser, office: Office) -> None:
    case = await office.move(await office.case(), S.ASSIGNED)
    answer = await post_status(desk, case, "resolved", "清掉了", [b"\0" * 42 * 1024 * 1024])
    assert answer.status_code == 413
    assert await stored(office, case) == case


@pytest.mark.parametrize(
    "content", [b"", b"--x", b"--x\r\n\r\n--x--", b"--x\r\nContent-Disposition: a\r\n\r\nb\r\n--x--"]
)
@pytest.mark.parametrize("kind", ["multipart/form-data", "multipart/form-data; boundary=x"])
async def test_a_broken_upload_is_refused(desk: Browser, office: Office, content: bytes, kind: str) -> None:
    case = await office.case()
    headers = {"content-type": kind}
    answer = await desk.post(page_of(case) + "/status", content=content, headers=headers)
    assert answer.status_code == 403


async def test_a_stranger_uploads_nothing(stranger: Browser, office: Office) -> None:
    fields = {"username": "desk", "password": "x"}
    answer = await stranger.submit("/console/login", "/console/login", fields, [picture()])
    assert answer.status_code == 403
    assert "已经失效" in answer.text


@pytest.mark.parametrize("name", ["0" * 64 + ".jpg", "x", "..%2F..%2Fketang.db"])
async def test_an_unknown_photo(desk: Browser, name: str) -> None:
    answer = await desk.get(f"/console/photos/{name}")
    assert answer.status_code == 404
    assert "text/html" in answer.headers["content-type"]


async def test_a_photo_is_for_staff_only(desk: Browser, stranger: Browser, office: Office) -> None:
    name = office.photos.keep(picture())
    with Image.open(office.photos.path(name)) as kept:
        assert kept.size == (60, 40)
    assert (await desk.get(f"/console/photos/{name}")).status_code == 200
    answer = await stranger.get(f"/console/photos/{name}")
    assert (answer.status_code, answer.content) == (303, b"")


async def test_a_reply_and_a_question(desk: Browser, office: Office) -> None:
    case = await office.move(await office.case(), S.ASSIGNED)
    before = len(await told(office, case))
    await desk.submit(page_of(case), page_of(case) + "/reply", {"words": "师傅下午到"})
    assert "已回复居民" in await desk.html(page_of(case))
    await desk.submit(page_of(case), page_of(case) + "/reply", {"words": "是哪个门口？", "ask": "yes"})
    page = await desk.html(page_of(case))
    assert "已询问居民" in page
    assert "等居民答复，暂停计时" in page
    assert [("师傅下午到" in m.text, "是哪个门口？" in m.text) for m in (await told(office, case))[before:]] == [
        (True, False),
        (False, True),
    ]
    assert len(office.woken) == 2


async def test_an_empty_or_late_reply_is_refused_and_kept(desk: Browser, office: Office) -> None:
    case = await office.case()
    empty = await desk.submit(page_of(case), page_of(case) + "/reply", {"words": " \n"})
    late = await desk.submit(
        page_of(case), page_of(case) + "/reply", {"words": "写好的话", "version": "0", "ask": "yes"}
    )
    long = await desk.submit(page_of(case), page_of(case) + "/reply", {"words": "长" * 1001})
    assert [answer.status_code for answer in (empty, late, long)] == [422, 409, 422]
    assert ">写好的话</textarea>" in late.text
    assert 'name="ask" value="yes" checked' in late.text
    assert await stored(office, case) == case
    assert office.woken == []


async def archived(office: Office) -> Any:
    return await office.move(await office.case(), S.ASSIGNED, S.RESOLVED, S.VERIFIED, S.ARCHIVED)


async def test_asking_again(desk: Browser, office: Office) -> None:
    case = await archived(office)
    page = page_of(case)
    await desk.submit(page, page + "/revisit", {"content": "yes", "revisit_note": "说很干净"})
    html = await desk.html(page)
    assert "回访，居民说解决了" in html
    assert "说很干净" in html
    assert office.woken == []
    unsaid = await desk.submit(page, page + "/revisit", {"content": "no", "revisit_note": " "})
    assert unsaid.status_code == 422
    assert 'value="no" class="needs-note" checked' in unsaid.text
    await desk.submit(page, page + "/revisit", {"content": "no", "revisit_note": "又堆了"})
    after = await stored(office, case)
    assert (after.status, after.round) == (S.REOPENED, 2)
    assert "第2次办理" in await desk.html(page)
    assert len(office.woken) == 1


async def test_only_an_archived_case_is_asked_about(desk: Browser, office: Office) -> None:
    case = await office.case()
    assert "/revisit" not in await desk.html(page_of(case))
    answer = await desk.submit(page_of(case), page_of(case) + "/revisit", {"content": "yes", "revisit_note": ""})
    assert answer.status_code == 409
