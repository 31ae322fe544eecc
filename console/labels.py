"""Which text names what; keys stand in full, so that a search for one finds its use."""

from community.core.cases import AppealType, EventKind, Urgency
from community.core.errors import KetangError, NoteRequired, StaleCase, TransitionNotAllowed, UnknownService
from community.core.workflow import Actor, Status

STEPS: dict[Status, str] = {
    Status.ASSIGNED: "step_assigned",
    Status.RESOLVED: "step_resolved",
    Status.VERIFIED: "step_verified",
    Status.ARCHIVED: "step_archived",
    Status.RETURNED: "step_returned",
    Status.SUSPENDED: "step_suspended",
    Status.MERGED: "step_merged",
    Status.REJECTED: "step_rejected",
}

SPECIAL_STEPS: dict[tuple[Status, Status], str] = {(Status.RESOLVED, Status.ASSIGNED): "step_assigned_again"}

URGENCIES: dict[Urgency, str] = {
    Urgency.EMERGENCY: "urgency_emergency",
    Urgency.URGENT: "urgency_urgent",
    Urgency.ROUTINE: "urgency_routine",
}

APPEALS: dict[AppealType, str] = {
    AppealType.COMPLAINT: "appeal_complaint",
    AppealType.REQUEST: "appeal_request",
    AppealType.ENQUIRY: "appeal_enquiry",
    AppealType.SUGGESTION: "appeal_suggestion",
    AppealType.REPORT: "appeal_report",
    AppealType.PRAISE: "appeal_praise",
}

EVENTS: dict[EventKind, str] = {
    EventKind.OPENED: "event_opened",
    EventKind.STATUS_CHANGED: "event_status_changed",
    EventKind.CODE_CORRECTED: "event_code_corrected",
    EventKind.CODE_CONFIRMED: "event_code_confirmed",
    EventKind.DETAILS_ADDED: "event_details_added",
}

ACTORS: dict[Actor, str] = {Actor.RESIDENT: "actor_resident", Actor.STAFF: "actor_staff"}

CHANNELS: dict[str, str] = {
    "web": "channel_web",
    "telegram": "channel_telegram",
    "wechat": "channel_wechat",
    "wecom": "channel_wecom",
}

# Why a posted form changed nothing: the text that says so, and the status of the answer.
REFUSALS: dict[type[KetangError], tuple[str, int]] = {
    StaleCase: ("stale_case", 409),
    TransitionNotAllowed: ("transition_not_allowed", 409),
    NoteRequired: ("note_required", 422),
    UnknownService: ("unknown_service", 422),
}
