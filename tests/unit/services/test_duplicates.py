from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from community.core.cases import Case, Guess, Urgency
from community.core.duplicates import OFFERED
from community.core.residents import ChannelAccount
from community.core.workflow import FINISHED, Status
from community.services.duplicates import Duplicate, find_duplicates, remember_case
from community.services.ports import UnitOfWork
from tests.fakes.clock import NOON
from tests.fakes.makers import a_case

WASTE = "3号楼楼下垃圾堆了好几天没人清，臭死了"


@pytest.fixture
def fields(account: ChannelAccount) -> dict[str, Any]:
    return {"account_id": account.id, "description": WASTE, "area_code": "nb-1", "address": "3号楼楼下"}


async def remembered(uow: UnitOfWork, **fields: Any) -> Case:
    case = a_case(**fields)
    await uow.cases.add(case)
    await remember_case(uow, case)
    return case


async def ask(uow: UnitOfWork, description: str = WASTE, **asked: Any) -> Sequence[Duplicate]:
    values: dict[str, Any] = {"service_code": "exposed_waste", "area_code": "nb-1", "address": "", "now": NOON}
    return await find_duplicates(uow, description, **{**values, **asked})


async def test_the_same_matter_told_by_somebody_else(uow: UnitOfWork, fields: dict[str, Any]) -> None:
    case = await remembered(uow, **fields)
    await remembered(uow, **{**fields, "description": "5号楼电梯坏了", "address": "5号楼", "alternatives": ()})
    [found] = await ask(uow, "请问三号楼门口那堆垃圾啥时候有人来收啊", now=NOON + timedelta(days=1))
    assert found.case == case
    assert OFFERED <= found.likeness <= 1


async def test_the_likeliest_come_first_and_not_too_many(uow: UnitOfWork, fields: dict[str, Any]) -> None:
    cases = [await remembered(uow, **fields, opened_at=NOON - timedelta(days=day)) for day in (3, 1, 2, 4)]
    found = await ask(uow)
    assert [duplicate.case.id for duplicate in found] == [cases[at].id for at in (1, 2, 0)]
    assert [duplicate.case.id for duplicate in await ask(uow, limit=1)] == [cases[1].id]


async def test_of_equals_the_newest(uow: UnitOfWork, fields: dict[str, Any]) -> None:
    older, newer = await remembered(uow, **fields), await remembered(uow, **fields)
    assert [duplicate.case.id for duplicate in await ask(uow)] == [newer.id, older.id]


@pytest.mark.parametrize("status", Status)
async def test_only_open_cases_can_be_joined(uow: UnitOfWork, fields: dict[str, Any], status: Status) -> None:
    await remembered(uow, **fields, status=status)
    assert bool(await ask(uow)) is (status not in FINISHED)


async def test_a_case_once_finished_is_forgotten_and_once_reopened_remembered(
    uow: UnitOfWork, fields: dict[str, Any]
) -> None:
    case = await remembered(uow, **fields)
    for status, expected in ((Status.ARCHIVED, 0), (Status.REOPENED, 1)):
        case.status = status
        await uow.cases.save(case)
        await remember_case(uow, case)
        assert len(await ask(uow)) == expected


async def test_a_finished_case_still_remembered_is_not_offered(uow: UnitOfWork, fields: dict[str, Any]) -> None:
    case = await remembered(uow, **fields)
    case.status = Status.MERGED
    await uow.cases.save(case)
    assert await ask(uow) == []


async def test_an_emergency_is_nobodys_to_join(uow: UnitOfWork, fields: dict[str, Any]) -> None:
    await remembered(uow, **fields, urgency=Urgency.EMERGENCY)
    assert await ask(uow) == []


async def test_the_code_may_be_the_models_second_reading(uow: UnitOfWork, fields: dict[str, Any]) -> None:
    guesses = (Guess("odour", 0.5), Guess("exposed_waste", 0.4))
    await remembered(uow, **fields, service_code="odour", alternatives=guesses)
    assert await ask(uow)


@pytest.mark.parametrize("text", ["", "，", "💧", "水"])
async def test_next_to_nothing_said(uow: UnitOfWork, fields: dict[str, Any], text: str) -> None:
    await remembered(uow, **{**fields, "description": text, "address": "", "area_code": None, "alternatives": ()})
    assert await ask(uow, text, area_code=None, service_code="other") == []
