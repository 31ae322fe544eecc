"""How a case's clocks are shown."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from community.core.clocks import Limit
from community.core.workflow import Status
from community.core.worktime import Basis
from community.services.cases import add_details, reply
from community.services.reference import load_texts
from console.views.clocks import limit_words
from tests.console.office import Browser, Office, page_of, stored

TEXTS = load_texts(Path(__file__).parents[2] / "data" / "texts" / "console.yml")
S = Status


def clocks(page: str) -> list[tuple[str, str, str, str]]:
    """Name, colour, words and share used of each."""
    found = re.findall(r"<dt>(\S+)时限</dt>.*?due (\w+)\">([^<]+)<.*?<span>(\d+%)</span>", page, re.DOTALL)
    return [(name, level, words, share) for name, level, words, share in found]


@pytest.mark.parametrize(
    ("minutes", "basis", "words"),
    [
        (10, Basis.CLOCK, "10分钟"),
        (60, Basis.CLOCK, "1小时"),
        (90, Basis.CLOCK, "90分钟"),
        (24 * 60, Basis.CLOCK, "24小时"),
        (48 * 60, Basis.CLOCK, "2天"),
        (50 * 60, Basis.CLOCK, "50小时"),
        (8 * 60, Basis.WORK, "8个工作小时"),
        (48 * 60, Basis.WORK, "48个工作小时"),
        (30, Basis.WORK, "30个工作分钟"),
    ],
)
def test_a_limit_in_words(minutes: int, basis: Basis, words: str) -> None:
    assert limit_words(Limit(timedelta(minutes=minutes), basis), TEXTS) == words


@pytest.mark.parametrize(
    ("hours", "level", "words", "share"),
    [
        (0, "fine", "剩24小时", "0%"),
        (12, "fine", "剩12小时", "50%"),
        (20, "soon", "剩4小时", "83%"),
        (36, "overdue", "超期12小时", "150%"),
    ],
)
async def test_how_much_is_used(
    stranger: Browser, office: Office, hours: int, level: str, words: str, share: str
) -> None:
    case = await office.case()
    office.clock.advance(hours=hours)
    await stranger.log_in()
    assert ("处置", level, words, share) in clocks(await stranger.html(page_of(case)))


async def test_who_is_asked_stops_the_clock_until_they_answer(desk: Browser, office: Office) -> None:
    case = await office.case()
    async with office.open_uow() as uow:
        await reply(uow, case.id, case.version, "哪个门口？", actor_name="desk", ask=True)
    office.clock.advance(hours=6)
    assert clocks(await desk.html(page_of(case))) == [
        ("先行联系", "met", "已按时完成", "0%"),
        ("处置", "met", "等居民答复，暂停计时", "0%"),
    ]
    async with office.open_uow() as uow:
        await add_details(uow, await stored(office, case), "南门")
    assert clocks(await desk.html(page_of(case)))[1] == ("处置", "fine", "剩24小时", "0%")


async def test_what_was_done_too_late_stays_red(stranger: Browser, office: Office) -> None:
    case = await office.move(await office.case(), S.ASSIGNED)
    office.clock.advance(hours=30)
    await office.move(case, S.RESOLVED)
    await stranger.log_in()
    assert clocks(await stranger.html(page_of(case)))[1] == ("处置", "overdue", "超时完成", "125%")


async def test_what_was_withdrawn_is_over(desk: Browser, office: Office) -> None:
    case = await office.move(await office.case(), S.WITHDRAWN)
    assert [words for _, _, words, _ in clocks(await desk.html(page_of(case)))] == ["已了结", "已了结"]
