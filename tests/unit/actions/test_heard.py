from typing import Any

import pytest

from actions.heard import Place, account_id, heard
from community.core.cases import AppealType, Guess, Urgency
from community.services.reference import Reference
from tests.unit.actions.rasa import Said, place, pressed, said, tracker

GUESSES = [{"service_code": "exposed_waste", "confidence": 0.7}, {"service_code": "gone", "confidence": 0.2}]
BARE: Said = {"text": None, "intent": None, "entities": None, "places": None, "alternatives": None}


@pytest.mark.parametrize(
    ("message", "field", "expected"),
    [
        (said("灯坏了", "report_issue"), "intent", "report_issue"),
        (said("灯坏了"), "text", "灯坏了"),
        (said("灯坏了"), "origin", "message:7"),
        (said("灯坏了"), "account_id", 1),
        (said("脏", service_code="exposed_waste"), "service_code", "exposed_waste"),
        (said("脏", service_code="gone"), "service_code", "other"),
        (said("脏", service_code=None), "service_code", "other"),
        (said("脏", confidence=0.7), "confidence", 0.7),
        (said("脏", alternatives=GUESSES), "alternatives", (Guess("exposed_waste", 0.7),)),
        (said("脏", appeal_type="suggestion"), "appeal_type", AppealType.SUGGESTION),
        (said("脏", appeal_type=None), "appeal_type", AppealType.COMPLAINT),
        (said("脏", urgency="urgent"), "urgency", Urgency.URGENT),
        (said("脏", urgency=None), "urgency", Urgency.ROUTINE),
        (said("煤气漏了", urgency="emergency"), "is_emergency", True),
        (said("脏", urgency="urgent"), "is_emergency", False),
        (said("梅园", "inform", place("梅园", "nb-meiyuan")), "places", (Place("梅园", "building", "nb-meiyuan"),)),
        (said("3号楼", "inform", place("3号楼")), "places", (Place("3号楼", "building", None),)),
        (said("梅园", "inform", place("梅园", "nb-meiyuan")), "pressed", {}),
        (pressed("情况", "correct_report", part="description"), "pressed", {"part": "description"}),
        (pressed("确认", "affirm"), "pressed", {}),
        (BARE, "intent", ""),
        (BARE, "text", ""),
        (BARE, "places", ()),
        (BARE, "alternatives", ()),
        (BARE, "pressed", {}),
        ({}, "service_code", "other"),
    ],
)
def test_each_part_of_the_message_or_its_absence(
    reference: Reference, message: Said, field: str, expected: Any
) -> None:
    assert getattr(heard(tracker(message), reference.taxonomy), field) == expected


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("KT20261123-0007怎么样了", "KT20261123-0007"),
        ("查一下kt20261123-0007", "KT20261123-0007"),
        ("ＫＴ２０２６１１２３－０００７", "KT20261123-0007"),
        ("KT20261123-12345", "KT20261123-12345"),
        ("KT2026-0007", None),
        ("20261123-0007", None),
        ("怎么样了", None),
        ("", None),
    ],
)
def test_the_case_number_in_the_words(reference: Reference, text: str, number: str | None) -> None:
    assert heard(tracker(said(text)), reference.taxonomy).case_number == number


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("不是3号楼，是5号楼", ["5号楼"]),
        ("不在3号楼，在5号楼", ["5号楼"]),
        ("是5号楼不是3号楼", ["5号楼"]),
        ("不是在3号楼，5号楼", ["5号楼"]),
        ("是不是3号楼和5号楼", ["3号楼", "5号楼"]),
        ("3号楼不是有5号楼吗", ["3号楼", "5号楼"]),
    ],
)
def test_a_place_said_to_be_wrong_is_not_heard(reference: Reference, text: str, left: list[str]) -> None:
    message = said(text, "correct_report", place("3号楼"), place("5号楼"))
    assert [place.text for place in heard(tracker(message), reference.taxonomy).places] == left


def test_the_sender_is_the_account() -> None:
    assert account_id(tracker(said("你好"), by=1234567890123456789)) == 1234567890123456789


def test_a_sender_that_the_channel_lets_not_in_is_an_error() -> None:
    at = tracker(said("你好"))
    at.sender_id = "somebody"
    with pytest.raises(ValueError, match="somebody"):
        account_id(at)
