"""Facts about a case as words for a resident; the sentences themselves stand in data/texts."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from community.core.cases import Case, CaseEvent, EventKind
from community.core.clock import shanghai
from community.core.messages import Button, Reply
from community.core.workflow import Ground, Status
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
    Status.REOPENED: "case_reopened",  # by somebody who asked again, 回访
}

GROUNDS: dict[Ground, str] = {
    Ground.OUTSIDE_AREA: "ground_outside_area",
    Ground.OTHER_PROCEDURE: "ground_other_procedure",
    Ground.NO_FACTS: "ground_no_facts",
    Ground.NOT_PUBLIC: "ground_not_public",
    Ground.HANDLED_BEFORE: "ground_handled_before",
    Ground.ABUSE: "ground_abuse",
}

RATINGS: dict[int, str] = {5: "rating_5", 4: "rating_4", 3: "rating_3", 2: "rating_2", 1: "rating_1"}

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


def deadline_words(reference: Reference, case: Case) -> str:
    """By when it should be done; or why no clock runs."""
    if case.due_at is not None:
        return reference.texts.render("deadline", moment=moment_words(reference, case.due_at))
    return reference.texts.render("deadline_none")


def case_words(reference: Reference, case: Case) -> dict[str, Any]:
    """The values every text about a case may use."""
    service = reference.taxonomy[case.service_code]
    return {
        "number": case.number,
        "service_name": service.name,
        "unit_name": unit_name(reference, case.unit_code),
        "deadline": deadline_words(reference, case),
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


def unit_name(reference: Reference, code: str) -> str:
    """Also of a unit that the release has dropped since: its code then."""
    unit = reference.routes.units.get(code)
    return unit.name if unit else code


def case_text(reference: Reference, key: str, case: Case, **values: object) -> str:
    return reference.texts.render(key, **case_words(reference, case), **values)


def status_notice(reference: Reference, case: Case, event: CaseEvent) -> Reply:
    """What the resident reads after a step; some steps ask something back."""
    key = "case_split" if event.from_status is Status.MERGED else STATUS_NOTICES[case.status]
    text = case_text(reference, key, case, **_details(reference, event))
    return Reply(text, _questions(reference, case))


def _details(reference: Reference, event: CaseEvent) -> dict[str, str]:
    until, ground = event.data.get("until"), event.data.get("ground")
    return {
        "note": event.note,
        "into": event.data.get("into", ""),
        "until": day_words(reference, datetime.fromisoformat(until)) if until else "",
        "ground": reference.texts.render(GROUNDS[Ground(ground)]) if ground else "",
    }


def day_words(reference: Reference, moment: datetime) -> str:
    local = shanghai(moment)
    return reference.texts.render("day", month=local.month, day=local.day)


def _questions(reference: Reference, case: Case) -> tuple[Button, ...]:
    if case.status is Status.VERIFIED:
        return solved_buttons(reference, case)
    return rating_buttons(reference, case) if case.status is Status.ARCHIVED else ()


def solved_buttons(reference: Reference, case: Case) -> tuple[Button, ...]:
    titles = {"solved": "button_solved", "unsolved": "button_unsolved"}
    return tuple(Button(reference.texts.render(key), f"/{name}?number={case.number}") for name, key in titles.items())


def rating_buttons(reference: Reference, case: Case) -> tuple[Button, ...]:
    """From 5 down to 1, as people expect the best first."""
    return tuple(
        Button(reference.texts.render(key), f"/rate?number={case.number}&score={score}")
        for score, key in RATINGS.items()
    )


def case_buttons(reference: Reference, name: str, cases: Iterable[Case]) -> tuple[Button, ...]:
    """One a case, to say which is meant; `name` is what the press does (core.messages.LASTING)."""
    return tuple(Button(case_text(reference, "button_case", case), f"/{name}?number={case.number}") for case in cases)


def rated_reply(reference: Reference, case: Case, score: int) -> Reply:
    """Who is content is thanked; anybody else hears that they will be asked again 回访."""
    key = "rated_sorry" if score <= reference.loop.sampling.rated else "rated_thanks"
    return Reply(case_text(reference, key, case, score=score))


def event_lines(reference: Reference, events: Iterable[CaseEvent]) -> list[str]:
    """The history as the resident reads it: what happened between units stays among them."""
    return [event_line(reference, event) for event in events if event.kind in _EVENT_TEXTS or event.to_status]


def event_line(reference: Reference, event: CaseEvent) -> str:
    """One line of the history as the resident reads it."""
    when = moment_words(reference, event.at)
    if event.kind is EventKind.STATUS_CHANGED and event.to_status:
        what = reference.texts.render(STATUS_NAMES[event.to_status])
    else:
        what = reference.texts.render(_EVENT_TEXTS[event.kind])
    return reference.texts.render("event_line", when=when, what=what, note=event.note).rstrip("：")


_EVENT_TEXTS: dict[EventKind, str] = {
    EventKind.OPENED: "event_opened",
    EventKind.CODE_CORRECTED: "event_code_corrected",
    EventKind.CODE_CONFIRMED: "event_code_confirmed",
    EventKind.PLACE_CORRECTED: "event_place_corrected",
    EventKind.DETAILS_ADDED: "event_details_added",
    EventKind.REPLIED: "event_replied",
    EventKind.ASKED: "event_asked",
    EventKind.ANSWERED: "event_answered",
    EventKind.ABSORBED: "event_absorbed",
    EventKind.HANDED_OVER: "event_handed_over",
    EventKind.PROCEDURE_STARTED: "event_procedure_started",
    EventKind.RATED: "event_rated",
    EventKind.REVISITED: "event_revisited",
}
