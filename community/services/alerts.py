"""Calling the people who must act: in the console, and in the chat of those who linked one."""

from dataclasses import replace

from community.core.alerts import Alert, AlertKind
from community.core.cases import Case
from community.core.errors import NotFound
from community.core.grids import GridRole
from community.core.messages import Reply
from community.core.rosters import on_duty
from community.core.staff import Staff
from community.services.ports import UnitOfWork
from community.services.telling import say_to
from community.services.wording import case_text

ALERT_TEXTS: dict[AlertKind, str] = {
    AlertKind.EMERGENCY: "alert_emergency",
    AlertKind.RESPONSE: "alert_response",
    AlertKind.RESOLVE: "alert_resolve",
    AlertKind.STEP: "alert_step",
    AlertKind.REOPENED: "alert_reopened",
    AlertKind.HANDED_OVER: "alert_handed_over",
    AlertKind.RESUMED: "alert_resumed",
}

_MANAGERS = {1: GridRole.MANAGER_1, 2: GridRole.MANAGER_2, 3: GridRole.MANAGER_3}


async def raise_alert(
    uow: UnitOfWork, case: Case, kind: AlertKind, *, percent: int = 0, level: int | None = None
) -> None:
    """Joins the transaction under way; without `level` it goes as high as the case stands."""
    alert = Alert(
        case_id=case.id,
        at=uow.now(),
        kind=kind,
        percent=percent,
        level=case.level if level is None else level,
        unit_code=case.unit_code,
        grid_code=case.grid_code,
    )
    called = await _called(uow, alert)
    await uow.alerts.add(replace(alert, names=tuple(called)))
    for staff in called.values():
        if staff and staff.account_id is not None:
            await say_to(
                uow, staff.account_id, Reply(case_text(uow.reference, ALERT_TEXTS[kind], case, percent=percent))
            )


async def _called(uow: UnitOfWork, alert: Alert) -> dict[str, Staff | None]:
    """Who is called, by name, with their login if they have one: at level 0 the unit that leads, above it the grid
    managers; in an emergency also whoever is on duty in the grid."""
    people = [staff.username for staff in await uow.staff.of_unit(alert.unit_code)] if alert.level == 0 else []
    if alert.grid_code:
        members = await uow.grids.members_of(alert.grid_code)
        people += [member.name for member in members if member.role is _MANAGERS.get(alert.level)]
    if alert.kind is AlertKind.EMERGENCY:
        people += await on_duty_in(uow, alert.grid_code)
    return {name: await uow.staff.by_username(name) for name in dict.fromkeys(people)}


async def on_duty_in(uow: UnitOfWork, grid_code: str | None) -> list[str]:
    """Who keeps watch over the grid just now, by its roster."""
    grid = next((grid for grid in await uow.grids.all() if grid.code == grid_code), None)
    roster = next((one for one in await uow.grids.rosters() if grid and one.code == grid.roster_code), None)
    duty = on_duty(roster, uow.now()) if roster else None
    return list(duty.members) if duty else []


async def mark_seen(uow: UnitOfWork, alert_id: int, *, actor_name: str) -> None:
    """Raises NotFound. Seeing twice changes nothing."""
    alert = await uow.alerts.get(alert_id)
    if alert is None:
        raise NotFound(f"no alert {alert_id}")
    if alert.seen_at is None:
        alert.seen_at, alert.seen_by = uow.now(), actor_name
        await uow.alerts.save(alert)
        await uow.commit()
