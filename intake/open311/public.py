"""What everybody may read about a case.

Whoever reports through Open311 or as a system knows that it will be published. What somebody told us in chat or on
the telephone was told to us: of that the public reads what it is about, the neighbourhood and how far it has come.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from community.core.cases import Case, CaseEvent, EventKind, Source, Urgency
from community.core.privacy import mask_contacts
from community.core.workflow import FINISHED, Actor, Ground, Status
from community.services.reference import Reference
from community.services.wording import STATUS_NAMES, place_words, unit_name
from intake.moments import moment_text
from intake.publicity import Publicity

OPEN_SOURCES = frozenset({Source.OPEN311, Source.PLATFORM, Source.PATROL})
SAID = frozenset({EventKind.REPLIED, EventKind.ASKED})
UPDATES = frozenset({EventKind.STATUS_CHANGED, *SAID})
# Steps whose note is written for the reporter; what units tell one another stays among them.
_NOTED = frozenset({Status.RESOLVED, Status.RETURNED, Status.SUSPENDED, Status.MERGED, Status.REJECTED})


def is_shown(case: Case, events: Sequence[CaseEvent], publicity: Publicity) -> bool:
    """Nothing about persons or homes, no emergencies, and no abuse."""
    abusive = case.status is Status.REJECTED and any(event.data.get("ground") == Ground.ABUSE for event in events)
    return case.service_code not in publicity.private and case.urgency is not Urgency.EMERGENCY and not abusive


def request_fields(case: Case, events: Sequence[CaseEvent], reference: Reference) -> dict[str, Any]:
    """All fields of GeoReport v2, in its order; null where there is nothing to say."""
    said_openly = case.source in OPEN_SOURCES
    updates = list(updates_of(case, events, reference))
    return {
        "service_request_id": case.number,
        "status": _status(case.status),
        "status_notes": updates[-1]["description"] if updates else None,
        "service_name": reference.taxonomy[case.service_code].name,
        "service_code": case.service_code,
        "description": _masked(case.description) if said_openly else None,
        "agency_responsible": unit_name(reference, case.unit_code),
        "service_notice": None,
        "requested_datetime": moment_text(case.opened_at),
        "updated_datetime": moment_text(case.ended_at)
        or (updates[-1]["updated_datetime"] if updates else None)
        or moment_text(case.opened_at),
        "expected_datetime": moment_text(case.due_at),
        "address": _address(case, reference, said_openly),
        "address_id": case.area_code,
        "zipcode": None,
        "lat": case.latitude if said_openly else None,
        "long": case.longitude if said_openly else None,
        "media_url": events[0].data.get("media_url") if said_openly else None,
    }


def updates_of(case: Case, events: Sequence[CaseEvent], reference: Reference) -> Iterator[dict[str, Any]]:
    """Each with the state that the case had after it, the oldest first."""
    status = Status.REPORTED
    for event in events:
        if event.kind is EventKind.STATUS_CHANGED and event.to_status:
            status = event.to_status
        if (event.kind in SAID and case.source not in OPEN_SOURCES) or event.kind not in UPDATES:
            continue
        yield {
            "update_id": str(event.id),
            "service_request_id": case.number,
            "status": _status(status),
            "updated_datetime": moment_text(event.at),
            "description": _words(case, event, status, reference),
            "media_url": None,
        }


def _words(case: Case, event: CaseEvent, status: Status, reference: Reference) -> str:
    for_reporter = event.kind in SAID or (status in _NOTED and event.actor is not Actor.RESIDENT)
    if event.note and for_reporter and case.source in OPEN_SOURCES:
        return _masked(event.note)
    return reference.texts.render(STATUS_NAMES[status])


def _status(status: Status) -> str:
    return "closed" if status in FINISHED else "open"


def _address(case: Case, reference: Reference, said_openly: bool) -> str | None:
    address = _masked(case.address) if said_openly else ""
    return place_words(reference, case.area_code, address) or None


def _masked(text: str) -> str:
    return mask_contacts(text)[0]
