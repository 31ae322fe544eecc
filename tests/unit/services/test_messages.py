import asyncio
from dataclasses import replace

import pytest

from community.core.messages import Button, Direction, Message, Progress, Reply
from community.core.residents import ChannelAccount
from community.services.messages import MAX_ATTEMPTS, complete, next_turn, postpone, receive, say
from community.services.ports import UnitOfWork
from community.services.residents import resident_of
from tests.fakes.clock import NOON, SetClock
from tests.fakes.makers import OpenUow

CARD = Reply("请核对", (Button("确认", "/affirm"), Button("取消", "/deny")))


async def _receive(open_uow: OpenUow, text: str, external_id: str | None = None, user: str = "42") -> Message:
    async with open_uow() as uow:
        return await receive(uow, "telegram", user, external_id, text)


async def _conversation(open_uow: OpenUow, account_id: int) -> list[Message]:
    async with open_uow() as uow:
        return await uow.messages.conversation(account_id, after=0, limit=99)


async def test_a_first_message_makes_the_account_and_waits(open_uow: OpenUow) -> None:
    message = await _receive(open_uow, "路灯坏了💡", "7")
    assert (message.direction, message.progress, message.attempts) == (Direction.IN, Progress.PENDING, 0)
    assert (message.text, message.external_id, message.at) == ("路灯坏了💡", "7", NOON)
    async with open_uow() as uow:
        account = await uow.residents.find_account("telegram", "42")
        assert account is not None
        assert account.id == message.account_id
        assert await uow.messages.oldest_pending(account.id, up_to=message.id) == message


async def test_the_same_delivery_twice_is_one_message(open_uow: OpenUow) -> None:
    first = await _receive(open_uow, "路灯坏了", "7")
    again = await _receive(open_uow, "路灯坏了（又来一遍）", "7")
    assert again == first
    assert await _conversation(open_uow, first.account_id) == [first]


@pytest.mark.parametrize(
    "second", [{"external_id": "8"}, {"user": "43", "external_id": "7"}], ids=["another id", "another person"]
)
async def test_another_delivery_is_another_message(open_uow: OpenUow, second: dict[str, str]) -> None:
    first = await _receive(open_uow, "路灯坏了", "7")
    assert (await _receive(open_uow, "路灯坏了", **second)).id != first.id


async def test_without_external_id_nothing_is_taken_for_a_repeat(open_uow: OpenUow) -> None:
    first, second = [await _receive(open_uow, "路灯坏了") for _ in range(2)]
    assert first.account_id == second.account_id
    assert first.id != second.id


async def test_people_who_write_at_once_all_get_through(open_uow: OpenUow) -> None:
    heard = await asyncio.gather(*(_receive(open_uow, "停电了", user=str(n)) for n in range(10)))
    assert len({message.account_id for message in heard}) == 10


async def test_contacts_are_cut_out_and_remembered_once(open_uow: OpenUow) -> None:
    message = await _receive(open_uow, "打13800138000或者wf@example.com")
    await _receive(open_uow, "再说一遍13800138000，家里021-62501234")
    assert message.text == "打138****8000或者w****@example.com"
    async with open_uow() as uow:
        resident = await resident_of(uow, message.account_id)
    assert resident.contacts == ["13800138000", "wf@example.com", "021-62501234"]


@pytest.mark.parametrize("deliver", [True, False])
async def test_complete_records_the_answers_in_order(open_uow: OpenUow, deliver: bool) -> None:
    message = await _receive(open_uow, "路灯坏了")
    async with open_uow() as uow:
        said = await complete(uow, message, [Reply("收到"), CARD], deliver=deliver)
    assert [(m.text, m.buttons, m.reply_to, m.direction) for m in said] == [
        ("收到", (), message.id, Direction.OUT),
        (CARD.text, CARD.buttons, message.id, Direction.OUT),
    ]
    async with open_uow() as uow:
        assert await uow.messages.replies_to(message.id) == said
        assert await uow.messages.oldest_pending(message.account_id, up_to=None) is None
        waiting = await uow.outbox.waiting_for(message.account_id)
        assert [delivery.message_id for delivery in waiting] == ([m.id for m in said] if deliver else [])


async def test_complete_writes_nothing_when_an_answer_cannot_be_kept(
    open_uow: OpenUow, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = await _receive(open_uow, "路灯坏了")
    async with open_uow() as uow:
        monkeypatch.setattr(uow.outbox, "add", _refuse)
        with pytest.raises(OSError, match="full"):
            await complete(uow, replace(message), [Reply("收到")], deliver=True)
    assert await _conversation(open_uow, message.account_id) == [message]


async def _refuse(_: object) -> None:
    raise OSError("disk full")


SORRY = Reply("留给工作人员看")


@pytest.mark.parametrize("deliver", [True, False])
async def test_postpone_waits_longer_each_time_and_then_tells_the_sender(open_uow: OpenUow, deliver: bool) -> None:
    message = await _receive(open_uow, "路灯坏了")
    seen = []
    for _ in range(MAX_ATTEMPTS):
        async with open_uow() as uow:
            answers = await postpone(uow, message, SORRY, deliver=deliver)
        stored = (await _conversation(open_uow, message.account_id))[0]
        seen.append((stored.attempts, stored.progress, stored.retry_at and (stored.retry_at - NOON).seconds))
    assert seen == [(1, Progress.PENDING, 30), (2, Progress.PENDING, 300), (3, Progress.FAILED, 300)]
    assert answers is not None
    assert [(answer.text, answer.reply_to) for answer in answers] == [(SORRY.text, message.id)]
    async with open_uow() as uow:
        assert len(await uow.outbox.waiting_for(message.account_id)) == deliver


async def _pressed(open_uow: OpenUow, text: str, user: str = "42") -> Button | None:
    """What this text, said now, presses."""
    message = await _receive(open_uow, text, user=user)
    async with open_uow() as uow:
        turn = await next_turn(uow, message.account_id, message.id)
        assert turn is not None
        assert turn.message == message
        assert turn.text == (turn.button.title if turn.button else text)
        return turn.button


async def _show_card(open_uow: OpenUow, account: ChannelAccount) -> None:
    async with open_uow() as uow:
        await say(uow, account.id, CARD, deliver=False)
        await uow.commit()


@pytest.mark.parametrize(("text", "payload"), [("1", "/affirm"), ("取消", "/deny"), ("/deny", "/deny"), ("3", None)])
async def test_a_turn_knows_its_button(
    open_uow: OpenUow, account: ChannelAccount, text: str, payload: str | None
) -> None:
    await _show_card(open_uow, account)
    button = await _pressed(open_uow, text)
    assert (button.payload if button else None) == payload


async def test_an_answered_card_is_no_longer_on_offer(open_uow: OpenUow, account: ChannelAccount) -> None:
    await _show_card(open_uow, account)
    message = await _receive(open_uow, "确认")
    async with open_uow() as uow:
        await complete(uow, message, [Reply("好的")], deliver=False)
    assert await _pressed(open_uow, "确认") is None


async def test_a_notice_does_not_take_the_card_away(open_uow: OpenUow, account: ChannelAccount) -> None:
    await _show_card(open_uow, account)
    async with open_uow() as uow:
        await say(uow, account.id, Reply("您反映的事已办结"), deliver=True)
        await uow.commit()
    assert await _pressed(open_uow, "2") == CARD.buttons[1]


async def test_nobody_presses_a_neighbours_button(open_uow: OpenUow, account: ChannelAccount) -> None:
    await _show_card(open_uow, account)
    assert await _pressed(open_uow, "1", user="43") is None


async def test_nothing_pending_is_no_turn(uow: UnitOfWork, account: ChannelAccount) -> None:
    assert await next_turn(uow, account.id, None) is None


async def test_say_is_due_at_once(uow: UnitOfWork, account: ChannelAccount, clock: SetClock) -> None:
    message = await say(uow, account.id, Reply("通知"), deliver=True)
    [delivery] = await uow.outbox.due(clock(), limit=9)
    assert (delivery.message_id, delivery.created_at, delivery.attempts) == (message.id, NOON, 0)
