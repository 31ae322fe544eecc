"""A neighbourhood to look around in: data/demo/cases.yml, lived through with the real services at past times."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from bot.app import Storage
from bot.demo_grids import load_grids
from bot.demo_photo import draw_photo
from community.core.alarms import Vigil
from community.core.cases import AppealType, Case, CaseDraft, Guess, Urgency
from community.core.clock import SHANGHAI, shanghai
from community.core.messages import Message, Reply
from community.core.workflow import Actor, Ground, Move, Status
from community.services.cases import change_status, open_case
from community.services.messages import complete, receive
from community.services.outbox import mark_delivered
from community.services.ports import UnitOfWork
from community.services.reference import Reference
from community.services.tasks import finish_task
from community.services.watch import look_at
from community.services.wording import case_words

CHANNEL = "web"
_FIRST_RESIDENT = "demo-1"
_STORY_HOUR = 15  # the file's hours count back from three in the afternoon, so that nobody reports at night


@dataclass(frozen=True)
class Step:
    hours_after: float  # the step before, or the report
    status: Status
    note: str
    ground: Ground | None = None
    into: str = ""  # the text of the case to merge with

    @property
    def actor(self) -> Actor:
        """In the file residents only withdraw and reopen."""
        return _PARTS.get(self.status, Actor.DISPATCHER)


_PARTS = {
    Status.WITHDRAWN: Actor.RESIDENT,
    Status.REOPENED: Actor.RESIDENT,
    Status.RESOLVED: Actor.HANDLER,
    Status.RETURNED: Actor.HANDLER,
    Status.SUSPENDED: Actor.HANDLER,
    Status.VERIFIED: Actor.INSPECTOR,
}
_SUSPENSION = timedelta(days=60)  # longer than any in the file: there people go on before


@dataclass(frozen=True)
class DemoCase:
    resident: int
    text: str
    service_code: str
    appeal_type: AppealType
    urgency: Urgency
    area_code: str
    address: str
    confidence: float
    alternatives: tuple[Guess, ...]
    hours_ago: float
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Demo:
    staff: str
    cases: tuple[DemoCase, ...]


@dataclass(frozen=True)
class Happening:
    """One thing that happens to one of the cases: its report, where `step` is None, or a step."""

    at: datetime
    row: DemoCase
    step: Step | None


async def load(storage: Storage, data_dir: Path) -> dict[str, int]:
    """How many residents and cases were added; an empty answer when they are there already."""
    async with storage.open_uow() as uow:
        if await uow.residents.find_account(CHANNEL, _FIRST_RESIDENT):
            return {}
    await load_grids(storage, data_dir)
    demo = read_demo(data_dir)
    opened: dict[str, Case] = {}
    photo = storage.photos.keep(draw_photo())
    quiet = _without_alarms(storage.reference)
    for happening in timeline(demo, story_end(storage.clock())):
        await _let_happen(storage, quiet, happening, opened, demo.staff, photo)
    for case in opened.values():
        async with storage.open_uow() as uow:
            await look_at(uow, case.id)
    return {"residents": len({row.resident for row in demo.cases}), "cases": len(opened)}


def _without_alarms(reference: Reference) -> Reference:
    """While the past is told, the watch of a running app must not act on it: each case would seem long overdue."""
    return replace(reference, loop=replace(reference.loop, vigil=Vigil((), archive_after=timedelta(days=36500))))


def read_demo(data_dir: Path) -> Demo:
    content = yaml.safe_load((data_dir / "demo" / "cases.yml").read_text(encoding="utf-8"))
    return Demo(staff=content["staff"], cases=tuple(_row(row) for row in content["cases"]))


def _row(row: dict[str, Any]) -> DemoCase:
    return DemoCase(
        resident=row["resident"],
        text=row["text"],
        service_code=row["service_code"],
        appeal_type=AppealType(row["appeal_type"]),
        urgency=Urgency(row["urgency"]),
        area_code=row["area"],
        address=row["address"],
        confidence=row["confidence"],
        alternatives=tuple(Guess(code, confidence) for code, confidence in row["alternatives"]),
        hours_ago=row["hours_ago"],
        steps=tuple(_step(*step) for step in row["steps"]),
    )


def _step(status: str, hours: float, note: str, details: dict[str, str] | None = None) -> Step:
    details = details or {}
    ground = details.get("ground")
    return Step(hours, Status(status), note, Ground(ground) if ground else None, details.get("into", ""))


def story_end(now: datetime) -> datetime:
    """The last three in the afternoon before `now`, in Shanghai."""
    end = shanghai(now).replace(hour=_STORY_HOUR, minute=0, second=0, microsecond=0, tzinfo=SHANGHAI)
    return end if end <= now else end - timedelta(days=1)


def timeline(demo: Demo, end: datetime) -> list[Happening]:
    """Everything that has happened until `end`, in the order it happened."""
    happenings: list[Happening] = []
    for row in demo.cases:
        at = end - timedelta(hours=row.hours_ago)
        happenings.append(Happening(at, row, None))
        for step in row.steps:
            at += timedelta(hours=step.hours_after)
            happenings.append(Happening(at, row, step))
    return sorted((happening for happening in happenings if happening.at <= end), key=lambda happening: happening.at)


async def _let_happen(
    storage: Storage,
    reference: Reference,
    happening: Happening,
    opened: dict[str, Case],
    staff: str,
    photo: str,
) -> None:
    row, step = happening.row, happening.step
    async with storage.uow_with(lambda: happening.at, reference) as uow:
        if step is None:
            opened[row.text] = await _report(uow, row)
            return
        case = await uow.cases.get(opened[row.text].id) or opened[row.text]  # another case may have joined it
        name = "" if step.actor is Actor.RESIDENT else staff
        if step.status is Status.RESOLVED:
            case = await _finish_tasks(uow, case, staff)
        move = _move(case, step, opened, happening.at, photo)
        opened[row.text] = case = await change_status(uow, case.id, case.version, move, actor_name=name)
        for delivery in await uow.outbox.waiting_for(case.account_id):
            await mark_delivered(uow, delivery)  # nobody listens behind a demo account


def _move(case: Case, step: Step, opened: dict[str, Case], at: datetime, photo: str) -> Move:
    inspected = (case.status, step.status) == (Status.RESOLVED, Status.ASSIGNED)
    return Move(
        to=step.status,
        actor=Actor.INSPECTOR if inspected else step.actor,
        note=step.note,
        until=at + _SUSPENSION if step.status is Status.SUSPENDED else None,
        ground=step.ground,
        into=opened[step.into].number if step.into else "",
        photos=(photo,) if step.status is Status.RESOLVED else (),
    )


async def _finish_tasks(uow: UnitOfWork, case: Case, staff: str) -> Case:
    """The units beside the lead are done before it."""
    for task in case.tasks:
        if not task.lead and task.done_at is None:
            case = await finish_task(uow, case.id, case.version, task.unit_code, "", actor_name=staff)
    return case


async def _report(uow: UnitOfWork, row: DemoCase) -> Case:
    message = await receive(uow, CHANNEL, f"demo-{row.resident}", None, row.text)
    case = await open_case(uow, _draft(row, message))
    reply = Reply(uow.reference.texts.render("demo_submitted", **case_words(uow.reference, case)))
    await complete(uow, message, [reply], deliver=False)
    return case


def _draft(row: DemoCase, message: Message) -> CaseDraft:
    return CaseDraft(
        account_id=message.account_id,
        origin=f"message:{message.id}",
        description=row.text,
        service_code=row.service_code,
        area_code=row.area_code,
        address=row.address,
        appeal_type=row.appeal_type,
        urgency=row.urgency,
        confidence=row.confidence,
        alternatives=row.alternatives,
    )
