"""What the events of a case add up to. Nothing else decides its state or its clocks: what is stored beside the events
can be thrown away and made again from them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from community.core.cases import CaseEvent, EventKind, Task
from community.core.clocks import Span
from community.core.errors import EventOutOfOrder
from community.core.terms import Terms, terms_of
from community.core.workflow import FINISHED, TRANSITIONS, UNDER_LIMIT, Actor, Status

TOP_LEVEL = 3  # grid managers 三级网格长


@dataclass(frozen=True, kw_only=True)
class History:
    """A case after its latest event `at`; spans tell when each clock of the present round ran."""

    at: datetime
    opened_at: datetime
    status: Status = Status.REPORTED
    terms: Terms | None = None
    tasks: tuple[Task, ...] = ()
    round: int = 1
    responded: bool = False
    response: tuple[Span, ...] = ()
    resolve: tuple[Span, ...] = ()
    waiting: bool = False
    suspended_until: datetime | None = None
    alarms: frozenset[str] = frozenset()  # rung in this round
    level: int = 0
    merged_into: str | None = None
    supporters: frozenset[int] = frozenset()  # account ids
    procedure: str | None = None  # the special one under way, or gone through
    procedure_at: datetime | None = None  # since when; None when it is finished
    steps: tuple[CaseEvent, ...] = ()  # of the procedure, that were done
    failed: tuple[str, ...] = ()  # units that missed their limit, and another took over
    rating: int | None = None
    revisited: bool = False
    changed_at: datetime  # the latest change of status

    @property
    def ended_at(self) -> datetime | None:
        return self.changed_at if self.status in FINISHED else None

    @property
    def lead(self) -> str | None:
        """The unit that leads: whom it was dispatched to, before that whom routing chose."""
        dispatched = next((task.unit_code for task in self.tasks if task.lead), None)
        return dispatched or (self.terms.lead if self.terms else None)

    @property
    def open_tasks(self) -> tuple[Task, ...]:
        return tuple(task for task in self.tasks if task.done_at is None)


def replay(events: Iterable[CaseEvent]) -> History:
    """Raises EventOutOfOrder when the events do not begin with the opening or do not follow from one another."""
    stream = iter(events)
    first = next(stream, None)
    if first is None or first.kind is not EventKind.OPENED:
        raise EventOutOfOrder("a case begins with its opening")
    history = _with_clocks(History(at=first.at, opened_at=first.at, changed_at=first.at))
    for event in stream:
        history = advance(history, event)
    return history


def advance(history: History, event: CaseEvent) -> History:
    """The history with one more event; clocks stop and go by what it changed."""
    if event.at < history.at:
        raise EventOutOfOrder(f"{event.kind} at {event.at} is older than the event before it, at {history.at}")
    if event.kind is EventKind.OPENED:
        raise EventOutOfOrder("a case is opened once")
    effect = _EFFECTS.get(event.kind)
    changed = effect(history, event) if effect else history
    return _with_clocks(replace(changed, at=event.at))


def _with_clocks(history: History) -> History:
    """While a special procedure is under way, the limits of its steps count, not that of the whole."""
    working = history.status in UNDER_LIMIT and not history.waiting
    return replace(
        history,
        response=_run(history.response, working and not history.responded, history.at),
        resolve=_run(history.resolve, working and history.procedure_at is None, history.at),
    )


def _run(spans: tuple[Span, ...], runs: bool, at: datetime) -> tuple[Span, ...]:
    running = bool(spans) and spans[-1].end is None
    if runs and not running:
        return (*spans, Span(at, None))
    if running and not runs:
        return (*spans[:-1], Span(spans[-1].start, at))
    return spans


_DONE = frozenset({Status.RESOLVED, Status.VERIFIED}) | FINISHED
_DISPATCHED = frozenset({Status.ASSIGNED, Status.SUSPENDED})


def _routed(history: History, event: CaseEvent) -> History:
    """Routed anew, as after a correction: what was dispatched goes to the new units, what is done stays."""
    terms = terms_of(event.data)
    if history.status in _DONE:
        return replace(history, terms=terms)
    units = (terms.lead, *terms.co_units) if history.status in _DISPATCHED else ()
    return replace(history, terms=terms, tasks=_tasks(units))


def _tasks(units: Iterable[str]) -> tuple[Task, ...]:
    return tuple(Task(unit, lead=not place) for place, unit in enumerate(units))


def _status_changed(history: History, event: CaseEvent) -> History:
    if event.from_status is not history.status or (event.from_status, event.to_status) not in TRANSITIONS:
        raise EventOutOfOrder(f"{event.from_status} to {event.to_status} meets a case that is {history.status}")
    to = Status(event.to_status or "")
    until = event.data.get("until") if to is Status.SUSPENDED else None
    history = replace(
        history,
        status=to,
        changed_at=event.at,
        responded=history.responded or event.actor not in (Actor.RESIDENT, Actor.SYSTEM),
        waiting=history.waiting and to in UNDER_LIMIT,
        suspended_until=datetime.fromisoformat(until) if until else None,
        merged_into=event.data.get("into") if to is Status.MERGED else None,
    )
    return _ENTERING.get(to, _entered)(history, event)


def _entered(history: History, _event: CaseEvent) -> History:
    return history


def _assigned(history: History, event: CaseEvent) -> History:
    """Who has to act: the units named with the step; back from verification or suspension, those of before."""
    if units := event.data.get("units"):
        return replace(history, tasks=_tasks(units))
    if event.from_status is Status.RESOLVED:
        return replace(history, tasks=tuple(Task(task.unit_code, task.lead) for task in history.tasks))
    return history


def _resolved(history: History, event: CaseEvent) -> History:
    return replace(history, tasks=tuple(replace(task, done_at=task.done_at or event.at) for task in history.tasks))


def _reopened(history: History, _event: CaseEvent) -> History:
    """A new round: fresh clocks, one level higher."""
    return replace(
        history,
        round=history.round + 1,
        responded=False,
        response=(),
        resolve=(),
        alarms=frozenset(),
        level=min(history.level + 1, TOP_LEVEL),
        rating=None,
        revisited=False,
    )


_ENTERING: dict[Status, Callable[[History, CaseEvent], History]] = {
    Status.ASSIGNED: _assigned,
    Status.RESOLVED: _resolved,
    Status.REOPENED: _reopened,
}


def _replied(history: History, _event: CaseEvent) -> History:
    return replace(history, responded=True)


def _asked(history: History, _event: CaseEvent) -> History:
    return replace(history, responded=True, waiting=history.status in UNDER_LIMIT)


def _answered(history: History, _event: CaseEvent) -> History:
    return replace(history, waiting=False)


def _task_added(history: History, event: CaseEvent) -> History:
    return replace(history, tasks=(*history.tasks, Task(event.data["unit"], lead=False)))


def _task_done(history: History, event: CaseEvent) -> History:
    unit = event.data["unit"]
    done = (replace(task, done_at=event.at) if task.unit_code == unit else task for task in history.tasks)
    return replace(history, tasks=tuple(done))


def _task_dropped(history: History, event: CaseEvent) -> History:
    return replace(history, tasks=tuple(task for task in history.tasks if task.unit_code != event.data["unit"]))


def _procedure_started(history: History, event: CaseEvent) -> History:
    return replace(history, procedure=event.data["code"], procedure_at=event.at, steps=())


def _step_done(history: History, event: CaseEvent) -> History:
    ended = event.data.get("finished", False)
    return replace(history, steps=(*history.steps, event), procedure_at=None if ended else history.procedure_at)


def _supported(history: History, event: CaseEvent) -> History:
    return replace(history, supporters=history.supporters | {event.data["account"]})


def _unsupported(history: History, event: CaseEvent) -> History:
    return replace(history, supporters=history.supporters - {event.data["account"]})


def _warned(history: History, event: CaseEvent) -> History:
    return replace(
        history,
        alarms=history.alarms | {event.data["alarm"]},
        level=max(history.level, event.data["level"]),
    )


def _handed_over(history: History, event: CaseEvent) -> History:
    """The next unit leads and gets a limit of its own; who was first keeps a task. Answering in time is no part of it,
    so what rang for that has rung.
    """
    lead = event.data["terms"]["lead"]
    others = tuple(replace(task, lead=False) for task in history.tasks if task.unit_code != lead)
    terms = terms_of(event.data["terms"])
    return replace(
        history,
        terms=terms,
        tasks=(Task(lead, lead=True), *others),
        resolve=(),
        alarms=frozenset(key for key in history.alarms if not key.startswith("resolve:")),
        failed=(*history.failed, event.data["from"]),
    )


def _rated(history: History, event: CaseEvent) -> History:
    return replace(history, rating=event.data["score"])


def _revisited(history: History, _event: CaseEvent) -> History:
    return replace(history, revisited=True)


_EFFECTS: dict[EventKind, Callable[[History, CaseEvent], History]] = {
    EventKind.ROUTED: _routed,
    EventKind.STATUS_CHANGED: _status_changed,
    EventKind.REPLIED: _replied,
    EventKind.ASKED: _asked,
    EventKind.ANSWERED: _answered,
    EventKind.TASK_ADDED: _task_added,
    EventKind.TASK_DONE: _task_done,
    EventKind.TASK_DROPPED: _task_dropped,
    EventKind.PROCEDURE_STARTED: _procedure_started,
    EventKind.STEP_DONE: _step_done,
    EventKind.SUPPORTED: _supported,
    EventKind.UNSUPPORTED: _unsupported,
    EventKind.WARNED: _warned,
    EventKind.HANDED_OVER: _handed_over,
    EventKind.RATED: _rated,
    EventKind.REVISITED: _revisited,
}
