from typing import Any

import pytest

from actions import report_slots
from actions.desk import Desk
from actions.report_slots import CONFIRMED, FORM, NO_AREA, SLOTS
from actions.reports import EMERGENCY_RESPONSES, AskArea, AskConfirmation, StartReport, SubmitCase
from community.core.cases import AppealType, Case, Guess, Source, Urgency
from community.core.residents import ChannelAccount
from community.core.workflow import Status
from community.services.messages import receive
from community.services.residents import resident_of
from tests.fakes.makers import a_grid, a_staff, square
from tests.unit.actions.rasa import Said, place, pressed, run, said, tracker

WASTE = "exposed_waste"
TEXT = "楼下垃圾没人清"
GUESSES = [{"service_code": WASTE, "confidence": 0.7}, {"service_code": "waste_sorting", "confidence": 0.2}]
MEIYUAN, GUIHUAYUAN = "nb-meiyuan", "nb-guihuayuan"
BUILDING = place("桂花苑3号楼", GUIHUAYUAN)
CARD: dict[str, Any] = {
    "description": TEXT,
    "service_code": WASTE,
    "appeal_type": "complaint",
    "urgency": "routine",
    "confidence": 0.7,
    "alternatives": [[WASTE, 0.7], ["waste_sorting", 0.2]],
    "area_code": GUIHUAYUAN,
    "address": "3号楼",
}
CLEARED = dict.fromkeys(SLOTS)


def told(*places: dict[str, Any], **understood: Any) -> Said:
    return said(TEXT, "report_issue", *places, **{"service_code": WASTE, "confidence": 0.7, **understood})


def alarm(code: str = "gas_leak", *places: dict[str, Any]) -> Said:
    return said("煤气漏了", "report_issue", *places, service_code=code, urgency="emergency")


async def lives_in(desk: Desk, account: ChannelAccount, area_code: str) -> None:
    async with desk.open_uow() as uow:
        resident = await resident_of(uow, account.id)
        resident.area_code = area_code
        await uow.residents.save(resident)
        await uow.commit()


async def cases(desk: Desk, account: ChannelAccount) -> list[Case]:
    async with desk.open_uow() as uow:
        return await uow.cases.of_account(account.id, limit=50)


@pytest.mark.parametrize(
    ("message", "home", "expected"),
    [
        (told(), None, {"description": TEXT, "service_code": WASTE, "confidence": 0.7, "area_code": None}),
        (told(), None, {"appeal_type": "complaint", "urgency": "routine", "address": "", "alternatives": []}),
        (told(alternatives=GUESSES), None, {"alternatives": [[WASTE, 0.7], ["waste_sorting", 0.2]]}),
        (told(appeal_type="suggestion"), None, {"appeal_type": "suggestion"}),
        (told(service_code="gone"), None, {"service_code": "other"}),
        (told(place("桂花苑", GUIHUAYUAN)), None, {"area_code": GUIHUAYUAN, "address": ""}),
        (told(BUILDING), None, {"area_code": GUIHUAYUAN, "address": "桂花苑3号楼"}),
        (told(), MEIYUAN, {"area_code": MEIYUAN, "address": ""}),
        (told(place("3号楼")), MEIYUAN, {"area_code": MEIYUAN, "address": "3号楼"}),
        (told(BUILDING), MEIYUAN, {"area_code": GUIHUAYUAN}),
        (told(), None, dict.fromkeys(["area_attempts", "revising", "confirmation"])),
    ],
)
async def test_a_report_starts_with_what_was_said_and_is_remembered(
    desk: Desk, account: ChannelAccount, message: Said, home: str | None, expected: dict[str, Any]
) -> None:
    if home:
        await lives_in(desk, account, home)
    answer = await run(StartReport(desk), tracker(message, CARD | {"revising": "choose", "area_attempts": 1}))
    assert set(answer.slots) == set(SLOTS)
    assert {name: answer.slots[name] for name in expected} == expected
    assert (answer.followups, answer.messages) == ([FORM], [])
    assert await cases(desk, account) == []


@pytest.mark.parametrize(
    ("code", "response"),
    [*EMERGENCY_RESPONSES.items(), (WASTE, "utter_emergency_general"), ("gone", "utter_emergency_general")],
)
async def test_danger_hears_first_whom_to_call(desk: Desk, account: ChannelAccount, code: str, response: str) -> None:
    answer = await run(StartReport(desk), tracker(alarm(code)))
    assert answer.responses == [response, "utter_emergency_where"]


@pytest.mark.parametrize(
    ("places", "home", "response"),
    [
        ([], None, "utter_emergency_where"),
        ([], MEIYUAN, "utter_emergency_where"),  # they may be elsewhere today
        ([place("桂花苑", GUIHUAYUAN)], None, "utter_emergency_noted"),
        ([place("3号楼")], None, "utter_emergency_noted"),
        ([BUILDING], MEIYUAN, "utter_emergency_noted"),
    ],
)
async def test_danger_is_asked_where_unless_it_was_said(
    desk: Desk, account: ChannelAccount, places: list[dict[str, Any]], home: str | None, response: str
) -> None:
    if home:
        await lives_in(desk, account, home)
    answer = await run(StartReport(desk), tracker(alarm("gas_leak", *places)))
    assert answer.responses == ["utter_emergency_gas", response]


async def test_danger_waits_for_no_form(desk: Desk, account: ChannelAccount) -> None:
    answer = await run(StartReport(desk), tracker(alarm("gas_leak", BUILDING)))
    [case] = await cases(desk, account)
    assert (case.urgency, case.service_code, case.status) == (Urgency.EMERGENCY, "gas_leak", Status.REPORTED)
    assert (case.area_code, case.address, case.description) == (GUIHUAYUAN, "桂花苑3号楼", "煤气漏了")
    assert answer.slots == {"emergency_number": None}, "where it is was said"
    assert answer.followups == []
    assert answer.messages[1]["number"] == case.number


async def test_danger_in_the_middle_of_a_report_leaves_the_report_as_it_was(
    desk: Desk, account: ChannelAccount
) -> None:
    answer = await run(StartReport(desk), tracker(alarm(), CARD, asked="confirmation"))
    assert set(answer.slots) == {"emergency_number"}
    [case] = await cases(desk, account)
    assert (case.description, case.area_code) == ("煤气漏了", None)


async def test_the_same_alarm_delivered_twice_is_one_case(desk: Desk, account: ChannelAccount) -> None:
    first, again = [await run(StartReport(desk), tracker(alarm())) for _ in range(2)]
    assert first.slots == again.slots
    assert len(await cases(desk, account)) == 1


@pytest.mark.parametrize(
    ("attempts", "response"), [(None, "utter_ask_area"), (0, "utter_ask_area"), (1, "utter_area_not_found")]
)
async def test_the_second_question_for_the_neighbourhood_is_another_one(
    desk: Desk, attempts: int | None, response: str
) -> None:
    answer = await run(AskArea(desk), tracker(said("在那里"), {"area_attempts": attempts}))
    assert (answer.responses, answer.events) == ([response], [])


@pytest.mark.parametrize(
    ("revising", "response"),
    [
        (None, "utter_ask_report_issue_form_confirmation"),
        ("choose", "utter_ask_which_part"),
        ("description", "utter_ask_new_description"),
        ("service_code", "utter_ask_which_service"),
    ],
)
async def test_the_card_or_the_part_being_changed(desk: Desk, revising: str | None, response: str) -> None:
    answer = await run(AskConfirmation(desk), tracker(said("好"), CARD | {"revising": revising}))
    assert (answer.responses, answer.events) == ([response], [])


@pytest.mark.parametrize(
    ("area", "address", "words"),
    [
        (GUIHUAYUAN, "3号楼", "桂花苑3号楼"),
        (GUIHUAYUAN, "桂花苑3号楼", "桂花苑3号楼"),
        (GUIHUAYUAN, None, "桂花苑"),
        (NO_AREA, "老地方", "老地方"),
        (NO_AREA, None, ""),
    ],
)
async def test_the_card_reads_the_place_back(desk: Desk, area: str, address: str | None, words: str) -> None:
    answer = await run(AskConfirmation(desk), tracker(said("好"), CARD | {"area_code": area, "address": address}))
    card = answer.messages[0]
    assert (card["place"], card["words"]) == (words, TEXT)
    assert card["service_name"] == desk.reference.taxonomy[WASTE].name


@pytest.mark.parametrize(
    ("alternatives", "offered"),
    [
        ([[WASTE, 0.7], ["waste_sorting", 0.2]], ["waste_sorting", "other"]),
        ([["waste_sorting", 0.2], ["other", 0.1]], ["waste_sorting", "other"]),
        ([], ["other"]),
        (None, ["other"]),
    ],
)
async def test_another_subject_is_offered_once_and_never_the_present_one(
    desk: Desk, alternatives: Any, offered: list[str]
) -> None:
    slots = CARD | {"revising": "service_code", "alternatives": alternatives}
    [message] = (await run(AskConfirmation(desk), tracker(said("类别"), slots))).messages
    assert [button["payload"] for button in message["buttons"]] == [
        f"/correct_report?service_code={code}" for code in offered
    ]
    assert [button["title"] for button in message["buttons"]] == [
        desk.reference.taxonomy[code].name for code in offered
    ]


async def test_a_confirmed_report_becomes_a_case(desk: Desk, account: ChannelAccount) -> None:
    answer = await run(SubmitCase(desk), tracker(pressed("确认", "affirm"), CARD | {"confirmation": CONFIRMED}))
    [case] = await cases(desk, account)
    assert (case.description, case.service_code, case.area_code, case.address) == (TEXT, WASTE, GUIHUAYUAN, "3号楼")
    assert (case.appeal_type, case.urgency, case.confidence) == (AppealType.COMPLAINT, Urgency.ROUTINE, 0.7)
    assert case.alternatives == (Guess(WASTE, 0.7), Guess("waste_sorting", 0.2))
    assert case.origin == "message:7"
    assert answer.responses == ["utter_case_submitted"]
    assert answer.messages[0]["number"] == case.number
    assert answer.slots == CLEARED


async def test_without_a_known_neighbourhood_the_words_stand(desk: Desk, account: ChannelAccount) -> None:
    slots = CARD | {"confirmation": CONFIRMED, "area_code": NO_AREA, "address": "老地方", "alternatives": None}
    await run(SubmitCase(desk), tracker(said("对", "affirm"), slots))
    [case] = await cases(desk, account)
    assert (case.area_code, case.address, case.alternatives) == (None, "老地方", ())


async def test_the_neighbourhood_of_the_first_report_is_remembered_for_the_next(
    desk: Desk, account: ChannelAccount
) -> None:
    await run(SubmitCase(desk), tracker(said("对", "affirm"), CARD | {"confirmation": CONFIRMED}))
    assert (await run(StartReport(desk), tracker(told()))).slots["area_code"] == GUIHUAYUAN


async def test_the_same_confirmation_delivered_twice_is_one_case(desk: Desk, account: ChannelAccount) -> None:
    at = [tracker(said("对", "affirm"), CARD | {"confirmation": CONFIRMED}) for _ in range(2)]
    first, again = [await run(SubmitCase(desk), each) for each in at]
    assert first.messages == again.messages
    assert len(await cases(desk, account)) == 1


async def test_two_confirmations_are_two_cases(desk: Desk, account: ChannelAccount) -> None:
    for number in "78":
        message = said("对", "affirm") | {"message_id": number}
        await run(SubmitCase(desk), tracker(message, CARD | {"confirmation": CONFIRMED}))
    assert len(await cases(desk, account)) == 2


@pytest.mark.parametrize("confirmation", [None, "", "no", True])
async def test_what_is_not_confirmed_is_not_opened(desk: Desk, account: ChannelAccount, confirmation: Any) -> None:
    answer = await run(SubmitCase(desk), tracker(said("算了", "deny"), CARD | {"confirmation": confirmation}))
    assert (answer.slots, answer.messages) == (CLEARED, [])
    assert await cases(desk, account) == []


def test_clearing_names_every_slot_once() -> None:
    assert [event["name"] for event in report_slots.clear()] == list(SLOTS)


async def shares(desk: Desk, longitude: float, latitude: float) -> None:
    async with desk.open_uow() as uow:
        await uow.grids.save_all([a_grid(area_code=MEIYUAN, polygon=square(121.25, 31.36))])
        await uow.commit()
    async with desk.open_uow() as uow:
        await receive(uow, "telegram", "42", None, "", position=(longitude, latitude))


async def test_a_shared_position_comes_before_the_neighbourhood_of_old(desk: Desk, account: ChannelAccount) -> None:
    await lives_in(desk, account, GUIHUAYUAN)
    await shares(desk, 121.252, 31.365)
    answer = await run(StartReport(desk), tracker(told()))
    assert answer.slots["area_code"] == MEIYUAN
    await run(SubmitCase(desk), tracker(said("对", "affirm"), CARD | {"confirmation": CONFIRMED, "area_code": MEIYUAN}))
    [case] = await cases(desk, account)
    assert (case.longitude, case.latitude, case.grid_code) == (121.252, 31.365, "gd-1")


async def test_in_an_emergency_a_shared_position_says_where(desk: Desk, account: ChannelAccount) -> None:
    await shares(desk, 121.252, 31.365)
    answer = await run(StartReport(desk), tracker(alarm()))
    assert answer.responses[-1] == "utter_emergency_noted"
    [case] = await cases(desk, account)
    assert (case.area_code, case.longitude) == (MEIYUAN, 121.252)


async def test_a_town_leaves_a_choice_of_its_neighbourhoods(desk: Desk, account: ChannelAccount) -> None:
    message = told(place("沙浦镇", "tn-shapuzhen", "town"))
    answer = await run(AskArea(desk), tracker(message, asked="area_code"))
    assert answer.responses == ["utter_ask_which_area"]
    payloads = [button["payload"] for button in answer.messages[0]["buttons"]]
    assert "/inform?area_code=nb-xinghewan" in payloads


async def test_what_linked_staff_report_is_a_patrol(desk: Desk, account: ChannelAccount) -> None:
    async with desk.open_uow() as uow:
        await uow.staff.add(a_staff(account_id=account.id))
        await uow.commit()
    await run(SubmitCase(desk), tracker(said("对", "affirm"), CARD | {"confirmation": CONFIRMED}))
    [case] = await cases(desk, account)
    assert case.source is Source.PATROL
