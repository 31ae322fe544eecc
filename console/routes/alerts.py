"""Reminders 督办提醒: what somebody must look at."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from community.core.errors import NotFound
from community.core.staff import Staff
from community.services.alerts import mark_seen
from community.services.ports import UnitOfWork
from console import session
from console.access import may_see_alert, staff_only, unit_of
from console.desk import desk_of, path_of, render, see_other
from console.forms import number
from console.views.alerts import alert_line

SHOWN = 100


@staff_only
async def list_alerts(request: Request, uow: UnitOfWork, staff: Staff) -> Response:
    texts, message = desk_of(request).texts, session.take_message(request)
    alerts = await uow.alerts.latest(SHOWN, unit_of(staff))
    cases = {alert.case_id: await uow.cases.get(alert.case_id) for alert in alerts}
    grids = {grid.code: grid.name for grid in await uow.grids.all()}
    lines = [
        alert_line(alert, case, grids, uow.reference, texts, uow.now())
        for alert in alerts
        if (case := cases[alert.case_id])
    ]
    words = texts.render(message) if message else None
    return render(request, "alerts.html", staff=staff, alerts=lines, shown=SHOWN, message=words)


@staff_only
async def post_seen(request: Request, uow: UnitOfWork, staff: Staff) -> Response:
    alert = await uow.alerts.get(number(request.path_params["alert_id"]))
    if alert is None or not may_see_alert(staff, alert):
        raise NotFound("no such alert")
    await mark_seen(uow, alert.id, actor_name=staff.username)
    session.leave_message(request, "alert_seen")
    return see_other(path_of(request, "alerts"))


@staff_only
async def back_to_alerts(request: Request, _uow: UnitOfWork, _staff: Staff) -> Response:
    return see_other(path_of(request, "alerts"))


routes = [
    Route("/alerts", list_alerts, methods=["GET"], name="alerts"),
    Route("/alerts/{alert_id}/seen", post_seen, methods=["POST"], name="alert_seen"),
    Route("/alerts/{alert_id}/seen", back_to_alerts, methods=["GET"]),
]
