"""A neighbourhood to look around in: data/demo/cases.yml, lived through with the real services at past times."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import yaml

from bot.app import Storage
from bot.settings import Settings
from community.core.cases import AppealType, Case, CaseDraft, Guess, Urgency
from community.core.clock import Clock
from community.core.messages import Message, Progress, Reply
from community.core.workflow import Actor, Status
from community.services.cases import change_status, open_case
from community.services.messages import complete, receive
from community.services.ports import UnitOfWork
from community.services.wording import case_words

CHANNEL = "web"
_FIRST_RESIDENT = "demo-1"


@dataclass(frozen=True)
class DemoCase:
    """One row of the file. `hours_ago` is when it was reported, `steps` what has happened since."""

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
    steps: tuple[tuple[Status, float, str], ...]  # state, hours after the step before, note


async def load(storage: Storage) -> dict[str, int]:
    """How many residents and cases were added; nothing, and an empty answer, when they are there already."""
    async with storage.open_uow() as uow:
        if await uow.residents.find_account(CHANNEL, _FIRST_RESIDENT):
            return {}
    rows = sorted(read_rows(), key=lambda row: -row.hours_ago)  # case numbers must follow the days
    now = storage.clock()
    for row in rows:
        await _live(storage.uow_at, row, now)
    return {"residents": len({row.resident for row in rows}), "cases": len(rows)}


def read_rows() -> list[DemoCase]:
    path = Settings().data_dir / "demo" / "cases.yml"
    return [_row(row) for row in yaml.safe_load(path.read_text(encoding="utf-8"))["cases"]]


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
        steps=tuple((Status(status), hours, note) for status, hours, note in row["steps"]),
    )


async def _live(uow_at: Callable[[Clock], UnitOfWork], row: DemoCase, now: datetime) -> None:
    moment = now - timedelta(hours=row.hours_ago)
    async with uow_at(lambda: moment) as uow:
        case = await _report(uow, row)
    for status, hours, note in row.steps:
        moment += timedelta(hours=hours)
        if moment > now:
            return
        async with uow_at(lambda at=moment: at) as uow:  # type: ignore[misc]
            await change_status(
                uow, case.id, case.version, status, note, actor=_actor(status), actor_name=_actor(status).value
            )
        case.version += 1


async def _report(uow: UnitOfWork, row: DemoCase) -> Case:
    message = await receive(uow, CHANNEL, f"demo-{row.resident}", None, row.text)
    case = await open_case(uow, _draft(row, message))
    reply = Reply(uow.reference.texts.render("demo_submitted", **case_words(uow.reference, case)))
    message.progress = Progress.DONE
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


def _actor(status: Status) -> Actor:
    """In the file residents only withdraw and reopen."""
    return Actor.RESIDENT if status in (Status.WITHDRAWN, Status.REOPENED) else Actor.STAFF
