"""Signed events of other platforms."""

import asyncio
import json
from typing import Any

import pytest

from community.core.cases import Source, Urgency
from community.services.keys import revoke_key
from intake.bodies import MAX_BODY
from intake.signature import sign
from tests.intake.counter import KEY, PHONE, Counter

EVENT: dict[str, Any] = {
    "id": "cam-20261123-001",
    "kind": "camera",
    "service_code": "street_vending",
    "description": "校门口有流动摊贩占道",
    "longitude": 121.2557,
    "latitude": 31.3636,
    "address": "清河路校门口",
    "occurred_at": "2026-11-23T11:58:00+08:00",
}


async def test_an_event_becomes_a_case(counter: Counter) -> None:
    answer = await counter.send(EVENT)
    assert answer.status_code == 201
    assert answer.json() == {"number": "KT20261123-0001", "status": "reported", "known": False}
    case = await counter.stored("KT20261123-0001")
    assert (case.source, case.service_code, case.urgency) == (Source.PLATFORM, "street_vending", Urgency.ROUTINE)
    assert (case.longitude, case.latitude) == (121.2557, 31.3636)
    async with counter.open_uow() as uow:
        opened = (await uow.cases.events(case.id))[0]
    assert opened.data["kind"] == "camera"
    assert opened.data["occurred_at"] == "2026-11-23T11:58:00+08:00"


async def test_a_replay_gives_the_first_case(counter: Counter) -> None:
    first = await counter.send(EVENT)
    again = await counter.send({**EVENT, "description": "又来了"})
    assert again.status_code == 200
    assert again.json() == {**first.json(), "known": True}
    assert len(await counter.cases()) == 1


async def test_the_same_event_twice_at_once(counter: Counter) -> None:
    answers = await asyncio.gather(*(counter.send(EVENT) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 200, 201]
    assert len(await counter.cases()) == 1


async def test_chinese_coordinates_are_turned_into_ours(counter: Counter) -> None:
    await counter.send({**EVENT, "coordinate_system": "gcj02"})
    case = await counter.stored("KT20261123-0001")
    assert case.longitude is not None
    assert 0.001 < EVENT["longitude"] - case.longitude < 0.01


@pytest.mark.parametrize("minutes", [-5, 0, 5])
async def test_clocks_may_go_a_little_wrong(counter: Counter, minutes: int) -> None:
    assert (await counter.send(EVENT, at=int(counter.clock().timestamp()) + minutes * 60)).status_code == 201


@pytest.mark.parametrize("seconds", [-301, 301, 86400])
async def test_a_clock_that_is_wrong_is_told_by_how_much(counter: Counter, seconds: int) -> None:
    answer = await counter.send(EVENT, at=int(counter.clock().timestamp()) + seconds)
    assert answer.status_code == 401
    assert f"{abs(seconds)}秒" in answer.json()["errors"][0]["message"]
    assert await counter.cases() == []


async def test_signatures_that_do_not_hold(counter: Counter) -> None:
    body = json.dumps(EVENT).encode()
    now = int(counter.clock().timestamp())
    good = sign(counter.secret, body, now)
    for headers, code in (
        ({}, "signature_missing"),
        ({"X-Ketang-Signature": good}, "signature_missing"),
        ({"X-Ketang-Key": KEY}, "signature_missing"),
        ({"X-Ketang-Key": KEY, "X-Ketang-Signature": "t=x,v1=y"}, "signature_missing"),
        ({"X-Ketang-Key": "nobody", "X-Ketang-Signature": good}, "signature_wrong"),
        ({"X-Ketang-Key": KEY, "X-Ketang-Signature": sign("x", body, now)}, "signature_wrong"),
        ({"X-Ketang-Key": KEY, "X-Ketang-Signature": sign(counter.secret, body + b" ", now)}, "signature_wrong"),
        ({"X-Ketang-Key": KEY, "X-Ketang-Signature": good.replace(f"t={now}", f"t={now + 1}")}, "signature_wrong"),
    ):
        answer = await counter.post(body, headers)
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (401, code)
    assert await counter.cases() == []


async def test_a_revoked_key_signs_nothing(counter: Counter) -> None:
    async with counter.open_uow() as uow:
        await revoke_key(uow, KEY)
    assert (await counter.send(EVENT)).status_code == 401


BAD: list[tuple[dict[str, Any], str, str]] = [
    ({"id": ""}, "id", "value_missing"),
    ({"id": None}, "id", "value_missing"),
    ({"id": 7}, "id", "value_not_text"),
    ({"id": "x" * 65}, "id", "value_too_long"),
    ({"description": " \x00 "}, "description", "value_missing"),
    ({"description": "长" * 4001}, "description", "value_too_long"),
    ({"service_code": "no_such"}, "service_code", "value_service_unknown"),
    ({"area_code": "nb-nowhere"}, "area_code", "value_area_unknown"),
    ({"kind": "drone"}, "kind", "value_not_a_choice"),
    ({"urgency": "now"}, "urgency", "value_not_a_choice"),
    ({"coordinate_system": "bd09"}, "coordinate_system", "value_not_a_choice"),
    ({"longitude": "121.2"}, "longitude", "value_not_degrees"),
    ({"longitude": True}, "longitude", "value_not_degrees"),
    ({"longitude": 10**400}, "longitude", "value_not_degrees"),
    ({"latitude": None}, "latitude", "value_half_position"),
    ({"latitude": 91}, "latitude", "value_off_earth"),
    ({"longitude": None, "latitude": None, "address": ""}, "address", "value_no_place"),
    ({"occurred_at": "gestern"}, "occurred_at", "value_not_a_moment"),
    ({"occurred_at": "2026-11-23T11:58:00"}, "occurred_at", "value_not_a_moment"),
    ({"occurred_at": "2026-11-23T12:05:01+08:00"}, "occurred_at", "value_in_future"),
]


@pytest.mark.parametrize(("changes", "field", "code"), BAD)
async def test_a_wrong_field_is_named(counter: Counter, changes: dict[str, Any], field: str, code: str) -> None:
    answer = await counter.send({**EVENT, **changes})
    assert answer.status_code == 422
    found = {error["field"]: error["code"] for error in answer.json()["errors"]}
    assert found[field] == code
    assert all(error["message"] for error in answer.json()["errors"])
    assert await counter.cases() == []
    async with counter.open_uow() as uow:
        assert await uow.residents.find_account("platform", KEY) is None


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b"\xff", b'{"longitude": NaN}', b"[" * 9000])
async def test_what_is_no_event(counter: Counter, body: bytes) -> None:
    answer = await counter.send(body)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["code"] == "not_json"


async def test_a_body_without_end_is_cut_off(counter: Counter) -> None:
    assert (await counter.send(b" " * (MAX_BODY + 1))).status_code == 413


async def test_a_platform_gone_wild_has_to_wait(counter: Counter) -> None:
    for _ in range(120):
        counter.desk.limiter.admits(KEY)
    assert (await counter.send(EVENT)).status_code == 429


async def test_other_addresses_and_methods(counter: Counter) -> None:
    assert (await counter.client.get("/intake/v1/events")).status_code == 405
    assert (await counter.client.post("/intake/v1/nothing")).status_code == 404


async def test_an_emergency_calls_people(counter: Counter) -> None:
    answer = await counter.send({**EVENT, "urgency": "emergency", "service_code": "fire"})
    case = await counter.stored(answer.json()["number"])
    async with counter.open_uow() as uow:
        assert await uow.alerts.of_case(case.id) != []
    assert len(counter.woken) == 1


async def test_contacts_in_the_words_are_kept_apart(counter: Counter) -> None:
    answer = await counter.send({**EVENT, "description": f"摊主电话{PHONE}", "area_code": "nb-meiyuan"})
    case = await counter.stored(answer.json()["number"])
    assert (PHONE in case.description, case.area_code) == (False, "nb-meiyuan")
    other = await counter.stored((await counter.send({**EVENT, "id": "2"})).json()["number"])
    async with counter.open_uow() as uow:
        people = [await uow.residents.account(one.account_id) for one in (case, other)]
        known = [await uow.residents.get(account.resident_id) for account in people if account]
    assert [resident.contacts for resident in known if resident] == [[PHONE], []]


async def test_trouble_inside_writes_nothing(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fails(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("community.services.cases.raise_alert", fails)
    event = {**EVENT, "urgency": "emergency"}
    assert (await counter.send(event)).status_code == 500
    assert await counter.cases() == []
    monkeypatch.undo()
    counter.clock.advance(seconds=30)
    assert (await counter.send(event)).status_code == 201
