"""Joining a neighbour's case: in words, or instead of a report of one's own."""

from typing import Any

import pytest

from actions.desk import Desk
from actions.offer import OFFER
from actions.report_form import ValidateReportIssueForm
from actions.reports import AskConfirmation
from actions.support import SupportCase
from community.core.cases import Case, Urgency
from community.core.residents import ChannelAccount
from community.core.workflow import Actor, Status
from community.services.cases import open_case
from tests.fakes.loop import move, stored
from tests.fakes.makers import a_draft, committed_account
from tests.unit.actions.rasa import Answer, Said, place, pressed, run, said, tracker

GUIHUAYUAN = "nb-guihuayuan"
TOLD = "3号楼楼下垃圾堆了好几天没人清"
CARD: dict[str, Any] = {
    "description": "3号楼楼下的垃圾好几天没人清了",
    "service_code": "exposed_waste",
    "appeal_type": "complaint",
    "urgency": "routine",
    "area_code": GUIHUAYUAN,
    "address": "3号楼楼下",
}


async def opened(desk: Desk, by: int, **fields: Any) -> Case:
    draft = {"account_id": by, "origin": f"of {by}", "description": TOLD, "area_code": GUIHUAYUAN, **fields}
    async with desk.open_uow() as uow:
        return await open_case(uow, a_draft(**draft))


@pytest.fixture
async def theirs(desk: Desk, account: ChannelAccount) -> Case:
    neighbour = await committed_account(desk.open_uow, "neighbour")
    return await opened(desk, neighbour.id)


async def asked(desk: Desk, **slots: Any) -> Answer:
    return await run(AskConfirmation(desk), tracker(said("桂花苑"), CARD | slots, asked="confirmation"))


async def answered(desk: Desk, message: Said, number: str) -> Answer:
    slots = CARD | {"revising": OFFER, "offered": number}
    return await run(ValidateReportIssueForm(desk), tracker(message, slots, asked="confirmation"))


async def test_a_neighbours_case_is_offered_before_the_card(desk: Desk, theirs: Case) -> None:
    answer = await asked(desk)
    assert answer.responses == ["utter_offer_support"]
    assert answer.slots == {"offered": theirs.number, "revising": OFFER}
    [offer] = answer.messages
    assert (offer["number"], offer["count"], offer["place"]) == (theirs.number, 1, "桂花苑3号楼楼下")


@pytest.mark.parametrize(
    "slots",
    [
        {"appeal_type": "enquiry"},
        {"appeal_type": "praise"},
        {"urgency": Urgency.EMERGENCY.value},
        {"offered": "KT20261123-0009"},
        {"service_code": "street_light", "description": "路灯不亮", "address": "北门"},
    ],
)
async def test_the_card_comes_at_once_where_nothing_is_to_be_shared(
    desk: Desk, theirs: Case, slots: dict[str, Any]
) -> None:
    answer = await asked(desk, **slots)
    assert (answer.responses, answer.events) == (["utter_ask_report_issue_form_confirmation"], [])


async def test_ones_own_case_is_not_offered(desk: Desk, account: ChannelAccount) -> None:
    await opened(desk, account.id)
    assert (await asked(desk)).responses == ["utter_ask_report_issue_form_confirmation"]


@pytest.mark.parametrize(
    "message", [pressed("附议", "support_case"), said("我也要附议", "support_case"), said("好的", "affirm")]
)
async def test_joining_ends_the_report(desk: Desk, theirs: Case, message: Said) -> None:
    answer = await answered(desk, message, theirs.number)
    assert answer.slots == {"confirmation": None, "requested_slot": None}
    assert theirs.number in answer.messages[0]["text"]
    assert (await stored(desk.open_uow, theirs)).supporters == 1


@pytest.mark.parametrize("message", [pressed("不是一回事，照样报", "deny"), said("不是", "deny")])
async def test_another_matter_goes_on_to_the_card(desk: Desk, theirs: Case, message: Said) -> None:
    assert (await answered(desk, message, theirs.number)).slots == {"revising": None}
    after = await asked(desk, offered=theirs.number)
    assert after.responses == ["utter_ask_report_issue_form_confirmation"]
    assert (await stored(desk.open_uow, theirs)).supporters == 0


@pytest.mark.parametrize(
    ("message", "slots"),
    [
        (said("算了不报了", "deny"), {"confirmation": None, "requested_slot": None}),
        (said("还有只死老鼠", "report_issue"), {"revising": None}),
        (said("是梅园", "inform", place("梅园", "nb-meiyuan")), {"area_code": "nb-meiyuan", "revising": None}),
        (said("办得怎么样了", "ask_case_progress"), {}),
    ],
)
async def test_other_words_are_taken_as_at_the_card(
    desk: Desk, theirs: Case, message: Said, slots: dict[str, Any]
) -> None:
    answer = await answered(desk, message, theirs.number)
    assert {name: value for name, value in answer.slots.items() if name != "description"} == slots
    assert (await stored(desk.open_uow, theirs)).supporters == 0


async def test_who_was_interrupted_is_shown_the_card_and_not_asked_again(desk: Desk, theirs: Case) -> None:
    answer = await asked(desk, offered=theirs.number, revising=OFFER)
    assert answer.responses == ["utter_ask_report_issue_form_confirmation"]
    assert answer.slots == {"revising": None}


async def test_a_case_that_ended_meanwhile_leads_back_to_the_card(desk: Desk, theirs: Case) -> None:
    await move(desk.open_uow, theirs, Status.WITHDRAWN, Actor.RESIDENT)
    answer = await answered(desk, pressed("附议", "support_case"), theirs.number)
    assert answer.slots == {"revising": None}
    assert desk.reference.texts.render("status_withdrawn") in answer.messages[0]["text"]


async def test_support_by_number_outside_a_report(desk: Desk, theirs: Case) -> None:
    answer = await run(SupportCase(desk), tracker(said(f"我附议{theirs.number}", "support_case")))
    assert theirs.number in answer.messages[0]["text"]
    assert (await stored(desk.open_uow, theirs)).supporters == 1


@pytest.mark.parametrize(
    ("text", "response"),
    [("附议KT20261123-0999", "utter_no_such_case"), ("我也要附议", "utter_nothing_to_support")],
)
async def test_what_cannot_be_found_is_asked_for(desk: Desk, theirs: Case, text: str, response: str) -> None:
    assert (await run(SupportCase(desk), tracker(said(text, "support_case")))).responses == [response]


async def test_in_words_the_likely_cases_are_offered(desk: Desk, theirs: Case) -> None:
    message = said(TOLD, "support_case", place("桂花苑", GUIHUAYUAN), service_code="exposed_waste")
    answer = await run(SupportCase(desk), tracker(message))
    assert answer.responses == ["utter_which_to_support"]
    assert [b["payload"] for b in answer.messages[0]["buttons"]] == [f"/support?number={theirs.number}"]
