"""The console mounted as the product mounts it, the data behind it, and a browser to speak to it with."""

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import httpx
from PIL import Image
from starlette.applications import Starlette
from starlette.routing import Mount

from community.core.cases import Case, CaseDraft
from community.core.messages import Message
from community.core.workflow import TRANSITIONS, Actor, Ground, Move, Status
from community.services.cases import change_status, open_case
from community.services.messages import receive
from community.services.photos import PhotoStore
from community.services.ports import UnitOfWork, UnitOfWorkFactory
from community.services.tasks import finish_task
from console.app import build_console
from tests.fakes.clock import SetClock

PHONE = "13812345678"
PASSWORD = "correct horse"
PHOTO = "0" * 64 + ".jpg"  # a name as the store gives them; there is no such file
STAFF_FIRST = (Actor.DISPATCHER, Actor.HANDLER, Actor.INSPECTOR, Actor.RESIDENT)


@dataclass
class Office:
    """What a test needs around the console: the data behind it and how often it woke the courier."""

    open_uow: UnitOfWorkFactory
    clock: SetClock
    photos: PhotoStore
    woken: list[datetime] = field(default_factory=list)
    _origins: Iterator[int] = field(default_factory=count)

    async def resident(self, external_id: str = "r1", *, says: str = f"垃圾没人清，我的电话{PHONE}") -> int:
        async with self.open_uow() as uow:
            return (await receive(uow, "web", external_id, None, says)).account_id

    async def case(self, **changes: Any) -> Case:
        account_id = changes.get("account_id") or await self.resident()
        async with self.open_uow() as uow:
            draft = CaseDraft(
                account_id=account_id,
                origin=f"test:{next(self._origins)}",
                description="3号楼楼下垃圾堆了好几天",
                service_code="exposed_waste",
                area_code="guihuayuan",
                address="3号楼楼下",
            )
            return await open_case(uow, replace(draft, **changes))

    async def move(self, case: Case, *path: Status, **details: Any) -> Case:
        """Takes a case along its life; whoever may take a step takes it, with all it needs unless `details` differ."""
        for to in path:
            async with self.open_uow() as uow:
                case = await self._finish_tasks(uow, case, to)
                move = self._move(case, to, details)
                name = "" if move.actor is Actor.RESIDENT else "李网格"
                case = await change_status(uow, case.id, case.version, move, actor_name=name)
        return case

    async def _finish_tasks(self, uow: UnitOfWork, case: Case, to: Status) -> Case:
        for task in case.tasks if to is Status.RESOLVED else ():
            if not task.lead and task.done_at is None:
                case = await finish_task(uow, case.id, case.version, task.unit_code, "", actor_name="李网格")
        return case

    def _move(self, case: Case, to: Status, details: dict[str, Any]) -> Move:
        by = TRANSITIONS[case.status, to].by
        needed: dict[str, Any] = {"actor": next(actor for actor in STAFF_FIRST if actor in by), "note": "现场看过"}
        if to is Status.SUSPENDED:
            needed["until"] = self.clock.moment + timedelta(days=3)
        if to is Status.REJECTED:
            needed["ground"] = Ground.NO_FACTS
        if to is Status.RESOLVED:
            needed["photos"] = (PHOTO,)
        return Move(to=to, **needed | details)


class Browser(httpx.AsyncClient):
    """Fetches a page, fills its form in, submits it with the hidden fields that stand in it."""

    async def submit(
        self, page: str, action: str, fields: Mapping[str, str | list[str]], files: list[bytes] | None = None
    ) -> httpx.Response:
        uploads = [("photo", (f"{place}.jpg", data, "image/jpeg")) for place, data in enumerate(files or [])]
        return await self.post(action, data={**hidden(await self.html(page)), **fields}, files=uploads or None)

    async def html(self, page: str) -> str:
        answer = await self.get(page)
        assert answer.status_code == 200, answer.text
        return answer.text

    async def log_in(self, username: str = "desk", password: str = PASSWORD) -> httpx.Response:
        fields = {"username": username, "password": password}
        return await self.submit("/console/login", "/console/login", fields)


def hidden(html: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', html))


def product(office: Office, *, secure_cookies: bool = False) -> Starlette:
    console = build_console(
        office.open_uow,
        office.photos,
        secret_key="not a secret",
        secure_cookies=secure_cookies,
        wake=lambda: office.woken.append(office.clock.moment),
    )
    return Starlette(routes=[Mount("/console", console)])


def page_of(case: Case) -> str:
    return f"/console/cases/{case.id}"


def picture(colour: tuple[int, int, int] = (30, 120, 60)) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(file, "JPEG")
    return file.getvalue()


async def post_status(
    desk: Browser, case: Case, to: str, note: str = "", files: list[bytes] | None = None, **fields: Any
) -> httpx.Response:
    """With a photo where units must show what they did, unless `files` say otherwise."""
    shown = [picture()] if files is None and to == Status.RESOLVED else files
    return await desk.submit(page_of(case), page_of(case) + "/status", {"to": to, "note": note, **fields}, shown)


async def stored(office: Office, case: Case) -> Case:
    async with office.open_uow() as uow:
        found = await uow.cases.get(case.id)
    assert found is not None
    return found


async def told(office: Office, case: Case) -> list[Message]:
    """What waits in the outbox for the resident."""
    async with office.open_uow() as uow:
        waiting = await uow.outbox.waiting_for(case.account_id)
        return [message for d in waiting if (message := await uow.messages.get(d.message_id))]
