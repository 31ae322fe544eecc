"""What may go wrong with a report, what comes once, and what a question finds."""

import asyncio
from datetime import timedelta

import pytest

from community.core.cases import Source, Urgency
from community.services.keys import create_key, revoke_key
from intake.bodies import MAX_BODY
from tests.intake.counter import KEY, PHONE, Counter

BAD: list[tuple[dict[str, str], str]] = [
    ({"lat": "NaN", "long": "121"}, "度数"),
    ({"lat": "31", "long": "inf"}, "度数"),
    ({"lat": "91", "long": "121"}, "度数"),
    ({"lat": "31.2N", "long": "121"}, "度数"),
    ({"lat": "31", "long": ""}, "一起"),
    ({"address_id": "nb-nowhere"}, "nb-nowhere"),
    ({"description": "长" * 4001}, "4001"),
    ({"media_url": "javascript:alert(1)"}, "media_url"),
    ({"media_url": "file:///etc/passwd"}, "media_url"),
    ({"media_url": "http://"}, "media_url"),
    ({"media_url": "http://[::1"}, "media_url"),
    ({"account_id": "x" * 65}, "account_id"),
    ({"attribute_external_id": "x" * 65}, "external_id"),
    ({f"f{number}": "x" for number in range(80)}, "字段"),
]


@pytest.mark.parametrize(("fields", "word"), BAD)
async def test_a_bad_report_says_why_and_opens_nothing(counter: Counter, fields: dict[str, str], word: str) -> None:
    answer = await counter.report(**fields)
    assert answer.status_code == 400
    assert word in answer.json()[0]["description"]
    assert await counter.cases() == []


async def test_every_problem_at_once(counter: Counter) -> None:
    answer = await counter.report(service_code="", address_string="", media_url="x")
    assert len(answer.json()) == 3


@pytest.mark.parametrize("body", [b"\xff\xfe", b"description=%ff%fe", b"", b"a" * 1000])
async def test_what_is_no_form(counter: Counter, body: bytes) -> None:
    answer = await counter.client.post("/open311/v2/requests.json", content=body)
    assert answer.status_code in {400, 403}


async def test_a_body_without_end_is_cut_off(counter: Counter) -> None:
    answer = await counter.client.post("/open311/v2/requests.json", content=b"a" * (MAX_BODY + 1))
    assert answer.status_code == 413


async def test_a_wrong_method(counter: Counter) -> None:
    answer = await counter.client.delete("/open311/v2/requests.json")
    assert answer.status_code == 405
    assert answer.json()[0]["code"] == 405


async def test_a_revoked_key_writes_nothing(counter: Counter) -> None:
    async with counter.open_uow() as uow:
        await revoke_key(uow, KEY)
    assert (await counter.report()).status_code == 403


async def test_a_key_gone_wild_has_to_wait_a_minute(counter: Counter) -> None:
    for _ in range(120):
        assert counter.desk.limiter.admits(KEY)
    assert (await counter.report()).status_code == 429
    async with counter.open_uow() as uow:
        other = await create_key(uow, "another")
    assert (await counter.report(api_key=other)).status_code == 200
    counter.clock.advance(minutes=1)
    assert (await counter.report()).status_code == 200


async def test_the_same_external_id_opens_one_case(counter: Counter) -> None:
    first = await counter.number(attribute_external_id="A-17", account_id="u1")
    assert await counter.number(attribute_external_id="A-17", account_id="u2", description="另一种说法") == first
    assert await counter.number(attribute_external_id="A-18") != first
    assert len(await counter.cases()) == 2


async def test_the_same_external_id_twice_at_once(counter: Counter) -> None:
    numbers = await asyncio.gather(*(counter.number(attribute_external_id="A-17", account_id="u1") for _ in range(5)))
    assert len(set(numbers)) == 1
    assert [case.number for case in await counter.cases()] == [numbers[0]]


async def test_two_systems_may_use_the_same_id(counter: Counter) -> None:
    async with counter.open_uow() as uow:
        other = await create_key(uow, "another")
    first = await counter.number(attribute_external_id="A-17")
    assert await counter.number(attribute_external_id="A-17", api_key=other) != first


async def test_source_place_and_people_are_kept(counter: Counter) -> None:
    number = await counter.number(
        address_string="桂花苑3号楼楼下", phone=PHONE, email="wang@example.cn", description=f"打我电话{PHONE}"
    )
    case = await counter.stored(number)
    assert (case.source, case.area_code, case.address) == (Source.OPEN311, "nb-guihuayuan", "桂花苑3号楼楼下")
    assert PHONE not in case.description
    async with counter.open_uow() as uow:
        account = await uow.residents.account(case.account_id)
        assert account is not None
        assert account.channel == "open311"
        assert PHONE not in account.external_id
        resident = await uow.residents.get(account.resident_id)
    assert resident is not None
    assert resident.contacts == [PHONE, "wang@example.cn"]


async def test_one_persons_contacts_never_stand_with_anothers(counter: Counter) -> None:
    first = await counter.stored(await counter.number(phone=PHONE))
    second = await counter.stored(await counter.number(phone="13900000000"))
    assert first.account_id != second.account_id


async def test_danger_calls_people(counter: Counter) -> None:
    answer = await counter.report(service_code="gas_leak")
    assert "119" in answer.json()[0]["service_notice"]
    case = await counter.stored(answer.json()[0]["service_request_id"])
    assert case.urgency is Urgency.EMERGENCY
    async with counter.open_uow() as uow:
        assert await uow.alerts.of_case(case.id) != []
    assert counter.woken


async def test_a_description_may_be_left_out(counter: Counter) -> None:
    case = await counter.stored(await counter.number())
    assert case.description == counter.reference.taxonomy["manhole"].name


async def test_questions(counter: Counter) -> None:
    early = await counter.number()
    counter.clock.advance(days=10)
    late = await counter.number(service_code="street_light")

    async def found(**params: str) -> list[str]:
        return [r["service_request_id"] for r in await counter.shown("/requests.json", **params)]

    assert await found() == [late, early]
    assert await found(service_code="street_light, none") == [late]
    assert await found(start_date="2026-12-01T00:00:00Z") == [late]
    assert await found(start_date="2026-11-23T12:00:00 08:00", end_date="2026-11-23T04:00:00Z") == [early]
    assert await found(end_date="2026-12-01T00:00:00+08:00") == [early]
    assert await found(service_request_id=f"{late},{early},none", status="closed") == [early, late]
    assert await found(page_size="1") == [late]
    assert await found(page_size="1", page="2") == [early]
    assert await found(page="3") == []
    assert await found(status="", start_date="", service_code="") == [late, early]
    counter.clock.advance(days=85)
    assert await found() == [late]


async def test_the_span_is_ninety_days_and_not_a_second_more(counter: Counter) -> None:
    start = counter.clock() - timedelta(days=90)
    params = {"start_date": start.isoformat(), "end_date": counter.clock().isoformat()}
    assert (await counter.get("/requests.json", **params)).status_code == 200
    params["start_date"] = (start - timedelta(seconds=1)).isoformat()
    assert (await counter.get("/requests.json", **params)).status_code == 400


@pytest.mark.parametrize(
    "params",
    [
        {"start_date": "yesterday"},
        {"start_date": "2026-11-23"},
        {"start_date": "2026-11-23T00:00:00"},
        {"end_date": "9999-12-31T23:59:59Z"},
        {"end_date": "0001-01-01T00:00:00+08:00"},
        {"start_date": "2026-11-24T00:00:00Z", "end_date": "2026-11-23T00:00:00Z"},
        {"status": "closing"},
        {"page": "0"},
        {"page": "-1"},
        {"page": "9" * 30},
        {"page_size": "1001"},
        {"page_size": "²"},
        {"service_request_id": ",".join("x" * 101)},
    ],
)
async def test_bad_questions(counter: Counter, params: dict[str, str]) -> None:
    answer = await counter.get("/requests.json", **params)
    assert answer.status_code == 400
    assert answer.json()[0]["description"]


async def test_the_reporter_adds_something_once(counter: Counter) -> None:
    number = await counter.number()
    fields = {"service_request_id": number, "update_id": "U-1", "description": f"更大了，电话{PHONE}"}
    first = await counter.report("/servicerequestupdates.json", **fields)
    again = await counter.report("/servicerequestupdates.json", **fields)
    assert first.status_code == again.status_code == 200
    assert first.json() == again.json()
    case = await counter.stored(number)
    async with counter.open_uow() as uow:
        events = await uow.cases.events(case.id)
    (added,) = [event for event in events if event.data.get("update_id") == "U-1"]
    assert first.json() == [{"update_id": str(added.id)}]
    assert PHONE not in added.note


async def test_only_the_system_that_reported_adds(counter: Counter) -> None:
    number = await counter.number()
    chat = await counter.case()
    async with counter.open_uow() as uow:
        other = await create_key(uow, "another")
    fields = {"update_id": "U-1", "description": "更大了"}
    path = "/servicerequestupdates.json"
    assert (await counter.report(path, service_request_id=number, api_key=other, **fields)).status_code == 404
    assert (await counter.report(path, service_request_id=chat.number, **fields)).status_code == 404
    assert (await counter.report(path, service_request_id=number, api_key="x", **fields)).status_code == 403
    assert (await counter.report(path, service_request_id=number)).status_code == 400


async def test_trouble_inside_answers_in_the_form_too(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fails(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("intake.open311.requests.take_in_one", fails)
    answer = await counter.report()
    assert (answer.status_code, answer.json()[0]["code"]) == (500, 500)
