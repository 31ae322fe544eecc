"""What the public never reads."""

import pytest

from community.core.cases import Source, Urgency
from community.core.workflow import Actor, Ground, Status
from community.services.cases import reply
from intake.publicity import Publicity, load_publicity
from tests.intake.conftest import DATA
from tests.intake.counter import PHONE, Counter


async def _everything(counter: Counter, number: str) -> str:
    """All that anybody can get about a case, as one text."""
    pages = [f"/requests/{number}.json", "/requests.json", "/requests.xml", "/servicerequestupdates.json"]
    return "\n".join([(await counter.get(page)).text for page in pages])


async def test_contacts_stand_nowhere(counter: Counter) -> None:
    fields = {"phone": PHONE, "email": "wang@example.cn", "first_name": "小芳", "last_name": "王", "account_id": "u-77"}
    said = f"井盖坏了，我叫{PHONE}，身份证310114199001011234"
    number = await counter.number(description=said, address_string=f"清河路口{PHONE}", **fields)
    await counter.move(number, Status.ASSIGNED)
    await counter.move(number, Status.RESOLVED, Actor.HANDLER, note=f"已联系{PHONE}")
    text = await _everything(counter, number)
    assert "井盖坏了" in text
    assert "已联系" in text
    for secret in (PHONE, "wang@", "小芳", "u-77", "310114199001011234", counter.secret, "city-road"):
        assert secret not in text


@pytest.mark.parametrize("source", [Source.CHAT, Source.HOTLINE])
async def test_what_was_told_to_us_is_not_retold(counter: Counter, source: Source) -> None:
    case = await counter.case(source=source)
    await counter.move(case.number, Status.ASSIGNED)
    await counter.move(case.number, Status.RESOLVED, Actor.HANDLER, note="和王阿姨说好了")
    await _reply(counter, case.number, "王阿姨您好")
    (request,) = await counter.shown(f"/requests/{case.number}.json")
    hidden = ("description", "lat", "long", "media_url")
    assert [request[name] for name in hidden] == [None] * 4
    assert request["address"] == "桂花苑"
    text = await _everything(counter, case.number)
    assert "王阿姨" not in text
    assert "502" not in text
    assert "已处理，待核查" in text


async def _reply(counter: Counter, number: str, note: str) -> None:
    case = await counter.stored(number)
    async with counter.open_uow() as uow:
        await reply(uow, case.id, case.version, note, actor_name="周明", ask=True)


async def test_what_units_tell_one_another_stays_among_them(counter: Counter) -> None:
    number = await counter.number()
    await counter.move(number, Status.ASSIGNED, note="老李先去看看")
    assert "老李" not in await _everything(counter, number)


async def test_a_question_reaches_the_system_that_reported(counter: Counter) -> None:
    number = await counter.number()
    await counter.move(number, Status.ASSIGNED)
    await _reply(counter, number, "是哪一侧的井盖？")
    assert (await counter.shown("/servicerequestupdates.json"))[-1]["description"] == "是哪一侧的井盖？"


async def test_private_services_emergencies_and_abuse_are_not_listed(counter: Counter) -> None:
    private = await counter.number(service_code="neighbour_dispute")
    emergency = (await counter.case(source=Source.PLATFORM, urgency=Urgency.EMERGENCY)).number
    abuse, refused = await counter.number(), await counter.number()
    await counter.reject(abuse, Ground.ABUSE)
    await counter.reject(refused, Ground.NO_FACTS)
    for number in (private, emergency, abuse):
        assert number not in await _everything(counter, number)
        assert (await counter.get(f"/requests/{number}.json")).status_code == 404
        assert await counter.shown("/requests.json", service_request_id=number) == []
    assert await counter.shown("/requests.json", service_code="neighbour_dispute") == []
    assert refused in await _everything(counter, refused)


async def test_private_services_take_no_room_on_a_page(counter: Counter) -> None:
    public = await counter.number()
    await counter.number(service_code="neighbour_dispute")
    (shown,) = await counter.shown("/requests.json", page_size="1")
    assert shown["service_request_id"] == public


def test_what_is_private_is_data(counter: Counter) -> None:
    publicity = load_publicity(DATA / "intake" / "open311.yml", counter.reference.taxonomy)
    assert publicity == counter.desk.publicity
    assert isinstance(publicity, Publicity)
    assert "person_in_danger" in publicity.private
