from datetime import UTC, datetime
from typing import Any

import pytest

from community.core.areas import Area
from community.core.cases import CaseEvent, EventKind
from community.core.workflow import TRANSITIONS, Actor, Ground, Status
from community.services.reference import Reference
from community.services.wording import (
    STATUS_NAMES,
    case_words,
    event_line,
    event_lines,
    moment_words,
    place_words,
    status_notice,
)
from tests.fakes.clock import NOON
from tests.fakes.makers import a_case

TOLD = [way for way, step in TRANSITIONS.items() if step.by - {Actor.RESIDENT}]  # who takes a step knows of it


def _event(**fields: Any) -> CaseEvent:
    values = {"case_id": 1, "kind": EventKind.STATUS_CHANGED, "at": NOON, "actor": Actor.DISPATCHER}
    return CaseEvent(**{**values, **fields})


@pytest.mark.parametrize("way", TOLD, ids="-".join)
def test_every_step_of_others_has_its_notice(reference: Reference, way: tuple[Status, Status]) -> None:
    start, to = way
    event = _event(from_status=start, to_status=to, note="原因{x}", data={"until": NOON.isoformat(), "ground": "abuse"})
    assert "KT20261123-" in status_notice(reference, a_case(status=to), event).text


@pytest.mark.parametrize("ground", Ground)
def test_every_ground_has_its_words(reference: Reference, ground: Ground) -> None:
    event = _event(to_status=Status.REJECTED, note="不归这里管", data={"ground": ground.value})
    notice = status_notice(reference, a_case(status=Status.REJECTED), event).text
    assert reference.texts.render(f"ground_{ground}") in notice
    assert "不归这里管" in notice


@pytest.mark.parametrize(
    ("status", "payloads"),
    [
        (Status.VERIFIED, ["/solved?number={}", "/unsolved?number={}"]),
        (Status.ARCHIVED, [f"/rate?number={{}}&score={score}" for score in (5, 4, 3, 2, 1)]),
        (Status.RESOLVED, []),
    ],
)
def test_some_steps_ask_something_back(reference: Reference, status: Status, payloads: list[str]) -> None:
    case = a_case(status=status)
    notice = status_notice(reference, case, _event(to_status=status))
    assert [button.payload for button in notice.buttons] == [payload.format(case.number) for payload in payloads]


@pytest.mark.parametrize("status", Status)
def test_every_state_has_a_name(reference: Reference, status: Status) -> None:
    assert reference.texts.render(STATUS_NAMES[status])
    assert case_words(reference, a_case(status=status))["status"]


@pytest.mark.parametrize("kind", EventKind)
def test_a_line_says_when(reference: Reference, kind: EventKind) -> None:
    for line in event_lines(reference, [_event(kind=kind)]):
        assert "11月23日 12:00" in line
        assert not line.endswith("：")


def test_the_history_keeps_what_units_settle_among_themselves(reference: Reference) -> None:
    silent = {kind for kind in EventKind if not event_lines(reference, [_event(kind=kind)])}
    assert silent == {
        *(EventKind.ROUTED, EventKind.STATUS_CHANGED, EventKind.WARNED),  # a change is named by the state it leads to
        *(EventKind.TASK_ADDED, EventKind.TASK_DONE, EventKind.TASK_DROPPED, EventKind.STEP_DONE),
        *(EventKind.SUPPORTED, EventKind.UNSUPPORTED, EventKind.SPLIT_OFF),
    }
    assert len(event_lines(reference, [_event(to_status=status) for status in Status])) == len(Status)


def test_a_line_carries_its_note(reference: Reference) -> None:
    assert event_line(reference, _event(to_status=Status.RESOLVED, note="已清运")).endswith("：已清运")


def test_moments_are_told_in_shanghai(reference: Reference) -> None:
    assert moment_words(reference, datetime(2026, 11, 23, 16, 5, tzinfo=UTC)) == "11月24日 00:05"


@pytest.mark.parametrize(
    ("address", "place"), [("3号楼", "{area}3号楼"), ("{area}3号楼", "{area}3号楼"), ("", "{area}")]
)
def test_the_neighbourhood_is_named_once(reference: Reference, area: Area, address: str, place: str) -> None:
    name = area.name
    assert place_words(reference, area.code, address.format(area=name)) == place.format(area=name)


def test_without_a_neighbourhood_the_address_is_all(reference: Reference) -> None:
    assert place_words(reference, None, "3号楼") == "3号楼"
