"""Which text names what; keys stand in full, so that a search for one finds its use."""

from community.core.alarms import ClockName
from community.core.cases import AppealType, EventKind, Urgency
from community.core.errors import (
    BadDate,
    BadTarget,
    GroundRequired,
    KetangError,
    NoteRequired,
    PhotoRefused,
    PhotoRequired,
    PhotoTooLarge,
    StaleCase,
    StepsOpen,
    TasksOpen,
    TransitionNotAllowed,
    UnknownService,
    UnknownUnit,
)
from community.core.workflow import Actor, Status
from community.core.worktime import Basis

STEPS: dict[Status, str] = {
    Status.ASSIGNED: "step_assigned",
    Status.RESOLVED: "step_resolved",
    Status.VERIFIED: "step_verified",
    Status.ARCHIVED: "step_archived",
    Status.RETURNED: "step_returned",
    Status.SUSPENDED: "step_suspended",
    Status.MERGED: "step_merged",
    Status.REJECTED: "step_rejected",
    Status.REPORTED: "step_split",
    Status.REOPENED: "step_reopened",
}

SPECIAL_STEPS: dict[tuple[Status, Status], str] = {
    (Status.RESOLVED, Status.ASSIGNED): "step_assigned_again",
    (Status.SUSPENDED, Status.ASSIGNED): "step_resumed",
}

LEVELS = ("level_0", "level_1", "level_2", "level_3")

BASES: dict[Basis, str] = {Basis.CLOCK: "limit_clock", Basis.WORK: "limit_work"}

CLOCKS: dict[ClockName, str] = {ClockName.RESPONSE: "clock_response", ClockName.RESOLVE: "clock_resolve"}

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
    EventKind.ROUTED: "event_routed",
    EventKind.PLACE_CORRECTED: "event_place_corrected",
    EventKind.REPLIED: "event_replied",
    EventKind.ASKED: "event_asked",
    EventKind.ANSWERED: "event_answered",
    EventKind.TASK_ADDED: "event_task_added",
    EventKind.TASK_DONE: "event_task_done",
    EventKind.TASK_DROPPED: "event_task_dropped",
    EventKind.PROCEDURE_STARTED: "event_procedure_started",
    EventKind.STEP_DONE: "event_step_done",
    EventKind.SUPPORTED: "event_supported",
    EventKind.UNSUPPORTED: "event_unsupported",
    EventKind.ABSORBED: "event_absorbed",
    EventKind.SPLIT_OFF: "event_split_off",
    EventKind.WARNED: "event_warned",
    EventKind.HANDED_OVER: "event_handed_over",
    EventKind.RATED: "event_rated",
    EventKind.REVISITED: "event_revisited",
}

ACTORS: dict[Actor, str] = {
    Actor.RESIDENT: "actor_resident",
    Actor.DISPATCHER: "actor_dispatcher",
    Actor.HANDLER: "actor_handler",
    Actor.INSPECTOR: "actor_inspector",
    Actor.SYSTEM: "actor_system",
}

CHANNELS: dict[str, str] = {
    "web": "channel_web",
    "telegram": "channel_telegram",
    "wechat": "channel_wechat",
    "wecom": "channel_wecom",
    "open311": "channel_open311",
    "platform": "channel_platform",
    "hotline": "channel_hotline",
}

# Why a posted form changed nothing: the text that says so, and the status of the answer.
REFUSALS: dict[type[KetangError], tuple[str, int]] = {
    StaleCase: ("stale_case", 409),
    TransitionNotAllowed: ("transition_not_allowed", 409),
    NoteRequired: ("note_required", 422),
    GroundRequired: ("ground_required", 422),
    BadDate: ("bad_date", 422),
    BadTarget: ("bad_target", 422),
    PhotoRequired: ("photo_required", 422),
    PhotoRefused: ("photo_refused", 422),
    PhotoTooLarge: ("photo_too_large", 422),
    TasksOpen: ("tasks_open", 409),
    StepsOpen: ("steps_open", 409),
    UnknownUnit: ("unknown_unit", 422),
    UnknownService: ("unknown_service", 422),
}
