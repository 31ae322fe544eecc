"""What happened to requests: read by everybody, and added to by the system that reported them.

No part of GeoReport v2, but the extension that FixMyStreet and others speak.
"""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from community.core.cases import CaseEvent
from community.core.keys import ApiKey
from community.core.privacy import mask_contacts
from community.services.cases import add_details
from community.services.ports import UnitOfWork
from community.services.residents import account_of, remember_contacts
from intake.desk import Desk
from intake.open311.errors import CallRefused, form_of, problem
from intake.open311.forms import Form, contacts, read_form, required, too_long, url_problems
from intake.open311.public import UPDATES, is_shown, updates_of
from intake.open311.queries import MAX_PAGE_SIZE, span
from intake.open311.rendering import render
from intake.open311.requests import events_by_case, writer


async def updates(request: Request) -> Response:
    return await (_add(request) if request.method == "POST" else _list(request))


async def _list(request: Request) -> Response:
    desk: Desk = request.app.state.desk
    answer_in = form_of(request)
    start, end = span(request.query_params, desk.clock())
    async with desk.open_uow() as uow:
        found = await uow.public_cases.events_between(start, end, UPDATES, MAX_PAGE_SIZE)
        content = await _shown(desk, uow, found)
    return render("service_request_updates", content, answer_in)


async def _shown(desk: Desk, uow: UnitOfWork, found: list[CaseEvent]) -> list[dict[str, Any]]:
    cases = await uow.public_cases.by_ids({event.case_id for event in found})
    events = await events_by_case(uow, cases)
    shown = {
        update["update_id"]: update
        for case in cases
        if is_shown(case, events[case.id], desk.publicity)
        for update in updates_of(case, events[case.id], desk.reference)
    }
    return [shown[str(event.id)] for event in found if str(event.id) in shown]


async def _add(request: Request) -> Response:
    desk: Desk = request.app.state.desk
    answer_in = form_of(request)
    form = await read_form(request)
    key = await writer(desk, form)
    required(form, "service_request_id", "update_id", "description")
    if problems := [*too_long(form), *url_problems(form)]:
        raise CallRefused(400, *problems)
    async with desk.writing, desk.open_uow() as uow:
        update_id = await _take_in(uow, key, form)
    desk.wake()
    return render("service_request_updates", [{"update_id": str(update_id)}], answer_in)


async def _take_in(uow: UnitOfWork, key: ApiKey, form: Form) -> int:
    """The id of the event; the same update_id again gives the first one. Raises CallRefused."""
    case = await uow.cases.by_number(form["service_request_id"])
    if case is None or not case.origin.startswith(f"open311:{key.name}:"):
        raise CallRefused(404, problem("request_unknown"))
    if known := await _known(uow, case.id, form["update_id"]):
        return known
    words, found = mask_contacts(form["description"])
    if said := [*contacts(form), *found]:
        await remember_contacts(uow, (await account_of(uow, case.account_id)).resident_id, said)
    data = {name: form[name] for name in ("update_id", "media_url") if name in form}
    await add_details(uow, case, words, data)
    return await _known(uow, case.id, form["update_id"])


async def _known(uow: UnitOfWork, case_id: int, update_id: str) -> int:
    """0 when there is none."""
    events = await uow.cases.events(case_id)
    return next((event.id for event in events if event.data.get("update_id") == update_id), 0)


routes = [Route("/servicerequestupdates.{form}", updates, methods=["GET", "POST"])]
