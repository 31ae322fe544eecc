"""Days pass, and the watch does what is due: each alarm once, hand-over, archiving; also across a restart."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot import watch as watch_module
from bot.watch import Watch
from community.core.cases import Case, EventKind
from community.core.errors import StaleCase
from community.core.workflow import Actor, Move, Status
from community.services.cases import change_status, open_case
from community.services.ports import UnitOfWork
from community.services.watch import look_at
from tests.fakes.backends import Backend
from tests.fakes.clock import SetClock
from tests.fakes.loop import events, stored
from tests.fakes.makers import OpenUow, a_draft, committed_account

HANDED_ON = "corridor_clutter"  # the property company first, then enforcement


@pytest.fixture
def open_uow(sqlite_backend: Backend) -> OpenUow:
    return sqlite_backend.open_uow


@pytest.fixture
def woken() -> list[None]:
    return []


@pytest.fixture
def new_watch(open_uow: OpenUow, woken: list[None]) -> Callable[[], Watch]:
    """Each is what a start of the app makes; what is due must not live in it."""
    return lambda: Watch(open_uow, lambda: woken.append(None))


async def opened(open_uow: OpenUow, origin: str = "message-1", code: str = "exposed_waste") -> Case:
    account = await committed_account(open_uow, origin)
    async with open_uow() as uow:
        return await open_case(uow, a_draft(account_id=account.id, origin=origin, service_code=code))


async def live(clock: SetClock, new_watch: Callable[[], Watch], *, days: int) -> None:
    """The app is restarted every hour, and its watch goes round once."""
    for _ in range(days * 24):
        clock.advance(hours=1)
        await new_watch().go_round()


async def test_a_case_left_alone_rings_each_alarm_once_and_is_handed_over(
    open_uow: OpenUow, clock: SetClock, new_watch: Callable[[], Watch], woken: list[None]
) -> None:
    case = await opened(open_uow, code=HANDED_ON)
    await live(clock, new_watch, days=14)
    [handed_over] = await events(open_uow, case, EventKind.HANDED_OVER)
    warned = await events(open_uow, case, EventKind.WARNED)
    first = [event.data["alarm"] for event in warned if event.id < handed_over.id]
    second = [event.data["alarm"] for event in warned if event.id > handed_over.id]
    assert sorted(first) == ["resolve:100", "resolve:50", "resolve:80", "response:100", "response:50"]
    resolving = [alarm for alarm in second if alarm.startswith("resolve")]  # the next unit has a limit of its own
    assert resolving == ["resolve:50", "resolve:80", "resolve:100", "resolve:150"]
    now = await stored(open_uow, case)
    assert now.unit_code != case.unit_code
    assert (now.late, now.level) == (True, 3)
    assert woken


async def test_what_is_settled_is_archived_in_the_end_and_never_looked_at_again(
    open_uow: OpenUow, clock: SetClock, new_watch: Callable[[], Watch]
) -> None:
    case = await opened(open_uow)
    for to, actor in (
        (Status.ASSIGNED, Actor.DISPATCHER),
        (Status.RESOLVED, Actor.HANDLER),
        (Status.VERIFIED, Actor.INSPECTOR),
    ):
        async with open_uow() as uow:
            move = Move(to=to, actor=actor, note="清完了", photos=("a.jpg",))
            case = await change_status(uow, case.id, case.version, move, actor_name="王芳")
    await live(clock, new_watch, days=6)
    assert (await stored(open_uow, case)).status is Status.VERIFIED
    await live(clock, new_watch, days=2)
    assert (await stored(open_uow, case)).status is Status.ARCHIVED
    assert await events(open_uow, case, EventKind.WARNED) == []
    clock.advance(days=30)
    assert await new_watch().go_round() == 0


async def test_one_case_that_breaks_does_not_stop_the_others_and_rests(
    open_uow: OpenUow, clock: SetClock, new_watch: Callable[[], Watch], monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, sound = await opened(open_uow, "first"), await opened(open_uow, "second")
    tried = _fail_for(monkeypatch, broken, ValueError("broken"))
    clock.advance(days=1)
    watch = new_watch()
    assert await watch.go_round() == 2
    assert await events(open_uow, sound, EventKind.WARNED)
    assert await watch.go_round() == 0
    clock.advance(minutes=6)
    assert await watch.go_round() == 1
    assert tried.count(broken.id) == 2


async def test_who_was_overtaken_tries_again_in_the_next_round(
    open_uow: OpenUow, clock: SetClock, new_watch: Callable[[], Watch], monkeypatch: pytest.MonkeyPatch
) -> None:
    case = await opened(open_uow)
    tried = _fail_for(monkeypatch, case, StaleCase(case.number))
    clock.advance(days=1)
    watch = new_watch()
    await watch.go_round()
    await watch.go_round()
    assert tried == [case.id, case.id]


async def test_broken_cases_do_not_fill_the_round(
    open_uow: OpenUow, clock: SetClock, new_watch: Callable[[], Watch], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch_module, "_BATCH", 1)
    broken, sound = await opened(open_uow, "first"), await opened(open_uow, "second")
    _fail_for(monkeypatch, broken, ValueError("broken"))
    clock.moment += timedelta(days=1)
    watch = new_watch()
    for _ in range(2):
        await watch.go_round()
    assert await events(open_uow, sound, EventKind.WARNED)


def _fail_for(monkeypatch: pytest.MonkeyPatch, case: Case, error: Exception) -> list[int]:
    """The ids that were looked at from now on."""
    tried: list[int] = []

    async def looking(uow: UnitOfWork, case_id: int) -> None:
        tried.append(case_id)
        if case_id == case.id:
            raise error
        await look_at(uow, case_id)

    monkeypatch.setattr(watch_module, "look_at", looking)
    return tried
