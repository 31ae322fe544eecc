"""The page of a special procedure: started once, each open step with its form, refused with the reason."""

import re

import pytest

from community.core.cases import Case
from community.core.workflow import Actor, Move, Status
from community.services.cases import change_status
from tests.console.office import Browser, Office


@pytest.fixture
async def case(office: Office) -> Case:
    case = await office.case(service_code="load_bearing", description="楼上在敲承重墙")
    async with office.open_uow() as uow:
        move = Move(to=Status.ASSIGNED, actor=Actor.DISPATCHER)
        return await change_status(uow, case.id, case.version, move, actor_name="王芳")


def page_of(case: Case) -> str:
    return f"/console/cases/{case.id}/procedure"


async def start(desk: Browser, case: Case) -> None:
    answer = await desk.submit(page_of(case), page_of(case), {})
    assert answer.status_code == 303


async def finish(desk: Browser, case: Case, key: str, **fields: str) -> int:
    return (await desk.submit(page_of(case), f"{page_of(case)}/{key}", fields)).status_code


def forms(page: str) -> list[str]:
    return re.findall(r'action="[^"]*/procedure/(\w+)"', page)


async def test_all_steps_are_shown_and_only_open_ones_can_be_done(desk: Browser, case: Case) -> None:
    before = await desk.html(page_of(case))
    assert before.count('<p class="what">') == 26
    assert forms(before) == []
    await start(desk, case)
    assert forms(await desk.html(page_of(case))) == ["discover"]


async def test_a_step_with_its_evidence_opens_the_next(desk: Browser, case: Case) -> None:
    await start(desk, case)
    assert await finish(desk, case, "discover", note="看过了，墙上有洞", evidence_photo="on") == 303
    page = await desk.html(page_of(case))
    assert forms(page) == ["dissuade"]
    assert "看过了，墙上有洞" in page
    assert "已办 1 / " in page


async def test_what_is_missing_is_named_and_what_was_typed_stays(desk: Browser, case: Case) -> None:
    await start(desk, case)
    answer = await desk.submit(page_of(case), f"{page_of(case)}/discover", {"note": "墙上有洞"})
    assert answer.status_code == 422
    assert "材料还没有齐" in answer.text
    assert "墙上有洞</textarea>" in answer.text


@pytest.mark.parametrize(("key", "status"), [("dissuade", 409), ("nonsense", 404)])
async def test_steps_out_of_turn(desk: Browser, case: Case, key: str, status: int) -> None:
    await start(desk, case)
    assert await finish(desk, case, key, note="x", evidence_photo="on") == status


async def test_started_only_once(desk: Browser, case: Case) -> None:
    await start(desk, case)
    assert (await desk.submit(page_of(case), page_of(case), {})).status_code == 409


async def test_a_case_without_procedure_has_no_such_page(desk: Browser, office: Office) -> None:
    plain = await office.case()
    assert (await desk.get(page_of(plain))).status_code == 404


async def test_two_people_at_one_step(desk: Browser, case: Case) -> None:
    await start(desk, case)
    fields = {"note": "看过", "evidence_photo": "on", "version": "1"}
    assert await finish(desk, case, "discover", **fields) == 409
