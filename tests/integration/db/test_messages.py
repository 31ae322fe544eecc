"""What every message repository must do."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from community.core.messages import Button, Direction, Message, Progress
from community.services.ports import UnitOfWork
from tests.fakes.clock import NOON
from tests.fakes.makers import OpenUow, a_message, an_account, committed_account

CARD = (Button("确认✅", '/affirm{"是": "对"}'), Button("取消", "/deny"))


async def _heard(uow: UnitOfWork, account_id: int, progress: Progress = Progress.PENDING, **fields: object) -> Message:
    return await _stored(uow, a_message(account_id=account_id, progress=progress, **fields))


async def _said(uow: UnitOfWork, account_id: int, **fields: object) -> Message:
    return await _stored(uow, a_message(account_id=account_id, direction=Direction.OUT, **fields))


async def _stored(uow: UnitOfWork, message: Message) -> Message:
    await uow.messages.add(message)
    return message


async def test_a_message_comes_back_as_it_was(open_uow: OpenUow) -> None:
    account = await committed_account(open_uow)
    async with open_uow() as uow:
        question = await _heard(uow, account.id, external_id="77", text="𠮷野家门口漏水💧\n第二行")
        answer = await _said(uow, account.id, buttons=CARD, reply_to=question.id)
        await uow.commit()
    async with open_uow() as uow:
        assert await uow.messages.get(question.id) == question
        assert await uow.messages.get(answer.id) == answer
        assert await uow.messages.by_external_id(account.id, "77") == question
        assert await uow.messages.replies_to(question.id) == [answer]
        assert (await uow.messages.conversation(account.id, after=0, limit=9))[0].at.tzinfo is not None


async def test_what_is_not_there(open_uow: OpenUow) -> None:
    async with open_uow() as uow:
        assert await uow.messages.get(404) is None
        assert await uow.messages.by_external_id(404, "1") is None
        assert await uow.messages.oldest_pending(404, up_to=99) is None
        assert await uow.messages.accounts_waiting(NOON) == []
        assert await uow.messages.replies_to(404) == []
        assert await uow.messages.said_since_last_turn(404) == []
        assert await uow.messages.conversation(404, after=0, limit=9) == []


async def test_save_writes_progress_and_attempts(open_uow: OpenUow) -> None:
    async with open_uow() as uow:
        message = await _heard(uow, (await an_account(uow)).id)
        message.progress, message.attempts = Progress.FAILED, 3
        await uow.messages.save(message)
        await uow.commit()
    async with open_uow() as uow:
        assert await uow.messages.get(message.id) == message


async def test_an_external_id_is_unique_within_its_account(open_uow: OpenUow) -> None:
    async with open_uow() as uow:
        mine, neighbour = await an_account(uow, "42"), await an_account(uow, "43")
        await _heard(uow, mine.id, external_id="7")
        await _heard(uow, neighbour.id, external_id="7")
        for _ in range(2):
            await _heard(uow, mine.id, external_id=None)
        with pytest.raises(IntegrityError):
            await _heard(uow, mine.id, external_id="7")


@pytest.mark.parametrize("broken", [{"account_id": 404}, {"reply_to": 404}], ids=str)
async def test_a_message_needs_what_it_points_to(open_uow: OpenUow, broken: dict[str, int]) -> None:
    async with open_uow() as uow:
        account = await an_account(uow)
        with pytest.raises(IntegrityError):
            await uow.messages.add(a_message(**{"account_id": account.id, **broken}))


async def test_oldest_pending_up_to_a_message(open_uow: OpenUow) -> None:
    async with open_uow() as uow:
        mine, neighbour = await an_account(uow, "42"), await an_account(uow, "43")
        first = await _heard(uow, mine.id)
        await _heard(uow, neighbour.id)
        await _heard(uow, mine.id, Progress.DONE)
        await _heard(uow, mine.id, Progress.FAILED)
        second, third = await _heard(uow, mine.id), await _heard(uow, mine.id)
        for waiting in (first, second, third):
            assert await uow.messages.oldest_pending(mine.id, up_to=waiting.id - 1) is None
            assert await uow.messages.oldest_pending(mine.id, up_to=waiting.id) == waiting
            assert await uow.messages.oldest_pending(mine.id, up_to=None) == waiting
            waiting.progress = Progress.DONE
            await uow.messages.save(waiting)


async def test_accounts_waiting_whose_time_has_come(open_uow: OpenUow) -> None:
    async with open_uow() as uow:
        accounts = [await an_account(uow, str(n)) for n in range(4)]
        late, just_now, answered, given_up = accounts
        for _ in range(2):
            await _heard(uow, late.id, retry_at=NOON - timedelta(seconds=1))
        await _heard(uow, just_now.id, retry_at=NOON - timedelta(seconds=1))
        await _heard(uow, just_now.id, retry_at=NOON + timedelta(seconds=1))
        await _heard(uow, answered.id, Progress.DONE, retry_at=NOON - timedelta(seconds=1))
        await _heard(uow, given_up.id, Progress.FAILED, retry_at=NOON - timedelta(seconds=1))
        assert await uow.messages.accounts_waiting(NOON) == [late.id]
        assert sorted(await uow.messages.accounts_waiting(NOON + timedelta(seconds=1))) == [late.id, just_now.id]


async def test_said_since_last_turn(open_uow: OpenUow) -> None:
    async with open_uow() as uow:
        mine, neighbour = await an_account(uow, "42"), await an_account(uow, "43")
        greeting = await _said(uow, mine.id)
        assert await uow.messages.said_since_last_turn(mine.id) == [greeting]
        await _heard(uow, mine.id, Progress.DONE)
        card, notice = await _said(uow, mine.id, buttons=CARD), await _said(uow, mine.id)
        await _said(uow, neighbour.id)
        await _heard(uow, neighbour.id, Progress.DONE)
        await _heard(uow, mine.id, Progress.FAILED)
        await _heard(uow, mine.id, Progress.PENDING)
        assert await uow.messages.said_since_last_turn(mine.id) == [card, notice]


async def test_conversation_gives_the_newest_in_order(open_uow: OpenUow) -> None:
    async with open_uow() as uow:
        mine, neighbour = await an_account(uow, "42"), await an_account(uow, "43")
        said = [await _said(uow, mine.id, text=str(n)) for n in range(5)]
        await _said(uow, neighbour.id)
        assert await uow.messages.conversation(mine.id, after=0, limit=99) == said
        assert await uow.messages.conversation(mine.id, after=0, limit=2) == said[3:]
        assert await uow.messages.conversation(mine.id, after=said[1].id, limit=2) == said[3:]
        assert await uow.messages.conversation(mine.id, after=said[3].id, limit=99) == said[4:]
        assert await uow.messages.conversation(mine.id, after=said[4].id, limit=99) == []
