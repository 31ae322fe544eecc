"""What every duplicate repository must do."""

import pytest
from sqlalchemy.exc import IntegrityError

from community.core.cases import Case
from community.services.ports import UnitOfWork
from tests.fakes.makers import OpenUow, a_case, an_account, committed_account

LARGEST, SMALLEST = 2**63 - 1, -(2**63)


async def stored(uow: UnitOfWork, *keys: int) -> Case:
    account = await uow.residents.find_account("telegram", "42") or await an_account(uow)
    case = a_case(account_id=account.id)
    await uow.cases.add(case)
    await uow.duplicates.remember(case.id, keys)
    return case


async def test_what_shares_most_comes_first_and_of_equals_the_newest(open_uow: OpenUow) -> None:
    async with open_uow() as uow:
        one, both, other, _ = [
            await stored(uow, *keys) for keys in ((LARGEST,), (LARGEST, SMALLEST), (SMALLEST,), (7,))
        ]
        await uow.commit()
    async with open_uow() as uow:
        assert await uow.duplicates.near([SMALLEST, LARGEST, 0], each=9, limit=9) == [both, other, one]
        assert await uow.duplicates.near([SMALLEST, LARGEST, 0], each=9, limit=2) == [both, other]
        assert await uow.duplicates.near([0], each=9, limit=9) == []
        assert await uow.duplicates.near([], each=9, limit=9) == []


async def test_only_the_newest_of_each_key(open_uow: OpenUow) -> None:
    async with open_uow() as uow:
        first, *_, last = [await stored(uow, 1, 2), await stored(uow, 1), await stored(uow, 1)]
        assert [case.id for case in await uow.duplicates.near([1], each=2, limit=9)] == [last.id, last.id - 1]
        assert first in await uow.duplicates.near([1, 2], each=2, limit=9)


async def test_remembering_again_takes_the_place_of_what_was(open_uow: OpenUow) -> None:
    async with open_uow() as uow:
        case = await stored(uow, 1, 2)
        await uow.duplicates.remember(case.id, {2, 3})
        assert [bool(await uow.duplicates.near([key], each=9, limit=9)) for key in (1, 2, 3)] == [False, True, True]
        await uow.duplicates.remember(case.id, [])
        assert await uow.duplicates.near([2, 3], each=9, limit=9) == []


async def test_forgetting_touches_no_other_case(open_uow: OpenUow) -> None:
    async with open_uow() as uow:
        gone, kept = await stored(uow, 1), await stored(uow, 1)
        await uow.duplicates.forget(gone.id)
        await uow.duplicates.forget(404)
        assert await uow.duplicates.near([1], each=9, limit=9) == [kept]


async def test_it_belongs_to_the_transaction(open_uow: OpenUow) -> None:
    account = await committed_account(open_uow)
    async with open_uow() as uow:
        case = a_case(account_id=account.id)
        await uow.cases.add(case)
        await uow.commit()
    async with open_uow() as uow:
        await uow.duplicates.remember(case.id, [1])
    async with open_uow() as uow:
        assert await uow.duplicates.near([1], each=9, limit=9) == []


async def test_it_sees_the_case_as_it_is_now(open_uow: OpenUow) -> None:
    async with open_uow() as uow:
        case = await stored(uow, 1)
        await uow.duplicates.near([1], each=9, limit=9)
        case.description = "又冒水了"
        await uow.cases.save(case)
        assert await uow.duplicates.near([1], each=9, limit=9) == [case]


async def test_a_key_needs_its_case(open_uow: OpenUow) -> None:
    async with open_uow() as uow:
        with pytest.raises(IntegrityError):
            await uow.duplicates.remember(404, [1])
