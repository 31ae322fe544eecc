"""Whatever people do to a case: what is stored follows from the events, and the clocks count what they should."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from community.core.alarms import ClockName, read
from community.core.cases import Case, CaseEvent, EventKind
from community.core.clock import shanghai
from community.core.errors import KetangError
from community.core.history import History, replay
from community.core.workflow import Actor, Status
from community.services.cases import add_details, change_status, correct_code, open_case, reply
from community.services.ports import UnitOfWork
from community.services.ratings import rate_case
from community.services.reference import Reference
from community.services.support import support_case, withdraw_support
from community.services.tasks import add_task, drop_task, finish_task
from community.services.watch import look_at
from community.services.workdays import is_workday
from tests.fakes.clock import SetClock
from tests.fakes.makers import OpenUow, a_draft, committed_account
from tests.fakes.store import Store
from tests.fakes.uow import FakeUnitOfWork
from tests.unit.services.loop import a_move, assert_in_step

MINUTE = timedelta(minutes=1)
UNITS = ("police", "greening", "property", "urban_management")
CODES = ("exposed_waste", "community_parking", "social_assistance")  # by the clock, with a fallback, in working hours

Act = tuple[str, Any]

minutes = st.sampled_from([0, 1, 7, 55, 61, 600, 1441, 4321])
acts = st.one_of(
    st.tuples(st.just("move"), st.sampled_from(Status)),
    st.tuples(st.just("move"), st.sampled_from([Status.ASSIGNED, Status.RESOLVED, Status.VERIFIED, Status.REOPENED])),
    st.tuples(st.just("move_by_inspector"), st.sampled_from([Status.ASSIGNED, Status.REOPENED])),
    st.tuples(st.sampled_from(["ask", "reply", "details", "look", "support", "unsupport", "finish_others"]), st.none()),
    st.tuples(st.sampled_from(["add_task", "finish_task", "drop_task"]), st.sampled_from(UNITS)),
    st.tuples(st.just("correct"), st.sampled_from(CODES)),
    st.tuples(st.just("rate"), st.integers(0, 6)),
)


@dataclass
class Scene:
    open_uow: OpenUow
    clock: SetClock
    case: Case
    other: Case
    neighbour: int

    async def act(self, act: Act) -> None:
        """Does it, or is refused and changes nothing."""
        before = await self.seen()
        try:
            async with self.open_uow() as uow:
                case = await uow.cases.get(self.case.id)
                assert case is not None
                await self._do(uow, case, *act)
        except KetangError:
            assert await self.seen() == before
        _check_growth(before, await self.seen())

    async def _do(self, uow: UnitOfWork, case: Case, what: str, value: Any) -> None:
        at = (uow, case.id, case.version)
        move = {"into": self.other.number} | ({"actor": Actor.INSPECTOR} if what == "move_by_inspector" else {})
        doing: dict[str, Callable[[], Awaitable[object]]] = {
            "move": lambda: change_status(*at, a_move(uow, value, **move), actor_name="王芳"),
            "move_by_inspector": lambda: change_status(*at, a_move(uow, value, **move), actor_name="王芳"),
            "ask": lambda: reply(*at, "几号楼？", actor_name="王芳", ask=True),
            "reply": lambda: reply(*at, "在路上了", actor_name="王芳", ask=False),
            "details": lambda: add_details(uow, case, "3号楼"),
            "look": lambda: look_at(uow, case.id),
            "support": lambda: support_case(uow, case.number, self.neighbour),
            "unsupport": lambda: withdraw_support(uow, case.number, self.neighbour),
            "add_task": lambda: add_task(*at, value, actor_name="王芳"),
            "finish_task": lambda: finish_task(*at, value, "", actor_name="王芳"),
            "finish_others": lambda: _finish_others(uow, case),
            "drop_task": lambda: drop_task(*at, value, "", actor_name="王芳"),
            "correct": lambda: correct_code(*at, value, actor_name="王芳"),
            "rate": lambda: rate_case(uow, case, value, ""),
        }
        await doing[what]()

    async def seen(self) -> tuple[Case, list[CaseEvent], list[CaseEvent]]:
        async with self.open_uow() as uow:
            case = await uow.cases.get(self.case.id)
            assert case is not None
            await assert_in_step(uow, case)
            await assert_in_step(uow, self.other)
            return case, await uow.cases.events(case.id), await uow.cases.events(self.other.id)


async def _finish_others(uow: UnitOfWork, case: Case) -> None:
    for task in case.tasks:
        if not task.lead and task.done_at is None:
            case = await finish_task(uow, case.id, case.version, task.unit_code, "", actor_name="王芳")


def _check_growth(
    before: tuple[Case, list[CaseEvent], list[CaseEvent]], after: tuple[Case, list[CaseEvent], list[CaseEvent]]
) -> None:
    for was, now in ((before[1], after[1]), (before[2], after[2])):
        assert now[: len(was)] == was
    grown = len(after[1]) > len(before[1])
    assert after[0].version > before[0].version if grown else after[0].version >= before[0].version


async def _scene(reference: Reference, code: str) -> Scene:
    store, clock = Store(), SetClock()

    def open_uow() -> UnitOfWork:
        return FakeUnitOfWork(store, clock, reference)

    reporter, neighbour = [(await committed_account(open_uow, name)).id for name in ("42", "43")]
    async with open_uow() as uow:
        other = await open_case(uow, a_draft(account_id=neighbour, origin="other", service_code="home_repair"))
    async with open_uow() as uow:
        case = await open_case(uow, a_draft(account_id=reporter, service_code=code, area_code="nb-guihuayuan"))
    return Scene(open_uow, clock, case, other, neighbour)


@settings(max_examples=60)
@given(code=st.sampled_from(CODES), story=st.lists(st.tuples(minutes, acts), min_size=5, max_size=25))
def test_whatever_happens_the_case_follows_from_its_events(
    reference: Reference, code: str, story: list[tuple[int, Act]]
) -> None:
    async def tell() -> None:
        scene = await _scene(reference, code)
        for wait, act in story:
            scene.clock.advance(minutes=wait)
            await scene.act(act)
        _, events, _ = await scene.seen()
        _check_clocks(reference, events, scene.clock())

    asyncio.run(tell())


def _check_clocks(reference: Reference, events: list[CaseEvent], now: datetime) -> None:
    for upto in range(2, len(events) + 1):  # from the routing on
        history = replay(events[:upto])
        _check_standing(history)
    slow = _SlowClocks(events, now)
    for clock, expected in ((ClockName.RESOLVE, slow.resolve), (ClockName.RESPONSE, slow.response)):
        reading = read(history, clock, now, reference.loop.schedule)
        assert reading is not None
        assert reading.elapsed == expected * MINUTE, clock


def _check_standing(history: History) -> None:
    """Nobody's time runs out while the resident thinks, a date is waited for, or all is done."""
    standing = history.waiting or history.status in {
        *(Status.SUSPENDED, Status.RESOLVED, Status.VERIFIED, Status.ARCHIVED),
        *(Status.MERGED, Status.REJECTED, Status.WITHDRAWN),
    }
    assert _running(history.resolve) is not standing
    assert not (_running(history.response) and standing)


def _running(spans: Any) -> bool:
    return bool(spans) and spans[-1].end is None


class _SlowClocks:
    """The rules once more, minute by minute; every event happens at a whole minute."""

    def __init__(self, events: list[CaseEvent], now: datetime) -> None:
        self.status, self.waiting, self.responded = Status.REPORTED, False, False
        self._resolve: list[tuple[datetime, datetime]] = []
        self._response: list[tuple[datetime, datetime]] = []
        for event, until in zip(events, [*(later.at for later in events[1:]), now], strict=True):
            self._happen(event)
            self._pass(event.at, until)
        terms = [e.data.get("terms", e.data) for e in events if e.kind in (EventKind.ROUTED, EventKind.HANDED_OVER)][-1]
        self.resolve = sum(_count(terms["resolve"]["basis"], *stretch) for stretch in self._resolve)
        self.response = sum(_count(terms["response"]["basis"], *stretch) for stretch in self._response)

    def _happen(self, event: CaseEvent) -> None:
        if event.kind is EventKind.STATUS_CHANGED:
            self.status = Status(event.to_status or "")
            self.responded |= event.actor not in (Actor.RESIDENT, Actor.SYSTEM)
            self.waiting &= self._works()
        if event.kind in (EventKind.REPLIED, EventKind.ASKED):
            self.responded = True
        if event.kind is EventKind.ASKED:
            self.waiting = self._works()
        if event.kind is EventKind.ANSWERED:
            self.waiting = False
        if event.to_status is Status.REOPENED:
            self.responded, self._response = False, []
        if event.to_status is Status.REOPENED or event.kind is EventKind.HANDED_OVER:
            self._resolve = []

    def _works(self) -> bool:
        return self.status in (Status.REPORTED, Status.ASSIGNED, Status.RETURNED, Status.REOPENED)

    def _pass(self, start: datetime, end: datetime) -> None:
        if self._works() and not self.waiting:
            self._resolve.append((start, end))
            if not self.responded:
                self._response.append((start, end))


def _count(basis: str, start: datetime, end: datetime) -> int:
    return sum(1 for moment in _minutes(shanghai(start), end) if basis == "clock" or _at_work(moment))


def _minutes(start: datetime, end: datetime) -> Iterable[datetime]:
    while start < end:
        yield start
        start += MINUTE


_workday = cache(is_workday)


def _at_work(moment: datetime) -> bool:
    clock = moment.time()
    return _workday(moment.date()) and (time(8, 30) <= clock < time(11, 30) or time(13, 30) <= clock < time(17))
