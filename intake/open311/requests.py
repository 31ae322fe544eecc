"""Service requests: taken in with a key, read by everybody."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from community.core.cases import Case, CaseEvent, Urgency
from community.core.keys import ApiKey
from community.core.messages import clean
from community.services.keys import key_shown
from community.services.ports import UnitOfWork
from community.services.wording import deadline_words, unit_name
from intake.desk import Desk
from intake.open311.errors import CallRefused, form_of, problem
from intake.open311.forms import Form, read_form, read_request
from intake.open311.public import is_shown, request_fields
from intake.open311.queries import ids_of, public_query
from intake.open311.rendering import render
from intake.taking import take_in_one


async def requests(request: Request) -> Response:
    return await (_create(request) if request.method == "POST" else _list(request))


async def _create(request: Request) -> Response:
    desk: Desk = request.app.state.desk
    answer_in = form_of(request)
    form = await read_form(request)
    posted = read_request(desk, await writer(desk, form), form)
    case, _ = await take_in_one(desk, posted.reporter, posted.draft, posted.contacts)
    content = {
        "service_request_id": case.number,
        "service_notice": _notice(desk, case),
        "account_id": posted.account_id,
    }
    return render("service_requests", [content], answer_in)


async def writer(desk: Desk, form: Form) -> ApiKey:
    """Whose key came along. Raises KeyRefused or CallRefused."""
    async with desk.open_uow() as uow:
        key = await key_shown(uow, form.get("api_key", ""))
    if not desk.limiter.admits(key.name):
        raise CallRefused(429, problem("too_many"))
    return key


def _notice(desk: Desk, case: Case) -> str:
    if case.urgency is Urgency.EMERGENCY:
        return desk.texts.render("notice_emergency")
    unit = unit_name(desk.reference, case.unit_code)
    return desk.texts.render("notice", unit_name=unit, deadline=deadline_words(desk.reference, case))


async def _list(request: Request) -> Response:
    desk: Desk = request.app.state.desk
    answer_in, params = form_of(request), request.query_params
    ids = ids_of(params)  # they override everything else
    query = None if ids else public_query(params, desk)
    async with desk.open_uow() as uow:
        cases = await (uow.public_cases.opened_between(query) if query else uow.public_cases.by_numbers(ids))
        events = await events_by_case(uow, cases)
    return render("service_requests", _shown(desk, cases, events), answer_in)


async def one(request: Request) -> Response:
    desk: Desk = request.app.state.desk
    answer_in = form_of(request)
    async with desk.open_uow() as uow:
        cases = await uow.public_cases.by_numbers([clean(request.path_params["number"])])
        events = await events_by_case(uow, cases)
    content = _shown(desk, cases, events)
    if not content:
        raise CallRefused(404, problem("request_unknown"))
    return render("service_requests", content, answer_in)


async def events_by_case(uow: UnitOfWork, cases: Sequence[Case]) -> dict[int, list[CaseEvent]]:
    events: defaultdict[int, list[CaseEvent]] = defaultdict(list)
    for event in await uow.public_cases.events_of([case.id for case in cases]):
        events[event.case_id].append(event)
    return events


def _shown(desk: Desk, cases: Sequence[Case], events: dict[int, list[CaseEvent]]) -> list[dict[str, Any]]:
    return [
        request_fields(case, events[case.id], desk.reference)
        for case in cases
        if case.service_code in desk.reference.taxonomy and is_shown(case, events[case.id], desk.publicity)
    ]


routes = [
    Route("/requests.{form}", requests, methods=["GET", "POST"]),
    Route("/requests/{number}.{form}", one),
]
