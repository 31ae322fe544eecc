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
    moment_words,
    place_words,
    status_notice,
)
from tests.fakes.clock import NOON
from tests.fakes.makers import a_case

STAFF_REACH = sorted({to for (_, to), step in TRANSITIONS.items() if Actor.STAFF in step.by})


def _event(**fields: Any) -> CaseEvent:
    values = {"case_id": 1, "kind": EventKind.STATUS_CHANGED, "at": NOON, "actor": Actor.STAFF}
    return CaseEvent(**{**values, **fields})


@pytest.mark.parametrize("status", STAFF_REACH)
def test_every_step_of_staff_has_its_notice(reference: Reference, status: Status) -> None:
    notice = status_notice(reference, a_case(status=status), _event(to_status=status, note="原因{x}"))
    assert "KT20261123-" in notice


@pytest.mark.parametrize("status", Status)
def test_every_state_has_a_name(reference: Reference, status: Status) -> None:
    assert reference.texts.render(STATUS_NAMES[status])
    assert case_words(reference, a_case(status=status))["status"]


@pytest.mark.parametrize("kind", EventKind)
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
