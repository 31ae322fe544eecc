"""What can go wrong between Telegram and us: nothing said is lost, nobody waits for somebody else's trouble."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator

import pytest

from bot.channels.ports import Incoming
from bot.channels.telegram import polling
from bot.channels.telegram.channel import CHANNEL
from community.core.messages import Message, Reply
from community.core.outbox import MAX_ATTEMPTS
from community.services.messages import say
from community.services.ports import UnitOfWork
from community.services.reference import Reference
from community.services.residents import identify
from tests.channels.bot_api import TOKEN, Failure
from tests.channels.bot_api_support import (
    BLOCKED,
    BROKEN,
    Builder,
    House,
    Person,
    garbage,
    ground,
    proxy_error,
    refuses,
    reset,
    slow,
    too_many_requests,
)
from tests.channels.rasa_double import said
from tests.fakes.backends import Backend
from tests.fakes.clock import SetClock

WORDS = "[parameters: ('路灯坏了',)]"
BROKEN_WAYS = pytest.mark.parametrize("failure", [BROKEN, proxy_error, reset, garbage, too_many_requests(7)])


@pytest.fixture
async def builder(sqlite_backend: Backend, reference: Reference, clock: SetClock) -> AsyncIterator[Builder]:
    async with ground("polling", sqlite_backend.open_uow, reference, clock) as builder:
        yield builder


@pytest.fixture
async def house(builder: Builder) -> AsyncIterator[House]:
    async with builder.house() as house:
        yield house


@pytest.fixture
def guifang(builder: Builder) -> Person:
    return Person(builder.api, 7001001)


@pytest.fixture
def amei(builder: Builder) -> Person:
    return Person(builder.api, 7001002)


@pytest.fixture(autouse=True)
def _nothing_personal_is_logged(capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    caplog.set_level(logging.INFO)
    yield
    logged = caplog.text + "".join(capsys.readouterr())
    for secret in (TOKEN, TOKEN.partition(":")[2], "灯", "听到"):
        assert secret not in logged


async def announce(house: House, person: Person, *texts: str) -> None:
    """As the console does: into the outbox, nobody waiting."""
    async with house.open_uow() as uow:
        account = await identify(uow, CHANNEL, str(person.id))
        for text in texts:
            await say(uow, account.id, Reply(text), deliver=True)
        await uow.commit()
    await house.courier.deliver_due()


async def later(house: House, **by: float) -> None:
    house.clock.advance(**by)
    await house.courier.deliver_due()


# reaching Telegram


async def test_the_bot_api_may_come_up_after_us(builder: Builder, guifang: Person) -> None:
    await builder.api.stop()
    async with builder.house():
        await asyncio.sleep(0.05)
        await builder.api.start()
        await guifang.says("路灯坏了")
        assert (await guifang.reads()).text == "听到：路灯坏了"


@BROKEN_WAYS
async def test_a_start_that_fails_is_tried_again(builder: Builder, guifang: Person, failure: Failure) -> None:
    builder.api.fails("deleteWebhook", failure, times=2)
    async with builder.house():
        await guifang.says("路灯坏了")
        assert (await guifang.reads()).text == "听到：路灯坏了"


@pytest.mark.parametrize(
    "failure", [BROKEN, proxy_error, reset, garbage, refuses(429, "Too Many Requests", retry_after=1)]
)
async def test_polling_goes_on_after_a_failure(house: House, guifang: Person, failure: Failure) -> None:
    house.api.fails("getUpdates", failure)
    await guifang.says("路灯坏了")
    assert (await guifang.reads()).text == "听到：路灯坏了"
    house.api.fails("getUpdates", failure)
    await guifang.says("还有一盏")
    assert (await guifang.reads()).text == "听到：还有一盏"


async def test_a_bot_api_that_goes_away_in_the_middle_of_a_long_poll(house: House, guifang: Person) -> None:
    await guifang.says("路灯坏了")
    await guifang.reads()
    await house.api.stop()
    await house.api.start()
    await guifang.says("还有一盏")
    assert (await guifang.reads()).text == "听到：还有一盏"
    assert house.rasa.texts == ["路灯坏了", "还有一盏"]


async def test_another_poller_with_the_same_token_only_interrupts(house: House, guifang: Person) -> None:
    house.api.fails("getUpdates", refuses(409, "Conflict: terminated by other getUpdates request"), times=3)
    await guifang.says("路灯坏了")
    assert (await guifang.reads()).text == "听到：路灯坏了"


async def test_nothing_keeps_polling_after_the_end(builder: Builder, guifang: Person) -> None:
    async with builder.house():
        await guifang.says("路灯坏了")
        await guifang.reads()
    polls = len(builder.api.called("getUpdates"))
    await guifang.says("还有一盏")
    await asyncio.sleep(0.1)
    assert len(builder.api.called("getUpdates")) == polls
    assert not [task for task in asyncio.all_tasks() if "Polling" in repr(task.get_coro())]


# keeping what was said


async def test_after_a_crash_in_the_middle_of_a_turn_the_message_is_answered_once(
    builder: Builder, guifang: Person
) -> None:
    builder.rasa.delay = 0.3
    async with builder.house() as before:
        await guifang.says("路灯坏了")
        await before.rasa_is_asked()
    builder.rasa.delay = 0
    async with builder.house() as after:
        assert (await guifang.reads()).text == "听到：路灯坏了"
        await after.api.settled()
        await after.catch_up()
        await after.courier.deliver_due()
        assert guifang.unread() == []


async def test_what_came_while_we_were_away_is_answered(builder: Builder, guifang: Person) -> None:
    await guifang.says("路灯坏了")
    async with builder.house():
        assert (await guifang.reads()).text == "听到：路灯坏了"


async def test_an_update_is_confirmed_only_once_it_is_kept(builder: Builder, guifang: Person, amei: Person) -> None:
    """The database is away for a moment: the message comes again; others go on, and in order."""
    broken = BrokenDatabase(builder.open_uow, failures=3)
    async with builder.house(open_uow=broken.open_uow) as house:
        await guifang.says("路灯坏了")
        await guifang.says("还有一盏")
        await amei.says("我是阿美")
        assert [(await guifang.reads()).text for _ in range(2)] == ["听到：路灯坏了", "听到：还有一盏"]
        await amei.reads()
        await house.api.settled()
        assert sorted(house.rasa.texts) == ["我是阿美", "路灯坏了", "还有一盏"]


async def test_an_update_that_always_fails_is_left_behind_in_the_end(
    builder: Builder, guifang: Person, amei: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polling, "MAX_TRIES", 3)
    async with builder.house() as house:
        real = house.dialogue.hear

        async def hear(incoming: Incoming, *, deliver: bool) -> list[Message]:
            if "毒" in incoming.text:
                raise ZeroDivisionError(incoming.text)
            return await real(incoming, deliver=deliver)

        monkeypatch.setattr(house.dialogue, "hear", hear)
        await guifang.says("毒，路灯")
        await guifang.says("路灯坏了")
        await amei.says("我是阿美")
        assert (await amei.reads()).text == "听到：我是阿美"
        assert (await guifang.reads()).text == "听到：路灯坏了"
        await house.api.settled()


async def test_one_ill_formed_update_does_not_spoil_its_batch(builder: Builder, guifang: Person) -> None:
    await guifang.says("路灯坏了")
    await guifang.sends("ill_formed_message")
    await guifang.sends("lone_surrogates")
    async with builder.house() as house:
        assert [(await guifang.reads()).text for _ in range(2)] == ["听到：路灯坏了", "听到：楼道灯坏了两盏"]
        await house.api.settled()


async def test_while_rasa_is_down_the_words_are_noted_and_answered_later(house: House, guifang: Person) -> None:
    await house.rasa.stop()
    await guifang.says("路灯坏了")
    assert (await guifang.reads()).text == house.text("noted_for_later")
    await house.rasa.start()
    await house.catch_up()
    assert (await guifang.reads()).text == "听到：路灯坏了"
    assert house.rasa.texts == ["路灯坏了"]


async def test_a_press_while_rasa_is_down_counts_later(house: House, guifang: Person) -> None:
    house.rasa.will_say("路灯", said("请看", ("确认", "/affirm")))
    await guifang.says("路灯")
    await guifang.reads()
    await house.rasa.stop()
    await guifang.presses("确认")
    assert (await guifang.reads()).text == house.text("noted_for_later")
    await house.rasa.start()
    await house.catch_up()
    await guifang.reads()
    assert house.rasa.turns[-1]["intent"] == {"name": "affirm", "entities": {}}


@pytest.mark.parametrize("method", ["answerCallbackQuery", "editMessageText"])
@pytest.mark.parametrize(
    "failure",
    [BROKEN, BLOCKED, proxy_error, reset, garbage, too_many_requests(7), refuses(400, "Bad Request: query is too old")],
)
async def test_a_press_counts_whatever_telegram_says_to_the_ornaments(
    house: House, guifang: Person, method: str, failure: Failure
) -> None:
    house.rasa.will_say("路灯", said("请看", ("确认", "/affirm")))
    await guifang.says("路灯")
    await guifang.reads()
    house.api.fails(method, failure, times=2)
    await guifang.presses("确认")
    assert (await guifang.reads()).text == "听到：确认"
    assert house.rasa.texts == ["路灯", "确认"]


# sending


@pytest.mark.parametrize("failure", [BROKEN, proxy_error, reset, garbage])
async def test_a_failed_message_is_sent_again_before_later_ones(
    house: House, guifang: Person, amei: Person, failure: Failure
) -> None:
    house.api.fails("sendMessage", failure, chat=guifang.id)
    await announce(house, guifang, "第一", "第二")
    await announce(house, amei, "给阿美")
    assert (guifang.unread(), amei.unread()) == ([], ["给阿美"])
    await later(house, seconds=1.9)
    assert guifang.unread() == []
    await later(house, seconds=0.2)
    assert guifang.unread() == ["第一", "第二"]


async def test_the_pauses_between_tries_grow(house: House, guifang: Person) -> None:
    house.api.fails("sendMessage", BROKEN, times=4)
    await announce(house, guifang, "第一")
    for tries, pause in enumerate((2, 4, 8, 16), start=1):
        [delivery] = await house.undelivered(guifang)
        assert (delivery.attempts, delivery.next_attempt_at) == (tries, house.clock.advance(seconds=pause))
        await house.courier.deliver_due()
    assert guifang.unread() == ["第一"]


async def test_after_the_last_try_the_next_message_gets_its_chance(house: House, guifang: Person) -> None:
    house.api.fails("sendMessage", BROKEN, times=MAX_ATTEMPTS)
    await announce(house, guifang, "第一", "第二")
    for _ in range(MAX_ATTEMPTS):
        await later(house, hours=1)
    assert guifang.unread() == ["第二"]


@pytest.mark.parametrize(
    "failure", [BLOCKED, refuses(400, "Bad Request: chat not found"), refuses(403, "Forbidden: user is deactivated")]
)
async def test_a_hopeless_message_is_given_up_at_once_and_the_next_one_tried(
    house: House, guifang: Person, failure: Failure
) -> None:
    house.api.fails("sendMessage", failure)
    await announce(house, guifang, "第一", "第二")
    assert guifang.unread() == ["第二"]
    assert await house.undelivered(guifang) == []


@pytest.mark.parametrize("failure", [refuses(404, "Not Found"), refuses(401, "Unauthorized")])
async def test_a_wrong_address_or_token_of_ours_gives_up_nobodys_message(
    house: House, guifang: Person, failure: Failure
) -> None:
    house.api.fails("sendMessage", failure)
    await announce(house, guifang, "第一")
    await later(house, seconds=2)
    assert guifang.unread() == ["第一"]


async def test_the_pause_that_telegram_asks_for_is_kept(house: House, guifang: Person) -> None:
    house.api.fails("sendMessage", too_many_requests(40))
    await announce(house, guifang, "第一")
    await later(house, seconds=39)
    assert len(house.api.called("sendMessage")) == 1
    await later(house, seconds=1)
    assert guifang.unread() == ["第一"]


async def test_a_slow_telegram_ends_in_another_try(house: House, guifang: Person) -> None:
    house.channel.bot.session.timeout = 0.05
    house.api.fails("sendMessage", slow(0.2))
    await announce(house, guifang, "第一")
    await later(house, seconds=2)
    assert guifang.unread() == ["第一"]


class BrokenDatabase:
    """Fails so many units of work, with the resident's words in the error as SQLAlchemy has them."""

    def __init__(self, open_uow: Callable[[], UnitOfWork], failures: int) -> None:
        self._open_uow = open_uow
        self._failures = failures

    def open_uow(self) -> UnitOfWork:
        caller_is_courier = any("Courier" in repr(task.get_coro()) for task in [asyncio.current_task()] if task)
        if self._failures and not caller_is_courier:
            self._failures -= 1
            raise ConnectionError(WORDS)
        return self._open_uow()
