from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from community.core.areas import Area
from community.core.cases import CaseEvent, EventKind
from community.core.workflow import TRANSITIONS, Actor, Status
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

STAFF_REACH = sorted({to for (_, to), step in TRANSITIONS.items() if step.by - {Actor.RESIDENT}})


def _event(**fields: Any) -> CaseEvent:
    values = {"case_id": 1, "kind": EventKind.STATUS_CHANGED, "at": NOON, "actor": Actor.DISPATCHER}
    return CaseEvent(**{**values, **fields})


@pytest.mark.parametrize("status", STAFF_REACH)
def test_every_step_of_staff_has_its_notice(reference: Reference, status: Status) -> None:
    details = {"ground": "no_facts", "until": NOON.isoformat(), "into": "KT20261123-0009"}
    event = _event(to_status=status, note="原因{x}", data=details)
    if status is Status.REPORTED:
        event = replace(event, from_status=Status.MERGED)  # the only way back there
    assert "KT20261123-" in status_notice(reference, a_case(status=status), event).text


def test_what_is_verified_asks_and_what_is_archived_may_be_rated(reference: Reference) -> None:
    verified = status_notice(reference, a_case(status=Status.VERIFIED, number="KT1"), _event())
    archived = status_notice(reference, a_case(status=Status.ARCHIVED, number="KT1"), _event())
    assert [button.payload for button in verified.buttons] == ["/solved?number=KT1", "/unsolved?number=KT1"]
    assert [button.payload for button in archived.buttons] == [f"/rate?number=KT1&score={n}" for n in (5, 4, 3, 2, 1)]


def test_residents_read_no_events_between_units(reference: Reference) -> None:
    events = [_event(kind=kind) for kind in EventKind]
    lines = event_lines(reference, events)
    assert 0 < len(lines) < len(events)
    assert not any("WARNED" in line or "联动" in line for line in lines)


@pytest.mark.parametrize("status", Status)
def test_every_state_has_a_name(reference: Reference, status: Status) -> None:
    assert reference.texts.render(STATUS_NAMES[status])
    assert case_words(reference, a_case(status=status))["status"]


@pytest.mark.parametrize("kind", [EventKind.OPENED, EventKind.CODE_CORRECTED, EventKind.DETAILS_ADDED])
def test_every_kind_of_event_has_a_line(reference: Reference, kind: EventKind) -> None:
    line = event_line(reference, _event(kind=kind, to_status=Status.ASSIGNED))
    assert "11月23日 12:00" in line
    assert not line.endswith("：")


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
