"""Each table says what an answer fills; REJECTED means that the dialogue's rules take the message instead."""

from typing import Any

import pytest

from actions.desk import Desk
from actions.report_form import INTERRUPTIONS, MORE_TO_SAY, PATIENCE, ValidateReportIssueForm
from actions.report_slots import CONFIRMED, FORM, NO_AREA
from community.core.cases import Urgency
from community.core.residents import ChannelAccount
from community.services.cases import open_case
from tests.fakes.makers import a_draft
from tests.unit.actions.rasa import Answer, Said, place, pressed, run, said, tracker
from tests.unit.actions.test_contract import DOMAIN, RULES

Slots = dict[str, Any]

MEIYUAN, GUIHUAYUAN = "nb-meiyuan", "nb-guihuayuan"
THERE = place("梅园", MEIYUAN)
TOLD, TEXT = "楼道灯坏了", "就这样说了"
BOTH = f"{TOLD}，{TEXT}"
WITHOUT_AREA: Slots = {"description": TOLD, "address": None, "area_code": None}
CARD: Slots = {"description": TOLD, "address": "3号楼", "area_code": GUIHUAYUAN, "service_code": "street_light"}

REJECTED: Slots = {}
CALLED_OFF: Slots = {"confirmation": None, "requested_slot": None}
SENT: Slots = {"confirmation": CONFIRMED}
CHOSEN: Slots = {"revising": "choose"}
ADDED: Slots = {"description": BOTH}
MOVED: Slots = {"area_code": MEIYUAN}
MOVED_AND_ADDED: Slots = MOVED | ADDED
TRIED: Slots = {"area_attempts": 1}
PLACE_CLEARED: Slots = {"area_code": None, "address": None, "area_attempts": None, "revising": None}

# intent: what it does (without a place, with one, by a button) when asked for the neighbourhood, and at the card
INTENTS: dict[str, tuple[tuple[Slots, Slots, Slots], tuple[Slots, Slots, Slots]]] = {
    "report_issue": ((ADDED, MOVED_AND_ADDED, MOVED_AND_ADDED), (ADDED, MOVED_AND_ADDED, PLACE_CLEARED)),
    "make_suggestion": ((ADDED, MOVED_AND_ADDED, MOVED_AND_ADDED), (ADDED, MOVED_AND_ADDED, PLACE_CLEARED)),
    "make_wish": ((ADDED, MOVED_AND_ADDED, MOVED_AND_ADDED), (ADDED, MOVED_AND_ADDED, PLACE_CLEARED)),
    "ask_service_info": ((ADDED, MOVED_AND_ADDED, MOVED_AND_ADDED), (ADDED, MOVED_AND_ADDED, PLACE_CLEARED)),
    "ask_case_progress": ((REJECTED, MOVED, MOVED), (REJECTED, REJECTED, PLACE_CLEARED)),
    "start_poll": ((REJECTED, MOVED, MOVED), (REJECTED, REJECTED, PLACE_CLEARED)),
    "cast_vote": ((REJECTED, MOVED, MOVED), (REJECTED, REJECTED, PLACE_CLEARED)),
    "ask_poll_result": ((REJECTED, MOVED, MOVED), (REJECTED, REJECTED, PLACE_CLEARED)),
    "join_deliberation": ((REJECTED, MOVED, MOVED), (REJECTED, REJECTED, PLACE_CLEARED)),
    "rate_service": ((REJECTED, MOVED, MOVED), (REJECTED, REJECTED, PLACE_CLEARED)),
    "reopen_case": ((REJECTED, MOVED, MOVED), (REJECTED, REJECTED, PLACE_CLEARED)),
    "withdraw_case": ((CALLED_OFF, MOVED, MOVED), (CALLED_OFF, REJECTED, PLACE_CLEARED)),
    "support_case": ((REJECTED, MOVED, MOVED), (REJECTED, REJECTED, PLACE_CLEARED)),
    "affirm": ((TRIED, MOVED, MOVED), (SENT, MOVED, PLACE_CLEARED)),
    "deny": ((CALLED_OFF, MOVED, MOVED), (CALLED_OFF, MOVED, PLACE_CLEARED)),
    "correct_report": ((TRIED, MOVED, MOVED), (CHOSEN, MOVED, PLACE_CLEARED)),
    "inform": ((TRIED, MOVED, MOVED), (ADDED, MOVED, PLACE_CLEARED)),
    "greet": ((REJECTED, MOVED, MOVED), (REJECTED, REJECTED, PLACE_CLEARED)),
    "thanks_bye": ((REJECTED, MOVED, MOVED), (REJECTED, REJECTED, PLACE_CLEARED)),
    "ask_human": ((REJECTED, MOVED, MOVED), (REJECTED, REJECTED, PLACE_CLEARED)),
    "ask_help": ((REJECTED, MOVED, MOVED), (REJECTED, REJECTED, PLACE_CLEARED)),
    "out_of_scope": ((TRIED, MOVED, MOVED), (REJECTED, MOVED, PLACE_CLEARED)),
    "nlu_fallback": ((TRIED, MOVED, MOVED), (REJECTED, MOVED, PLACE_CLEARED)),
}


async def answered(desk: Desk, asked: str | None, slots: Slots, message: Said) -> Answer:
    return await run(ValidateReportIssueForm(desk), tracker(message, slots, asked=asked))


def responses_to(filled: Slots) -> list[str]:
    return ["utter_report_called_off"] if filled == CALLED_OFF else []


def test_the_table_names_every_intent() -> None:
    assert list(INTENTS) == DOMAIN["intents"]


@pytest.mark.parametrize("intent", INTENTS)
@pytest.mark.parametrize(("asked", "slots"), [("area_code", WITHOUT_AREA), ("confirmation", CARD)])
async def test_every_intent_at_both_questions(desk: Desk, asked: str, slots: Slots, intent: str) -> None:
    at_area, at_card = INTENTS[intent]
    plain, with_place, by_button = at_area if asked == "area_code" else at_card
    button = {"area_code": MEIYUAN} if asked == "area_code" else {"part": "place"}
    for message, filled in [
        (said(TEXT, intent), plain),
        (said(TEXT, intent, THERE), with_place),
        (pressed(TEXT, intent, **button), by_button),
        (said(TEXT, intent, urgency="emergency"), REJECTED),
        (said(TEXT, intent, THERE, urgency="emergency"), REJECTED),
    ]:
        answer = await answered(desk, asked, slots, message)
        assert answer.slots == filled, message
        assert answer.responses == responses_to(filled)


@pytest.mark.parametrize("intent", INTENTS)
async def test_nothing_is_taken_before_anything_was_asked(desk: Desk, intent: str) -> None:
    answer = await answered(desk, None, CARD, said(TEXT, intent, THERE))
    assert (answer.events, answer.messages) == ([], [])


def test_whatever_the_form_rejects_has_a_rule_inside_the_form() -> None:
    inside = {
        option.get("intent")
        for rule in RULES
        if {"active_loop": FORM} in rule.get("condition", ())
        for option in rule["steps"][0].get("or", [rule["steps"][0]])
    }
    rejected = {name for name, questions in INTENTS.items() if any(REJECTED in answers for answers in questions)}
    assert rejected >= INTERRUPTIONS
    assert inside >= rejected | MORE_TO_SAY  # the latter for emergencies, which nlu/ always calls a report


def test_an_intent_is_either_an_interruption_or_more_to_say() -> None:
    assert not INTERRUPTIONS & MORE_TO_SAY


@pytest.mark.parametrize(
    ("asked", "slots", "message", "filled"),
    [
        ("area_code", WITHOUT_AREA, said("桂花苑", "inform", place("桂花苑", GUIHUAYUAN)), {"area_code": GUIHUAYUAN}),
        ("area_code", WITHOUT_AREA, said("就那个老地方"), TRIED),
        ("area_code", WITHOUT_AREA, said(""), TRIED),
        ("confirmation", CARD, pressed("确认", "affirm"), SENT),
        ("confirmation", CARD, said("哈哈", "nlu_fallback"), REJECTED),
        ("confirmation", CARD, said("", "nlu_fallback"), REJECTED),
    ],
    ids=["area good", "area bad", "area empty", "confirmation good", "confirmation bad", "confirmation empty"],
)
async def test_good_bad_and_empty(desk: Desk, asked: str, slots: Slots, message: Said, filled: Slots) -> None:
    assert (await answered(desk, asked, slots, message)).slots == filled


UNLISTED = place("幸福小区", None, "neighbourhood")


@pytest.mark.parametrize(
    ("before", "message", "filled"),
    [
        ({"area_attempts": None}, said("老地方"), {"area_attempts": 1}),
        ({"area_attempts": 0}, said("老地方"), {"area_attempts": 1}),
        ({"area_attempts": 1}, said("老地方"), {"area_code": NO_AREA, "address": "老地方"}),
        ({"area_attempts": 5}, said("老地方"), {"area_code": NO_AREA, "address": "老地方"}),
        ({"area_attempts": 1, "address": "3号楼"}, said("老地方"), {"area_code": NO_AREA, "address": "3号楼，老地方"}),
        ({"area_attempts": 1, "address": "老地方"}, said("老地方"), {"area_code": NO_AREA, "address": "老地方"}),
        ({"area_attempts": 1}, said("梅园", "inform", THERE), MOVED),
        ({"area_attempts": 1}, said(TEXT, "report_issue"), ADDED),
        ({"area_attempts": 1}, said("你好", "greet"), REJECTED),
        ({}, said("幸福小区", "inform", UNLISTED), {"area_attempts": 1, "address": "幸福小区"}),
        (
            {"area_attempts": 1, "address": "幸福小区"},
            said("就是幸福小区", "inform", UNLISTED),
            {"area_code": NO_AREA, "address": "幸福小区"},
        ),
        (
            {"area_attempts": 1},
            said("幸福小区也有", "report_issue", UNLISTED),
            {"area_code": NO_AREA, "address": "幸福小区", "description": f"{TOLD}，幸福小区也有"},
        ),
    ],
)
async def test_the_neighbourhood_is_asked_for_with_patience_but_not_for_ever(
    desk: Desk, before: Slots, message: Said, filled: Slots
) -> None:
    assert (await answered(desk, "area_code", WITHOUT_AREA | before, message)).slots == filled


@pytest.mark.parametrize("text", ["老地方", "幸福小区"])
async def test_whoever_has_no_known_neighbourhood_gets_to_the_card(desk: Desk, text: str) -> None:
    slots = WITHOUT_AREA
    message = said(text, "inform", *[place(text)] * (text == "幸福小区"))
    for _ in range(PATIENCE):
        assert slots["area_code"] is None
        slots = slots | (await answered(desk, "area_code", slots, message)).slots
    assert (slots["area_code"], slots["address"]) == (NO_AREA, text)


@pytest.mark.parametrize(
    ("revising", "message", "filled"),
    [
        (None, pressed("修改", "correct_report", part="choose"), {"revising": "choose"}),
        ("choose", pressed("情况", "correct_report", part="description"), {"revising": "description"}),
        ("choose", pressed("类别", "correct_report", part="service_code"), {"revising": "service_code"}),
        ("choose", pressed("地点", "correct_report", part="place"), PLACE_CLEARED),
        (
            "service_code",
            pressed("其他", "correct_report", service_code="other"),
            {"service_code": "other", "revising": None},
        ),
        ("choose", said("是5号楼", "inform", place("5号楼")), {"address": "5号楼", "revising": None}),
        ("choose", said("改成5号楼", "correct_report", place("5号楼")), {"address": "5号楼", "revising": None}),
        ("choose", said("梅园", "inform", THERE), MOVED | {"revising": None}),
        ("choose", said("灯还在闪", "report_issue"), {"description": f"{TOLD}，灯还在闪", "revising": None}),
        ("choose", said("写错了", "correct_report"), {"revising": "choose"}),
        ("choose", said("哈哈", "nlu_fallback"), REJECTED),
        ("choose", said("好的", "affirm"), {"revising": None}),
        ("choose", said("不改了", "deny"), {"revising": None}),
        ("choose", said("算了", "deny"), CALLED_OFF),
        ("service_code", said("好的", "affirm"), {"revising": None}),
        ("service_code", said("都不对", "deny"), {"revising": None}),
        ("service_code", said("算了", "deny"), CALLED_OFF),
        ("service_code", said("路灯", "inform"), {"description": f"{TOLD}，路灯", "revising": None}),
        ("description", said("灯一直闪", "report_issue"), {"description": "灯一直闪", "revising": None}),
        ("description", said("灯一直闪", "nlu_fallback"), {"description": "灯一直闪", "revising": None}),
        ("description", said("梅园的灯", "inform", THERE), {"description": "梅园的灯", "revising": None}),
        ("description", said("不是坏了，是一直闪", "deny"), {"description": "不是坏了，是一直闪", "revising": None}),
        ("description", said("你会干什么", "ask_help"), REJECTED),
        ("description", said("好的", "affirm"), {"revising": None}),
        ("description", said("算了不报了", "deny"), CALLED_OFF),
        ("description", pressed("取消", "deny"), CALLED_OFF),
    ],
)
async def test_while_a_part_is_being_changed(desk: Desk, revising: str | None, message: Said, filled: Slots) -> None:
    answer = await answered(desk, "confirmation", CARD | {"revising": revising}, message)
    assert answer.slots == filled
    assert answer.responses == responses_to(filled)


@pytest.mark.parametrize("asked", ["area_code", "confirmation"])
@pytest.mark.parametrize("message", [said("算了不报了", "deny"), said("取消", "deny"), pressed("取消", "deny")])
async def test_calling_it_off(desk: Desk, asked: str, message: Said) -> None:
    answer = await answered(desk, asked, CARD, message)
    assert (answer.slots, answer.responses) == (CALLED_OFF, ["utter_report_called_off"])


@pytest.mark.parametrize("text", ["不对", "不是这个", "错了", "要改"])
async def test_wrong_is_not_off(desk: Desk, text: str) -> None:
    answer = await answered(desk, "confirmation", CARD, said(text, "deny"))
    assert (answer.slots, answer.responses) == (CHOSEN, [])


FULL = CARD | {"address": "桂花苑3号楼"}


@pytest.mark.parametrize("intent", ["deny", "correct_report"])
@pytest.mark.parametrize(
    ("slots", "message", "filled"),
    [
        (CARD, said("不对，是5号楼", "", place("5号楼")), {"address": "5号楼"}),
        (CARD, said("不是3号楼，是5号楼", "", place("3号楼"), place("5号楼")), {"address": "5号楼"}),
        (CARD, said("不是桂花苑，是梅园", "", place("桂花苑", GUIHUAYUAN), THERE), MOVED),
        (FULL, said("不对，是梅园", "", THERE), MOVED | {"address": "3号楼"}),
        (FULL, said("不对，是桂花苑", "", place("桂花苑", GUIHUAYUAN)), {"area_code": GUIHUAYUAN}),
        (FULL, said("是梅园5号楼", "", place("梅园5号楼", MEIYUAN)), MOVED | {"address": "梅园5号楼"}),
        (CARD, said("不是3号楼", "", place("3号楼")), CHOSEN),
    ],
)
async def test_a_correction_replaces(desk: Desk, intent: str, slots: Slots, message: Said, filled: Slots) -> None:
    corrected = message | {"intent": {"name": intent}}
    assert (await answered(desk, "confirmation", slots, corrected)).slots == filled


@pytest.mark.parametrize(
    ("before", "addition", "both"),
    [
        ("灯坏了", "还在闪", "灯坏了，还在闪"),
        ("灯坏了", "灯坏了", "灯坏了"),
        ("灯坏了", "灯坏了好几天", "灯坏了好几天"),
        ("灯坏了好几天", "灯坏了", "灯坏了好几天"),
        ("灯坏了", "", "灯坏了"),
        ("", "灯坏了", "灯坏了"),
        (None, "灯坏了", "灯坏了"),
    ],
)
async def test_two_messages_are_joined_without_repetition(
    desk: Desk, before: str | None, addition: str, both: str
) -> None:
    for asked, slots in [("area_code", WITHOUT_AREA), ("confirmation", CARD)]:
        more = await answered(desk, asked, slots | {"description": before}, said(addition, "report_issue"))
        assert more.slots == {"description": both}
    if not addition:
        return
    where = await answered(desk, "confirmation", CARD | {"address": before}, said("", "inform", place(addition)))
    assert where.slots == {"address": both}


async def test_the_place_of_an_emergency_in_between_goes_to_both(desk: Desk, account: ChannelAccount) -> None:
    async with desk.open_uow() as uow:
        case = await open_case(uow, a_draft(account_id=account.id, urgency=Urgency.EMERGENCY))
    here = said("梅园3号楼", "inform", place("梅园", MEIYUAN))
    answer = await answered(desk, "area_code", WITHOUT_AREA | {"emergency_number": case.number}, here)
    assert answer.responses == ["utter_details_added"]
    assert answer.slots["area_code"] == MEIYUAN
    assert answer.slots["emergency_number"] is None
    async with desk.open_uow() as uow:
        assert (await uow.cases.events(case.id))[-1].note == "梅园3号楼"
