"""GeoReport v2 as published at wiki.open311.org, its examples written down as tables of fields."""

from typing import Any

import pytest

from community.core.workflow import Actor, Status
from tests.intake.counter import Counter, as_json, as_text

# Field: the types that its value may have in JSON. None among them: the specification lets it be empty.
SERVICE: dict[str, tuple[type, ...]] = {
    "service_code": (str,),
    "service_name": (str,),
    "description": (str,),
    "metadata": (bool,),
    "type": (str,),
    "keywords": (str,),
    "group": (str,),
}
ATTRIBUTE: dict[str, tuple[type, ...]] = {
    "variable": (bool,),
    "code": (str,),
    "datatype": (str,),
    "required": (bool,),
    "datatype_description": (str, type(None)),
    "order": (int,),
    "description": (str,),
    "values": (list,),
}
CREATED: dict[str, tuple[type, ...]] = {
    "service_request_id": (str,),
    "service_notice": (str, type(None)),
    "account_id": (str, type(None)),
}
REQUEST: dict[str, tuple[type, ...]] = {
    "service_request_id": (str,),
    "status": (str,),
    "status_notes": (str, type(None)),
    "service_name": (str,),
    "service_code": (str,),
    "description": (str, type(None)),
    "agency_responsible": (str, type(None)),
    "service_notice": (str, type(None)),
    "requested_datetime": (str,),
    "updated_datetime": (str,),
    "expected_datetime": (str, type(None)),
    "address": (str, type(None)),
    "address_id": (str, type(None)),
    "zipcode": (str, type(None)),
    "lat": (float, type(None)),
    "long": (float, type(None)),
    "media_url": (str, type(None)),
}
DISCOVERY: dict[str, tuple[type, ...]] = {
    "changeset": (str,),
    "contact": (str,),
    "key_service": (str,),
    "endpoints": (list,),
}
ENDPOINT: dict[str, tuple[type, ...]] = {
    "specification": (str,),
    "url": (str,),
    "changeset": (str,),
    "type": (str,),
    "formats": (list,),
}
UPDATE: dict[str, tuple[type, ...]] = {
    "update_id": (str,),
    "service_request_id": (str,),
    "status": (str,),
    "updated_datetime": (str,),
    "description": (str,),
    "media_url": (str, type(None)),
}
ERROR: dict[str, tuple[type, ...]] = {"code": (int,), "description": (str,)}

# The example of the published POST, with a service of ours.
EXAMPLE = {
    "jurisdiction_id": "city.gov",
    "service_code": "road_damage",
    "lat": "37.76524078",
    "long": "-122.4212043",
    "address_string": "1234 5th street",
    "email": "smit333@sfgov.edu",
    "device_id": "tt222111",
    "account_id": "123456",
    "first_name": "john",
    "last_name": "smith",
    "phone": "111111111",
    "description": "A large sinkhole is destroying the street",
    "media_url": "http://farm3.static.flickr.com/2002/2212426634_5ed477a060.jpg",
    "attribute_WHISPAWN": "123456",
    "attribute_WHISDORN": "COISL001",
}


def fits(fields: dict[str, Any], table: dict[str, tuple[type, ...]]) -> None:
    assert list(fields) == list(table)
    wrong = {name: value for name, value in fields.items() if not isinstance(value, table[name])}
    assert wrong == {}


async def test_discovery(counter: Counter) -> None:
    found = await counter.shown("/discovery.json")
    fits(found, DISCOVERY)
    (endpoint,) = found["endpoints"]
    fits(endpoint, ENDPOINT)
    assert endpoint["specification"] == "http://wiki.open311.org/GeoReport_v2"
    assert endpoint["url"] == "http://ketang.test/open311/v2"
    assert endpoint["type"] == "test"
    assert endpoint["formats"] == ["text/xml", "application/json"]


async def test_every_service_of_the_taxonomy_is_listed(counter: Counter) -> None:
    services = await counter.shown("/services.json", jurisdiction_id="city.gov")
    for service in services:
        fits(service, SERVICE)
        assert service["type"] in {"realtime", "batch", "blackbox"}
    assert [service["service_code"] for service in services] == list(counter.reference.taxonomy.services)


async def test_a_definition(counter: Counter) -> None:
    definition = await counter.shown("/services/manhole.json")
    assert list(definition) == ["service_code", "attributes"]
    assert definition["service_code"] == "manhole"
    for attribute in definition["attributes"]:
        fits(attribute, ATTRIBUTE)
        assert attribute["datatype"] in {"string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"}


async def test_the_published_example_of_a_report(counter: Counter) -> None:
    answer = await counter.report(**EXAMPLE)
    assert answer.status_code == 200
    (created,) = answer.json()
    fits(created, CREATED)
    assert created["account_id"] == "123456"
    (request,) = await counter.shown(f"/requests/{created['service_request_id']}.json")
    fits(request, REQUEST)
    assert request["lat"] == 37.76524078
    assert request["long"] == -122.4212043
    assert request["address"] == EXAMPLE["address_string"]
    assert request["description"] == EXAMPLE["description"]
    assert request["media_url"] == EXAMPLE["media_url"]
    assert request["status"] == "open"
    assert request["requested_datetime"] == "2026-11-23T12:00:00+08:00"


async def test_closed_with_a_word_about_it(counter: Counter) -> None:
    number = await counter.number()
    counter.clock.advance(hours=1)
    await counter.move(number, Status.ASSIGNED)
    (assigned,) = await counter.shown(f"/requests/{number}.json")
    assert (assigned["status"], assigned["updated_datetime"]) == ("open", "2026-11-23T13:00:00+08:00")
    assert assigned["expected_datetime"] is not None
    counter.clock.advance(hours=1)
    await counter.move(number, Status.RESOLVED, Actor.HANDLER, note="井盖换好了")
    (resolved,) = await counter.shown(f"/requests/{number}.json")
    assert (resolved["status"], resolved["status_notes"]) == ("open", "井盖换好了")
    await counter.move(number, Status.VERIFIED, Actor.INSPECTOR)
    await counter.move(number, Status.ARCHIVED)
    (closed,) = await counter.shown(f"/requests/{number}.json")
    assert (closed["status"], closed["updated_datetime"]) == ("closed", "2026-11-23T14:00:00+08:00")
    assert [r["service_request_id"] for r in await counter.shown("/requests.json", status="closed")] == [number]
    assert await counter.shown("/requests.json", status="open") == []


async def test_updates(counter: Counter) -> None:
    number = await counter.number()
    await counter.move(number, Status.ASSIGNED)
    await counter.move(number, Status.RESOLVED, Actor.HANDLER, note="井盖换好了")
    updates = await counter.shown("/servicerequestupdates.json")
    for update in updates:
        fits(update, UPDATE)
    assert [update["description"] for update in updates] == ["正在处理", "井盖换好了"]
    assert {update["service_request_id"] for update in updates} == {number}


@pytest.mark.parametrize(
    ("path", "root"),
    [
        ("/discovery", "discovery"),
        ("/services", "services"),
        ("/services/manhole", "service_definition"),
        ("/requests", "service_requests"),
        ("/requests/KT20261123-0001", "service_requests"),
        ("/servicerequestupdates", "service_request_updates"),
        ("/requests/none", "errors"),
        ("/nowhere", "errors"),
    ],
)
async def test_xml_says_what_json_says(counter: Counter, path: str, root: str) -> None:
    hostile = "<b>&amp; ]]> <!ENTITY x> \x0b\ufffe 井盖\r\n第二行 🕳️ \"'"
    number = await counter.number(lat="31.3636", long="121.2557", description=hostile)
    await counter.move(number, Status.ASSIGNED)
    as_xml, in_json = await counter.get(f"{path}.xml"), await counter.get(f"{path}.json")
    assert as_xml.status_code == in_json.status_code
    assert as_xml.headers["content-type"] == "text/xml; charset=utf-8"
    assert in_json.headers["content-type"] == "application/json; charset=utf-8"
    assert as_xml.content.split(b"\n", 1)[1].startswith(f"<{root}>".encode())
    changed = as_text(in_json.json())
    same = as_json(as_xml.content)
    if root == "discovery":
        for content in (changed, same):
            content["endpoints"][0].pop("url")
    assert same == changed


async def test_created_in_xml(counter: Counter) -> None:
    answer = await counter.report("/requests.xml")
    assert as_json(answer.content) == [
        {
            "service_request_id": "KT20261123-0001",
            "service_notice": answer.text.partition("<service_notice>")[2].partition("<")[0],
            "account_id": None,
        }
    ]


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"api_key": ""}, 403),
        ({"api_key": "wrong"}, 403),
        ({"service_code": ""}, 400),
        ({"service_code": "no_such"}, 404),
        ({"address_string": ""}, 400),
        ({"lat": "31.2"}, 400),
        ({"long": "121.2"}, 400),
    ],
)
async def test_errors_are_a_list_of_code_and_description(counter: Counter, fields: dict[str, str], status: int) -> None:
    answer = await counter.report(**fields)
    assert answer.status_code == status
    for error in answer.json():
        fits(error, ERROR)
        assert error["code"] == status
        assert error["description"]
    assert await counter.cases() == []


@pytest.mark.parametrize("path", ["/requests/none.json", "/services/none.json", "/tokens/1.json", "/requests.html"])
async def test_what_does_not_exist(counter: Counter, path: str) -> None:
    assert (await counter.get(path)).status_code == 404
