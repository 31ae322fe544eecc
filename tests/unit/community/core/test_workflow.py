"""The lifecycle against a table written from the five-step loop, not from the code's own table."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import combinations, pairwise, product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.core.errors import (
    BadDate,
    BadTarget,
    GroundRequired,
    KetangError,
    NoteRequired,
    PhotoRequired,
    TransitionNotAllowed,
)
from community.core.workflow import FINISHED, Actor, Ground, Move, Status, acting, check_move, next_steps
from tests.fakes.clock import NOON

# from -> to: who may. ! a note, @ a note and a date, ? a note and a ground, & a note and another case
EXPECTED = """
reported  -> assigned:   dispatcher
reported  -> rejected?:  dispatcher
reported  -> merged&:    dispatcher
reported  -> withdrawn:  resident
assigned  -> resolved!:  handler
assigned  -> returned!:  handler
assigned  -> suspended@: handler dispatcher
assigned  -> merged&:    dispatcher
assigned  -> withdrawn:  resident
returned  -> assigned:   dispatcher
returned  -> rejected?:  dispatcher
returned  -> withdrawn:  resident
suspended -> assigned:   handler dispatcher system
suspended -> withdrawn:  resident
resolved  -> verified:   inspector
resolved  -> assigned!:  inspector
resolved  -> reopened!:  resident
verified  -> archived:   dispatcher resident system
verified  -> reopened!:  resident
archived  -> reopened!:  resident inspector
rejected  -> reopened!:  resident
reopened  -> assigned:   dispatcher
reopened  -> rejected?:  dispatcher
reopened  -> withdrawn:  resident
merged    -> reported!:  dispatcher
"""
NEEDS = "!@?&"

type Step = tuple[Actor, Status, Status]


def _table() -> dict[Step, str]:
    """(actor, from, to) -> the mark of what it needs."""
    steps = {}
    for line in EXPECTED.strip().splitlines():
        way, _, actors = line.partition(":")
        start, _, goal = (part.strip() for part in way.partition("->"))
        to, mark = Status(goal.rstrip(NEEDS)), goal[-1] if goal[-1] in NEEDS else ""
        steps.update({(Actor(actor), Status(start), to): mark for actor in actors.split()})
    return steps


ALLOWED = _table()
ONLY_WAY_OUT = {Status.ARCHIVED: Status.REOPENED, Status.REJECTED: Status.REOPENED, Status.MERGED: Status.REPORTED}


def _name(step: Step) -> str:
    return "-".join(step)


def _needing(marks: str) -> list[Step]:
    return [step for step, mark in ALLOWED.items() if mark and mark in marks]


def _full(actor: Actor, to: Status) -> Move:
    """A move that lacks nothing, whatever is asked for."""
    return Move(
        to=to,
        actor=actor,
        note="原因",
        until=NOON + timedelta(days=3),
        ground=Ground.NO_FACTS,
        into="KT20261123-0002",
        photos=("a.jpg",),
        units=("police",),
    )


def test_the_table_names_every_state_but_the_last_resort() -> None:
    assert {start for _, start, _ in ALLOWED} == set(Status) - {Status.WITHDRAWN}  # nothing undoes a withdrawal
    assert {to for _, _, to in ALLOWED} == set(Status)


@pytest.mark.parametrize("step", list(product(Actor, Status, Status)), ids=_name)
@pytest.mark.parametrize("photo_needed", [True, False])
def test_every_pair_and_actor(step: Step, photo_needed: bool) -> None:
    actor, start, to = step
    if step in ALLOWED:
        check_move(start, _full(actor, to), NOON, photo_needed=photo_needed)
    else:
        with pytest.raises(TransitionNotAllowed):
            check_move(start, _full(actor, to), NOON, photo_needed=photo_needed)


MARKED: list[tuple[str, dict[str, Any], type[KetangError] | None]] = [
    (NEEDS, {"note": ""}, NoteRequired),
    (NEEDS, {"note": " "}, NoteRequired),
    (NEEDS, {"note": "\n\t"}, NoteRequired),
    (NEEDS, {"note": "　"}, NoteRequired),  # the blank of Chinese text
    (NEEDS, {"note": "无"}, None),
    ("@", {"until": None}, BadDate),
    ("@", {"until": NOON}, BadDate),  # now is not a day to come
    ("@", {"until": NOON - timedelta(seconds=1)}, BadDate),
    ("@", {"until": NOON + timedelta(microseconds=1)}, None),
    ("@", {"ground": None, "into": "", "photos": (), "units": ()}, None),
    ("?", {"ground": None}, GroundRequired),
    *(("?", {"ground": ground}, None) for ground in Ground),
    ("?", {"until": None, "into": "", "photos": ()}, None),
    ("&", {"into": ""}, BadTarget),
    ("&", {"until": None, "ground": None, "photos": ()}, None),
    ("!", {"until": None, "ground": None, "into": ""}, None),
]


@pytest.mark.parametrize(("marks", "fields", "error"), MARKED)
def test_a_step_brings_along_what_it_needs(marks: str, fields: dict[str, Any], error: type[KetangError] | None) -> None:
    for actor, start, to in _needing(marks):
        move = replace(_full(actor, to), **fields)
        if error is None:
            check_move(start, move, NOON)
            continue
        with pytest.raises(error):
            check_move(start, move, NOON)


def test_other_steps_need_nothing() -> None:
    for actor, start, to in (step for step, mark in ALLOWED.items() if not mark):
        check_move(start, Move(to=to, actor=actor), NOON, photo_needed=True)


def test_a_photo_is_asked_for_at_resolving_alone() -> None:
    for actor, start, to in ALLOWED:
        move = replace(_full(actor, to), photos=())
        if to is Status.RESOLVED:
            with pytest.raises(PhotoRequired):
                check_move(start, move, NOON, photo_needed=True)
        else:
            check_move(start, move, NOON, photo_needed=True)
        check_move(start, move, NOON, photo_needed=False)


PARTS = [parts for size in range(1, 6) for parts in combinations(Actor, size)]


@pytest.mark.parametrize("parts", PARTS, ids=" ".join)
def test_next_steps_offers_just_what_is_allowed(parts: Sequence[Actor]) -> None:
    for start in Status:
        ways = dict.fromkeys(to for actor, begin, to in ALLOWED if begin is start and actor in parts)
        assert next_steps(start, parts) == list(ways)


@pytest.mark.parametrize("parts", PARTS, ids=" ".join)
def test_somebody_acts_in_the_first_part_that_may(parts: Sequence[Actor]) -> None:
    for start, to in product(Status, Status):
        fitting = [part for part in parts if (part, start, to) in ALLOWED]
        assert acting(start, to, parts) is (fitting or parts)[0]
        assert acting(start, to, parts[::-1]) is (fitting[::-1] or parts[::-1])[0]


@given(st.data())
def test_walks_keep_what_holds_for_every_case(data: st.DataObject) -> None:
    walk = [Status.REPORTED]
    while len(walk) < 30 and (steps := [(a, to) for a in Actor for to in next_steps(walk[-1], [a])]):
        actor, to = data.draw(st.sampled_from(steps))
        check_move(walk[-1], _full(actor, to), NOON, photo_needed=data.draw(st.booleans()))
        walk.append(to)
    _check_walk(walk)


def _check_walk(walk: list[Status]) -> None:
    for before, after in pairwise(walk):
        assert before != after
        assert after is not Status.REPORTED or before is Status.MERGED  # nothing is reported twice
        assert after is not Status.VERIFIED or before is Status.RESOLVED
        assert after is not Status.ARCHIVED or before is Status.VERIFIED
        assert after is not Status.RESOLVED or before is Status.ASSIGNED
        assert before not in FINISHED or after is ONLY_WAY_OUT.get(before)


def test_the_clock_alone_brings_nothing_but_an_end_of_waiting() -> None:
    by_itself = {(start, to) for actor, start, to in ALLOWED if actor is Actor.SYSTEM}
    assert by_itself == {(Status.SUSPENDED, Status.ASSIGNED), (Status.VERIFIED, Status.ARCHIVED)}
    assert {(s, to) for s in Status for to in next_steps(s, [Actor.SYSTEM])} == by_itself


def _reaching(goals: set[Status]) -> set[Status]:
    """Where a chain of steps may lead to one of the goals."""
    for _ in Status:
        goals = goals | {start for start in Status for to in next_steps(start, list(Actor)) if to in goals}
    return goals


def test_everything_can_come_to_an_end() -> None:
    assert _reaching(set(FINISHED)) == set(Status)


def test_everything_but_a_withdrawal_can_still_be_dealt_with() -> None:
    assert _reaching({Status.ARCHIVED}) == set(Status) - {Status.WITHDRAWN}


def test_dates_are_compared_as_moments() -> None:
    until = datetime.fromisoformat("2026-11-23T04:00:01+00:00")  # one second after noon in Shanghai
    check_move(Status.ASSIGNED, replace(_full(Actor.HANDLER, Status.SUSPENDED), until=until), NOON)
