"""Facts about a case as words for a resident; the sentences themselves stand in data/texts."""

from datetime import datetime
from typing import Any

from community.core.cases import Case, CaseEvent, EventKind
from community.core.clock import shanghai
from community.core.workflow import Status
from community.services.reference import Reference

# Each state's sentence to the resident, named in full so that a search for the key finds its use.
STATUS_NOTICES: dict[Status, str] = {
    Status.ASSIGNED: "case_assigned",
    Status.RESOLVED: "case_resolved",
    Status.VERIFIED: "case_verified",
    Status.ARCHIVED: "case_archived",
    Status.RETURNED: "case_returned",
    Status.SUSPENDED: "case_suspended",
    Status.MERGED: "case_merged",
    Status.REJECTED: "case_rejected",
}

STATUS_NAMES: dict[Status, str] = {
    Status.REPORTED: "status_reported",
    Status.ASSIGNED: "status_assigned",
    Status.RESOLVED: "status_resolved",
    Status.VERIFIED: "status_verified",
    Status.ARCHIVED: "status_archived",
    Status.RETURNED: "status_returned",
    Status.SUSPENDED: "status_suspended",
    Status.MERGED: "status_merged",
    Status.REJECTED: "status_rejected",
    Status.WITHDRAWN: "status_withdrawn",
    Status.REOPENED: "status_reopened",
}


def moment_words(reference: Reference, moment: datetime) -> str:
    """11月23日 15:20, in Shanghai."""
    local = shanghai(moment)
    return reference.texts.render("moment", month=local.month, day=local.day, time=f"{local:%H:%M}")


def case_words(reference: Reference, case: Case) -> dict[str, Any]:
    """The values every text about a case may use."""
    service = reference.taxonomy[case.service_code]
    return {
        "number": case.number,
        "service_name": service.name,
        "unit_name": service.unit.name,
        "hours": str(service.resolve_hours),
        "due": moment_words(reference, case.due_at),
        "opened": moment_words(reference, case.opened_at),
        "status": reference.texts.render(STATUS_NAMES[case.status]),
        "place": place_words(reference, case.area_code, case.address),
        "description": case.description,
    }


def place_words(reference: Reference, area_code: str | None, address: str) -> str:
    """桂花苑3号楼楼下: the neighbourhood once, then what was said beyond it."""
    area = reference.areas.all.get(area_code or "")
    if area is None or any(name in address for name in (area.name, *area.aliases)):
        return address
    return area.name + address


def status_notice(reference: Reference, case: Case, event: CaseEvent) -> str:
    return reference.texts.render(STATUS_NOTICES[case.status], **case_words(reference, case), note=event.note)


def event_line(reference: Reference, event: CaseEvent) -> str:
    """One line of the history as the resident reads it."""
    when = moment_words(reference, event.at)
    if event.kind is EventKind.STATUS_CHANGED and event.to_status is not None:
        what = reference.texts.render(STATUS_NAMES[event.to_status])
    else:
        what = reference.texts.render(_EVENT_TEXTS[event.kind])
    return reference.texts.render("event_line", when=when, what=what, note=event.note).rstrip("：")


_EVENT_TEXTS: dict[EventKind, str] = {
    EventKind.OPENED: "event_opened",
    EventKind.CODE_CORRECTED: "event_code_corrected",
    EventKind.CODE_CONFIRMED: "event_code_confirmed",
    EventKind.DETAILS_ADDED: "event_details_added",
}
