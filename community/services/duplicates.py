"""Open cases that may be about the very matter somebody is reporting now, so that they can join one instead."""

from dataclasses import dataclass
from datetime import datetime

from community.core.cases import Case, Urgency
from community.core.duplicates import OFFERED, Report, likeness
from community.core.lookup import keys
from community.core.workflow import FINISHED
from community.services.ports import UnitOfWork
from community.services.reference import Reference

_EACH = 50  # cases looked at under one key
_COMPARED = 100


@dataclass(frozen=True)
class Duplicate:
    """`likeness` is OFFERED or more, up to 1."""

    case: Case
    likeness: float


async def find_duplicates(
    uow: UnitOfWork,
    description: str,
    service_code: str,
    area_code: str | None,
    address: str,
    *,
    now: datetime,
    limit: int = 3,
) -> list[Duplicate]:
    """The likeliest first; also those that the same resident opened."""
    asked = Report(description, (service_code,), area_code, address, now, uow.reference.rarity)
    near = await uow.duplicates.near(keys(asked), _EACH, _COMPARED)
    compared = [
        Duplicate(case, likeness(_report_of(case, uow.reference), asked)) for case in near if _can_be_joined(case)
    ]
    offered = [duplicate for duplicate in compared if duplicate.likeness >= OFFERED]
    return sorted(offered, key=lambda duplicate: (-duplicate.likeness, -duplicate.case.id))[:limit]


async def remember_case(uow: UnitOfWork, case: Case) -> None:
    """To be called whenever a case was opened, moved or corrected; does not commit. A finished one is forgotten."""
    if _can_be_joined(case):
        await uow.duplicates.remember(case.id, keys(_report_of(case, uow.reference)))
    else:
        await uow.duplicates.forget(case.id)


def _can_be_joined(case: Case) -> bool:
    """In danger nobody is asked whether somebody else has called already."""
    return case.status not in FINISHED and case.urgency is not Urgency.EMERGENCY


def _report_of(case: Case, reference: Reference) -> Report:
    codes = (case.service_code, *(guess.service_code for guess in case.alternatives))
    return Report(
        case.description, tuple(dict.fromkeys(codes)), case.area_code, case.address, case.opened_at, reference.rarity
    )
