"""Reminders in the console."""

import re
from collections.abc import Awaitable, Callable

import pytest

from community.core.alerts import AlertKind
from community.core.cases import Case, Urgency
from community.services.alerts import raise_alert
from tests.console.office import Browser, Office

PAGE = "/console/alerts"


def bell(page: str) -> int:
    found = re.search(r'class="bell"><span class="hidden">没看过的</span>(\d+)<', page)
    return int(found[1]) if found else 0


def unseen(page: str) -> list[str]:
    return re.findall(r'action="(/console/alerts/\d+/seen)"', page)


async def remind(office: Office, case: Case, kind: AlertKind = AlertKind.RESOLVE, **facts: int) -> None:
    async with office.open_uow() as uow:
        await raise_alert(uow, case, kind, **facts)
        await uow.commit()


async def test_nothing_to_be_reminded_of(desk: Browser) -> None:
    page = await desk.html(PAGE)
    assert "没有提醒" in page
    assert bell(page) == 0


async def test_a_reminder_says_what_where_and_whom(desk: Browser, office: Office) -> None:
    case = await office.case()
    await remind(office, case, percent=80, level=0)
    page = await desk.html(PAGE)
    for words in (
        "处置时限已用80%",
        "责任单位",
        "市容环卫所",
        "sweeper",
        "桂花苑3号楼楼下",
        case.number,
        "11-23 12:00",
    ):
        assert words in page
    assert f'href="/console/cases/{case.id}"' in page


@pytest.mark.parametrize("kind", AlertKind)
async def test_every_kind_has_words(desk: Browser, office: Office, kind: AlertKind) -> None:
    await remind(office, await office.case(), kind, percent=50, level=2)
    page = await desk.html(PAGE)
    assert "二级网格长" in page
    assert page.count('<li class="card alert') == 1


async def test_an_emergency_rings_on_every_page(desk: Browser, office: Office) -> None:
    case = await office.case(urgency=Urgency.EMERGENCY)
    for path in (PAGE, "/console/", f"/console/cases/{case.id}"):
        assert bell(await desk.html(path)) == 1


async def test_seen_reminders_go_below_the_others(desk: Browser, office: Office) -> None:
    case = await office.case()
    for percent in (50, 80):
        await remind(office, case, percent=percent, level=0)
    newest, _ = unseen(await desk.html(PAGE))
    answer = await desk.submit(PAGE, newest, {})
    assert (answer.status_code, answer.headers["location"]) == (303, PAGE)
    page = await desk.html(PAGE)
    assert "这条提醒已看过" in page
    assert page.index("已用50%") < page.index("已用80%")
    assert "desk已看" in page
    assert (bell(page), len(unseen(page))) == (1, 1)
    assert (await desk.submit(PAGE, newest, {})).status_code == 303
    assert office.woken == []


async def test_handlers_are_reminded_of_their_own(
    signed_in: Callable[[str], Awaitable[Browser]], office: Office
) -> None:
    await remind(office, await office.case(), percent=50)
    desk, guard, sweeper = [await signed_in(name) for name in ("desk", "guard", "sweeper")]
    (address,) = unseen(await desk.html(PAGE))
    assert unseen(await guard.html(PAGE)) == []
    assert bell(await guard.html("/console/")) == 0
    assert (await guard.submit("/console/", address, {})).status_code == 404
    assert bell(await sweeper.html("/console/")) == 1
    assert (await sweeper.submit(PAGE, address, {})).status_code == 303
    assert bell(await desk.html("/console/")) == 0


@pytest.mark.parametrize("alert_id", ["0", "99", "x", "9" * 50])
async def test_an_unknown_reminder(desk: Browser, alert_id: str) -> None:
    address = f"/console/alerts/{alert_id}/seen"
    assert (await desk.submit(PAGE, address, {})).status_code == 404
    answer = await desk.get(address)
    assert (answer.status_code, answer.headers["location"]) == (303, PAGE)
