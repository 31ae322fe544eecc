"""Believable things to store; a test names only what it is about."""

from collections.abc import Callable
from itertools import count
from typing import Any

from community.core.cases import AppealType, Case, CaseDraft, Guess, Urgency
from community.core.messages import Direction, Message
from community.core.outbox import Delivery
from community.core.residents import ChannelAccount, Resident
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
