"""What events add up to; tests/unit/services/test_loop.py tries it with whole lives."""

from datetime import time, timedelta
from typing import Any

import pytest

from community.core.alarms import Alarm, ClockName, Vigil, due_alarms, moment, next_look
from community.core.cases import CaseEvent, EventKind, Task
from community.core.clocks import Limit, Span
from community.core.errors import EventOutOfOrder
from community.core.history import History, advance, replay
from community.core.terms import Terms
from community.core.workflow import Actor, Status
from community.core.worktime import Basis, Schedule
from tests.fakes.clock import NOON

HOUR = timedelta(hours=1)
TERMS = Terms("a", ("b",), Limit(2 * HOUR, Basis.CLOCK), Limit(10 * HOUR, Basis.CLOCK), fallback="c")
BY_CLOCK = Schedule(lambda _: True, ((time(9), time(17)),))  # no limit here counts in working hours


def _event(hours: float, kind: EventKind, **fields: Any) -> CaseEvent:
    values = {"case_id": 1, "kind": kind, "at": NOON + hours * HOUR, "actor": Actor.DISPATCHER}
    return CaseEvent(**{**values, **fields})


def _moved(hours: float, start: Status, to: Status, **fields: Any) -> CaseEvent:
    return _event(hours, EventKind.STATUS_CHANGED, from_status=start, to_status=to, **fields)


OPENED = _event(0, EventKind.OPENED, actor=Actor.RESIDENT)
ROUTED = _event(0, EventKind.ROUTED, actor=Actor.SYSTEM, data=TERMS.as_data())
S = Status
ASSIGNED = _moved(1, S.REPORTED, S.ASSIGNED, data={"units": ["a", "b"]})
RESOLVED = _moved(3, S.ASSIGNED, S.RESOLVED, actor=Actor.HANDLER)
REOPENED = _moved(5, S.RESOLVED, S.REOPENED, actor=Actor.RESIDENT)


def _warned(hours: float, alarm: str, level: int) -> CaseEvent:
    return _event(hours, EventKind.WARNED, actor=Actor.SYSTEM, data={"alarm": alarm, "level": level})


def _after(*events: CaseEvent) -> History:
    return replay([OPENED, ROUTED, *events])


@pytest.mark.parametrize("events", [[], [ROUTED], [ROUTED, OPENED], [ASSIGNED]])
def test_a_case_begins_with_its_opening(events: list[CaseEvent]) -> None:
    with pytest.raises(EventOutOfOrder):
        replay(events)


UNFITTING = [
    _moved(2, S.REPORTED, S.ASSIGNED),  # it is assigned already
    _moved(2, S.ASSIGNED, S.ARCHIVED),  # no such step
    _moved(2, S.ASSIGNED, S.REPORTED),
    _moved(0.5, S.ASSIGNED, S.RESOLVED),  # before it was assigned
    _event(0.99, EventKind.REPLIED),
]


@pytest.mark.parametrize("event", UNFITTING)
def test_what_does_not_follow_is_refused(event: CaseEvent) -> None:
    with pytest.raises(EventOutOfOrder):
        advance(_after(ASSIGNED), event)


def test_two_events_may_share_a_moment() -> None:
    assert advance(_after(ASSIGNED), _event(1, EventKind.REPLIED)).at == ASSIGNED.at


def test_replay_is_advancing_one_by_one() -> None:
    history = replay([OPENED])
    for event in (ROUTED, ASSIGNED, RESOLVED, REOPENED):
        history = advance(history, event)
    assert history == _after(ASSIGNED, RESOLVED, REOPENED)


def test_clocks_from_the_opening_to_the_answer_and_to_the_end() -> None:
    history = _after(ASSIGNED, RESOLVED)
    assert history.response == (Span(NOON, ASSIGNED.at),)
    assert history.resolve == (Span(NOON, RESOLVED.at),)


def test_asking_stops_the_clock_until_the_answer() -> None:
    history = _after(ASSIGNED, _event(2, EventKind.ASKED), _event(6, EventKind.ANSWERED, actor=Actor.RESIDENT))
    assert history.resolve == (Span(NOON, NOON + 2 * HOUR), Span(NOON + 6 * HOUR))


@pytest.mark.parametrize(
    "kind", [EventKind.REPLIED, EventKind.ABSORBED, EventKind.SPLIT_OFF, EventKind.CODE_CORRECTED, EventKind.REVISITED]
)
def test_other_events_leave_the_clock_alone(kind: EventKind) -> None:
    assert advance(_after(ASSIGNED), _event(2, kind)).resolve == (Span(NOON),)


def test_a_suspension_lasts_to_its_date_and_stops_the_clock() -> None:
    until = NOON + 48 * HOUR
    suspended = _after(ASSIGNED, _moved(2, S.ASSIGNED, S.SUSPENDED, data={"until": until.isoformat()}))
    assert (suspended.suspended_until, suspended.resolve) == (until, (Span(NOON, NOON + 2 * HOUR),))
    resumed = advance(suspended, _moved(40, S.SUSPENDED, S.ASSIGNED, actor=Actor.SYSTEM))
    assert (resumed.suspended_until, resumed.resolve[1:]) == (None, (Span(NOON + 40 * HOUR),))
    assert [task.unit_code for task in resumed.tasks] == ["a", "b"]


def test_a_date_counts_for_a_suspension_alone_and_a_target_for_merging() -> None:
    data = {"until": (NOON + HOUR).isoformat(), "into": "KT20261123-0009"}
    history = _after(ASSIGNED, _moved(3, S.ASSIGNED, S.RESOLVED, actor=Actor.HANDLER, data=data))
    assert (history.suspended_until, history.merged_into) == (None, None)


def test_reopening_begins_a_round_with_fresh_clocks() -> None:
    history = _after(ASSIGNED, _warned(2, "resolve:50", 0), RESOLVED, REOPENED)
    assert (history.round, history.level, history.responded) == (2, 1, False)
    assert (history.resolve, history.response) == ((Span(REOPENED.at),), (Span(REOPENED.at),))
    assert history.alarms == frozenset()


def test_back_from_verification_all_tasks_are_open_again() -> None:
    resolved = _after(ASSIGNED, RESOLVED)
    assert [task.done_at for task in resolved.tasks] == [RESOLVED.at] * 2
    back = advance(resolved, _moved(4, S.RESOLVED, S.ASSIGNED, actor=Actor.INSPECTOR))
    assert back.open_tasks == (Task("a", lead=True), Task("b", lead=False))
    assert back.resolve == (Span(NOON, RESOLVED.at), Span(NOON + 4 * HOUR))


def test_a_merged_case_stands_still_until_it_is_split_off() -> None:
    merged = _after(_moved(2, S.REPORTED, S.MERGED, data={"into": "KT20261123-0009"}))
    assert (merged.merged_into, merged.ended_at) == ("KT20261123-0009", NOON + 2 * HOUR)
    assert merged.resolve == (Span(NOON, NOON + 2 * HOUR),)
    split = advance(merged, _moved(7, S.MERGED, S.REPORTED))
    assert (split.merged_into, split.ended_at, split.resolve[1:]) == (None, None, (Span(NOON + 7 * HOUR),))


def test_handing_over_gives_a_fresh_limit_but_not_a_second_call_to_answer() -> None:
    rung = (_warned(1, "response:50", 0), _warned(10, "resolve:100", 2))
    taken_over = {"from": "a", "terms": TERMS.as_data() | {"lead": "c"}}
    over = _event(10, EventKind.HANDED_OVER, actor=Actor.SYSTEM, data=taken_over)
    history = _after(*rung, over)
    assert (history.resolve, history.response) == ((Span(over.at),), (Span(NOON),))
    assert (history.alarms, history.level) == ({"response:50"}, 2)
    with_tasks = _after(ASSIGNED, over)
    assert with_tasks.tasks == (Task("c", lead=True), Task("a", lead=False), Task("b", lead=False))


RESOLVE = [Alarm(ClockName.RESOLVE, percent, level) for level, percent in enumerate((50, 80, 100, 150))]
RESPONSE = [Alarm(ClockName.RESPONSE, 50, 0), Alarm(ClockName.RESPONSE, 100, 1)]
VIGIL = Vigil((*RESPONSE, *RESOLVE), archive_after=timedelta(days=7))


@pytest.mark.parametrize(
    ("hours", "rung"),
    [(4.99, []), (5, [50]), (8, [50, 80]), (10, [50, 80, 100]), (14.99, [50, 80, 100]), (15, [50, 80, 100, 150])],
)
def test_alarms_ring_when_their_share_is_used(hours: float, rung: list[int]) -> None:
    due = due_alarms(_after(ASSIGNED), VIGIL, BY_CLOCK, NOON + hours * HOUR)
    assert [alarm.percent for alarm in due] == rung


def test_each_alarm_rings_once_in_the_order_of_their_moments() -> None:
    history = _after()
    assert due_alarms(history, VIGIL, BY_CLOCK, NOON + 9 * HOUR) == [*RESPONSE, *RESOLVE[:2]]
    history = advance(history, _warned(9, "response:50", 0))
    assert due_alarms(history, VIGIL, BY_CLOCK, NOON + 9 * HOUR) == [RESPONSE[1], *RESOLVE[:2]]


PAUSES = [
    _event(2, EventKind.ASKED),
    _moved(2, S.ASSIGNED, S.SUSPENDED, data={"until": (NOON + 99 * HOUR).isoformat()}),
    _moved(2, S.ASSIGNED, S.MERGED, data={"into": "x"}),
    _moved(2, S.ASSIGNED, S.RESOLVED, actor=Actor.HANDLER),
    _moved(2, S.ASSIGNED, S.WITHDRAWN, actor=Actor.RESIDENT),
]


@pytest.mark.parametrize("pause", PAUSES)
def test_no_alarm_rings_while_the_clock_stands(pause: CaseEvent) -> None:
    history = _after(ASSIGNED, pause)
    assert due_alarms(history, VIGIL, BY_CLOCK, NOON + 90 * HOUR) == []
    assert [moment(history, alarm, BY_CLOCK) for alarm in VIGIL.alarms] == [None] * 6


@pytest.mark.parametrize(
    ("events", "hours"),
    [
        ([], 1),  # half the time to answer
        ([ASSIGNED], 5),
        ([ASSIGNED, _warned(5, "resolve:50", 0)], 8),
        ([ASSIGNED, _event(2, EventKind.ASKED), _event(4, EventKind.ANSWERED)], 7),
        ([ASSIGNED, PAUSES[0]], None),
        ([ASSIGNED, PAUSES[1]], 99),
        ([ASSIGNED, RESOLVED], None),
        ([ASSIGNED, RESOLVED, _moved(4, S.RESOLVED, S.VERIFIED, actor=Actor.INSPECTOR)], 4 + 7 * 24),
        ([_moved(2, S.REPORTED, S.WITHDRAWN, actor=Actor.RESIDENT)], None),
    ],
)
def test_when_a_case_must_be_looked_at_next(events: list[CaseEvent], hours: float | None) -> None:
    expected = None if hours is None else NOON + hours * HOUR
    assert next_look(_after(*events), VIGIL, BY_CLOCK) == expected


def test_before_it_is_routed_nothing_rings() -> None:
    assert next_look(replay([OPENED]), VIGIL, BY_CLOCK) is None
