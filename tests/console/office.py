"""The console mounted as the product mounts it, the data behind it, and a browser to speak to it with."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.routing import Mount

from community.core.cases import Case, CaseDraft
from community.core.workflow import Actor, Status
from community.services.cases import change_status, open_case
from community.services.messages import receive
from community.services.ports import UnitOfWorkFactory
from console.app import build_console
from tests.fakes.clock import SetClock

PHONE = "13812345678"
PASSWORD = "correct horse"


@dataclass
class Office:
    """What a test needs around the console: the data behind it and how often it woke the courier."""

    open_uow: UnitOfWorkFactory
    clock: SetClock
    woken: list[datetime]
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

    async def move(self, case: Case, *path: Status) -> Case:
        """Takes a case along its life."""
        for to in path:
            async with self.open_uow() as uow:
                case = await change_status(
                    uow, case.id, case.version, to, "现场看过", actor=Actor.STAFF, actor_name="李网格"
                )
        return case


class Browser(httpx.AsyncClient):
    """Fetches a page, fills its form in, submits it with the hidden fields that stand in it."""

    async def submit(self, page: str, action: str, fields: dict[str, str]) -> httpx.Response:
        return await self.post(action, data={**hidden(await self.html(page)), **fields})

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
        secret_key="not a secret",
        secure_cookies=secure_cookies,
        wake=lambda: office.woken.append(office.clock.moment),
    )
    return Starlette(routes=[Mount("/console", console)])
