"""What a test of the ways in holds in its hands, and the XML of an answer read back into JSON's shape."""

import json
from dataclasses import dataclass, replace
from itertools import count
from typing import Any
from xml.etree import ElementTree

import httpx

from community.core.cases import Case, CaseDraft
from community.core.workflow import Actor, Ground, Move, Status
from community.services.cases import change_status, open_case
from community.services.ports import UnitOfWorkFactory
from community.services.reference import Reference
from community.services.residents import identify
from intake.desk import Desk
from intake.open311.rendering import ITEMS
from intake.signature import sign
from tests.fakes.clock import SetClock

KEY = "city-road"
PHONE = "13812345678"
LISTS = frozenset(ITEMS)
_ids = count(1)


@dataclass
class Counter:
    client: httpx.AsyncClient
    open_uow: UnitOfWorkFactory
    clock: SetClock
    reference: Reference
    desk: Desk
    secret: str
    woken: list[None]

    async def get(self, path: str, **params: str) -> httpx.Response:
        return await self.client.get(f"/open311/v2{path}", params=params)

    async def shown(self, path: str, **params: str) -> Any:
        answer = await self.get(path, **params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def report(self, path: str = "/requests.json", **fields: str) -> httpx.Response:
        """Fields named `attribute_x` go as attribute[x]."""
        values = {"api_key": self.secret, "service_code": "manhole", "address_string": "清河路口", **fields}
        data = {_wire(name): value for name, value in values.items()}
        return await self.client.post(f"/open311/v2{path}", data=data)

    async def number(self, **fields: str) -> str:
        answer = await self.report(**fields)
        assert answer.status_code == 200, answer.text
        number: str = answer.json()[0]["service_request_id"]
        return number

    async def send(
        self, event: object, *, key: str = KEY, secret: str | None = None, at: int | None = None
    ) -> httpx.Response:
        body = event if isinstance(event, bytes) else json.dumps(event, ensure_ascii=False).encode()
        signed_at = int(self.clock().timestamp()) if at is None else at
        header = sign(secret or self.secret, body, signed_at)
        return await self.post(body, {"X-Ketang-Key": key, "X-Ketang-Signature": header})

    async def post(self, body: bytes, headers: dict[str, str]) -> httpx.Response:
        return await self.client.post("/intake/v1/events", content=body, headers=headers)

    async def case(self, **changes: Any) -> Case:
        """One that somebody told in chat, unless said otherwise."""
        async with self.open_uow() as uow:
            account = await identify(uow, "web", "r1")
            draft = CaseDraft(
                account_id=account.id,
                origin=f"test:{next(_ids)}",
                description="3号楼502室的王阿姨说楼下垃圾没人清",
                service_code="exposed_waste",
                area_code="nb-guihuayuan",
                address="3号楼502室",
                longitude=121.2557,
                latitude=31.3636,
            )
            return await open_case(uow, replace(draft, **changes))

    async def stored(self, number: str) -> Case:
        async with self.open_uow() as uow:
            case = await uow.cases.by_number(number)
        assert case is not None
        return case

    async def move(self, number: str, to: Status, actor: Actor = Actor.DISPATCHER, **more: Any) -> None:
        async with self.open_uow() as uow:
            case = await uow.cases.by_number(number)
            assert case is not None
            move = Move(to=to, actor=actor, photos=("done.jpg",), **more)
            await change_status(uow, case.id, case.version, move, actor_name="周明")

    async def reject(self, number: str, ground: Ground) -> None:
        await self.move(number, Status.REJECTED, note=f"不属于受理范围，电话{PHONE}", ground=ground)

    async def cases(self) -> list[Case]:
        async with self.open_uow() as uow:
            numbers = [f"KT20261123-{ordinal:04d}" for ordinal in range(1, 30)]
            return await uow.public_cases.by_numbers(numbers)


def _wire(name: str) -> str:
    return f"attribute[{name.removeprefix('attribute_')}]" if name.startswith("attribute_") else name


def as_json(xml: bytes) -> Any:
    """All leaves as text, null for what is empty."""
    return _value(ElementTree.fromstring(xml))


def _value(element: ElementTree.Element) -> Any:
    if element.tag in LISTS:
        return [_value(child) for child in element]
    if len(element):
        return {child.tag: _value(child) for child in element}
    return element.text


def as_text(content: Any) -> Any:
    """JSON with its leaves as XML writes them."""
    if isinstance(content, dict):
        return {name: as_text(value) for name, value in content.items()}
    if isinstance(content, list):
        return [as_text(value) for value in content]
    if isinstance(content, bool):
        return str(content).lower()
    return None if content in (None, "") else str(content)
