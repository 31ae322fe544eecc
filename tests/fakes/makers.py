"""Believable things to store; a test names only what it is about."""

from collections.abc import Callable
from datetime import date, time
from itertools import count
from typing import Any

from community.core.alerts import Alert, AlertKind
from community.core.cases import AppealType, Case, CaseDraft, Guess, Urgency
from community.core.grids import Grid, GridKind, GridMember, GridRole
from community.core.keys import ApiKey
from community.core.messages import Direction, Message
from community.core.outbox import Delivery
from community.core.residents import ChannelAccount, Resident
from community.core.rosters import Pattern, Roster
from community.core.staff import Role, Staff
from community.core.workflow import Status
from community.services.ports import UnitOfWork
from tests.fakes.clock import NOON

OpenUow = Callable[[], UnitOfWork]

_ordinals = count(1)


def a_case(**fields: Any) -> Case:
    ordinal = next(_ordinals)
    values = {
        "number": f"KT20261123-{ordinal:04d}",
        "account_id": 1,
        "origin": f"message-{ordinal}",
        "description": "3号楼楼下垃圾堆了好几天没人清，臭死了😷",
        "service_code": "exposed_waste",
        "appeal_type": AppealType.COMPLAINT,
        "urgency": Urgency.ROUTINE,
        "confidence": 0.75,
        "alternatives": (Guess("exposed_waste", 0.75), Guess("odour", 0.125)),
        "area_code": "nb-1",
        "address": "桂花苑3号楼",
        "unit_code": "sanitation",
        "status": Status.REPORTED,
        "opened_at": NOON,
        "due_at": NOON,
    }
    return Case(**{**values, **fields})


def a_draft(**fields: Any) -> CaseDraft:
    values = {
        "account_id": 1,
        "origin": "message-1",
        "description": "3号楼楼下垃圾堆了好几天没人清",
        "service_code": "exposed_waste",
        "area_code": None,
        "address": "3号楼楼下",
    }
    return CaseDraft(**{**values, **fields})


def a_message(**fields: Any) -> Message:
    return Message(**{"account_id": 1, "direction": Direction.IN, "text": "路灯不亮了💡", "at": NOON, **fields})


def an_alert(**fields: Any) -> Alert:
    return Alert(**{"case_id": 1, "at": NOON, "kind": AlertKind.RESOLVE, "percent": 80, "names": ("顾海燕",), **fields})


def a_delivery(**fields: Any) -> Delivery:
    values = {"account_id": 1, "message_id": 1, "created_at": NOON, "next_attempt_at": NOON}
    return Delivery(**{**values, **fields})


def a_staff(**fields: Any) -> Staff:
    values = {"username": "王芳", "password_hash": "x", "role": Role.DISPATCHER, "created_at": NOON}
    return Staff(**{**values, **fields})


async def an_account(uow: UnitOfWork, external_id: str = "42", channel: str = "telegram") -> ChannelAccount:
    resident = Resident(created_at=NOON)
    await uow.residents.add(resident)
    return await uow.residents.add_account(resident.id, channel, external_id, NOON)


async def committed_account(open_uow: OpenUow, external_id: str = "42") -> ChannelAccount:
    async with open_uow() as uow:
        account = await an_account(uow, external_id)
        await uow.commit()
    return account


def square(west: float, south: float, size: float = 0.01) -> dict[str, Any]:
    """A GeoJSON polygon of `size` degrees each way."""
    east, north = west + size, south + size
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def a_grid(**fields: Any) -> Grid:
    values = {
        "code": "gd-1",
        "name": "第一网格",
        "kind": GridKind.URBAN,
        "area_code": "nb-guihuayuan",
        "polygon": square(121.25, 31.36),
    }
    return Grid(**{**values, **fields})


def a_member(**fields: Any) -> GridMember:
    values = {"grid_code": "gd-1", "name": "陈志远", "role": GridRole.MANAGER_1, "service": "police"}
    return GridMember(**{**values, **fields})


def a_key(**fields: Any) -> ApiKey:
    values = {"name": "city-road", "secret_hash": "0" * 64, "secret": "s3cret", "created_at": NOON}
    return ApiKey(**{**values, **fields})


def a_roster(**fields: Any) -> Roster:
    values = {
        "code": "rs-1",
        "pattern": Pattern.TWO_CREWS,
        "starts_on": date(2026, 11, 1),
        "change_at": time(8, 30),
        "crews": (("陈志远", "顾晓雯"), ("唐建国",)),
    }
    return Roster(**{**values, **fields})
