"""Who sees and does what; the browsers are those of console/conftest.py's people."""

from collections.abc import Awaitable, Callable

import pytest

from community.core.cases import Case
from community.core.errors import KetangError
from community.core.workflow import Status
from console import labels
from tests.console.office import Browser, Office, page_of, post_status, stored

S = Status
SignedIn = Callable[[str], Awaitable[Browser]]
FORMS = ["code", "status", "reply", "revisit", "tasks/add", "tasks/finish", "tasks/drop"]
FIELDS = {"service_code": "noise", "to": "resolved", "note": "x", "words": "x", "content": "yes", "unit": "police"}


async def joint(office: Office) -> Case:
    return await office.move(await office.case(), S.ASSIGNED, units=("sanitation", "police"))


async def test_handlers_see_the_cases_of_their_unit_only(signed_in: SignedIn, office: Office) -> None:
    own, shared = await office.case(), await joint(office)
    seen = {}
    for name in ("desk", "inspector", "sweeper", "guard", "nobody's"):
        browser = await signed_in(name)
        page = await browser.html("/console/?unit=sanitation")
        opened = [(await browser.get(page_of(case))).status_code == 200 for case in (own, shared)]
        assert [case.number in page for case in (own, shared)] == opened
        seen[name] = opened
        assert ('name="unit"' in page) == (name in ("desk", "inspector"))
    assert seen == {
        "desk": [True, True],
        "inspector": [True, True],
        "sweeper": [True, True],
        "guard": [False, True],
        "nobody's": [False, False],
    }


async def test_the_tabs_of_a_handler_count_their_own(signed_in: SignedIn, office: Office) -> None:
    await office.case()
    await joint(office)
    page = await (await signed_in("guard")).html("/console/")
    assert '未结<b class="count">1</b>' in page
    assert '全部<b class="count">1</b>' in page
    assert "待分派" not in page


@pytest.mark.parametrize("form", FORMS)
async def test_a_case_of_another_unit_is_none(signed_in: SignedIn, office: Office, form: str) -> None:
    own, case = await joint(office), await office.case()
    guard = await signed_in("guard")
    answer = await guard.submit(page_of(own), f"{page_of(case)}/{form}", FIELDS)
    assert answer.status_code == 404
    assert await stored(office, case) == case


# Who may not send which form of a case they can read; all other forms they may.
CLOSED = {
    "sweeper": {"code", "revisit", "tasks/add", "tasks/drop", "tasks/finish"},  # the task is the police's
    "guard": {"code", "status", "revisit", "tasks/add", "tasks/drop"},  # they don't lead
    "inspector": {"code", "reply", "tasks/add", "tasks/finish", "tasks/drop"},
    "desk": set(),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", CLOSED)
async def test_every_form_refuses_the_wrong_role(signed_in: SignedIn, office: Office, name: str, form: str) -> None:
    case = await joint(office)
    browser = await signed_in(name)
    answer = await browser.submit(
        "/console/alerts", f"{page_of(case)}/{form}", {**FIELDS, "version": str(case.version)}
    )
    assert (answer.status_code == 403) == (form in CLOSED[name])
    if answer.status_code == 403:
        assert "不由您办理" in answer.text
        assert await stored(office, case) == case


async def test_only_what_one_may_do_is_offered(signed_in: SignedIn, office: Office) -> None:
    case = await joint(office)
    offers = {}
    for name in CLOSED:
        page = await (await signed_in(name)).html(page_of(case))
        offers[name] = {form for form in FORMS if f'{page_of(case)}/{form}"' in page}
    assert offers == {
        "sweeper": {"status", "reply"},
        "guard": {"reply", "tasks/finish"},
        "inspector": set(),
        "desk": {"code", "status", "reply", "tasks/add", "tasks/finish", "tasks/drop"},
    }


async def test_an_inspector_checks_what_a_unit_did(signed_in: SignedIn, office: Office) -> None:
    case = await office.move(await office.case(), S.ASSIGNED)
    inspector, sweeper = await signed_in("inspector"), await signed_in("sweeper")
    assert (await post_status(inspector, case, "resolved", "清了")).status_code == 409
    assert (await post_status(sweeper, case, "resolved", "清了")).status_code == 303
    assert (await post_status(sweeper, case, "verified")).status_code == 409
    assert (await post_status(inspector, case, "verified")).status_code == 303
    assert (await stored(office, case)).status is S.VERIFIED


def test_every_reason_of_the_workflow_has_words() -> None:
    """A service may refuse a posted form for any of these."""
    names = {error.__name__ for error in labels.REFUSALS}
    assert names >= {
        "StaleCase",
        "TransitionNotAllowed",
        "NoteRequired",
        "GroundRequired",
        "BadDate",
        "BadTarget",
        "PhotoRequired",
        "PhotoRefused",
        "PhotoTooLarge",
        "TasksOpen",
        "StepsOpen",
        "UnknownUnit",
        "UnknownService",
    }
    assert all(issubclass(error, KetangError) for error in labels.REFUSALS)
