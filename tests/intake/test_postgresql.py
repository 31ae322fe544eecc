"""The same ways in on PostgreSQL, which writes in parallel and takes fewer characters than SQLite."""

import asyncio

import pytest

from community.core.workflow import Status
from tests.fakes.backends import Backend
from tests.intake.counter import Counter
from tests.intake.test_webhook import EVENT


@pytest.fixture
def backend(postgresql_backend: Backend) -> Backend:
    return postgresql_backend


async def test_reports_at_once_open_one_case_for_each_id(counter: Counter) -> None:
    ids = ["A-1", "A-2", "A-3"] * 4
    numbers = await asyncio.gather(*(counter.number(attribute_external_id=i, account_id="u1") for i in ids))
    assert len(set(numbers)) == 3
    assert sorted({case.number for case in await counter.cases()}) == sorted(set(numbers))


async def test_events_at_once_open_one_case(counter: Counter) -> None:
    answers = await asyncio.gather(*(counter.send(EVENT) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]


async def test_questions_and_updates(counter: Counter) -> None:
    number = await counter.number(lat="31.3636", long="121.2557")
    await counter.move(number, Status.ASSIGNED)
    (request,) = await counter.shown("/requests.json", status="open", start_date="2026-11-23T00:00:00+08:00")
    assert (request["service_request_id"], request["lat"]) == (number, 31.3636)
    (update,) = await counter.shown("/servicerequestupdates.json")
    assert update["description"] == "正在处理"


@pytest.mark.parametrize("path", ["/requests/%00.json", "/requests/x%ED%A0%80.json", "/services/%00.xml"])
async def test_characters_that_no_database_takes(counter: Counter, path: str) -> None:
    assert (await counter.get(path)).status_code == 404


@pytest.mark.parametrize("name", ["service_request_id", "service_code"])
async def test_such_characters_in_a_question(counter: Counter, name: str) -> None:
    assert await counter.shown("/requests.json", **{name: "\x00x"}) == []


async def test_such_characters_in_a_report(counter: Counter) -> None:
    fields = {"description": "井盖\x00坏了", "attribute_external_id": "A\x00", "account_id": "\x00"}
    assert (await counter.stored(await counter.number(**fields))).description == "井盖坏了"
    assert (await counter.report(service_code="man\x00hole")).status_code == 200
    assert (await counter.report(address_id="\x00x")).status_code == 400
