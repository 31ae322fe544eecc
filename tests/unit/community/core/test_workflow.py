"""The lifecycle against a table written from the five-step loop, not from the code's own table."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise, product

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

# from: where who may take it. n a note, d a date to come, g a ground, t another case to merge with.
EXPECTED = """
reported:  dispatcher assigned rejected(ng) merged(nt) / resident withdrawn
assigned:  handler resolved(n) returned(n) suspended(nd) / dispatcher suspended(nd) merged(nt) / resident withdrawn
returned:  dispatcher assigned rejected(ng) / resident withdrawn
suspended: handler assigned / dispatcher assigned / system assigned / resident withdrawn
resolved:  inspector verified assigned(n) / resident reopened(n)
verified:  dispatcher archived / resident archived reopened(n) / system archived
archived:  resident reopened(n) / inspector reopened(n)
rejected:  resident reopened(n)
reopened:  dispatcher assigned rejected(ng) / resident withdrawn
merged:    dispatcher reported(n)
withdrawn:
"""
FULL = Move(
    to=Status.ASSIGNED,
    actor=Actor.SYSTEM,
    note="原因",
    until=NOON + timedelta(days=1),
    ground=Ground.NO_FACTS,
    into="KT20261123-0001",
    photos=("a.jpg",),
)
WITHOUT: dict[str, tuple[list[dict[str, object]], type[KetangError]]] = {
    "n": ([{"note": note} for note in ("", " ", "\n\t", "　")], NoteRequired),
    "d": ([{"until": until} for until in (None, NOON, NOON - timedelta(seconds=1))], BadDate),
    "g": ([{"ground": None}], GroundRequired),
    "t": ([{"into": ""}], BadTarget),
}

Step = tuple[Actor, Status, Status]


def _table() -> dict[Step, str]:
    """(actor, from, to) -> what it needs, one letter each."""
    steps = {}
    for line in EXPECTED.strip().splitlines():
        start, _, rest = line.partition(":")
        for actor, *targets in (part.split() for part in rest.split("/") if part.strip()):
            for target in targets:
                to, _, needs = target.rstrip(")").partition("(")
                steps[Actor(actor), Status(start), Status(to)] = needs
    return steps


ALLOWED = _table()
NEEDS = [(step, need) for step, needs in ALLOWED.items() for need in needs]


def _move(actor: Actor, to: Status, **fields: object) -> Move:
    return replace(FULL, actor=actor, to=to, **fields)  # type: ignore[arg-type]


def test_the_table_names_every_state() -> None:
    assert {line.partition(":")[0] for line in EXPECTED.strip().splitlines()} == set(Status)


@pytest.mark.parametrize("step", list(product(Actor, Status, Status)), ids=lambda step: "-".join(step))
def test_every_pair_and_actor(step: Step) -> None:
    actor, start, to = step
    if step in ALLOWED:
        check_move(start, _move(actor, to), NOON)
    else:
        with pytest.raises(TransitionNotAllowed):
            check_move(start, _move(actor, to), NOON)


@pytest.mark.parametrize(("step", "need"), NEEDS, ids=lambda value: "-".join(value))
def test_what_a_step_needs_and_does_not_bring(step: Step, need: str) -> None:
    actor, start, to = step
    missing, error = WITHOUT[need]
    for fields in missing:
        with pytest.raises(error):
            check_move(start, _move(actor, to, **fields), NOON)


@pytest.mark.parametrize("step", ALLOWED, ids=lambda step: "-".join(step))
def test_nothing_else_is_needed(step: Step) -> None:
    actor, start, to = step
    bare = Move(to=to, actor=actor)
    given_ = {
        "n": {"note": "原因"},
        "d": {"until": FULL.until},
        "g": {"ground": FULL.ground},
        "t": {"into": FULL.into},
    }
    for need in ALLOWED[step]:
        bare = replace(bare, **given_[need])  # type: ignore[arg-type]
    check_move(start, bare, NOON)


def test_a_photo_is_needed_to_resolve_and_only_where_the_route_wants_one() -> None:
    without = _move(Actor.HANDLER, Status.RESOLVED, photos=())
    check_move(Status.ASSIGNED, without, NOON)
    check_move(Status.ASSIGNED, _move(Actor.HANDLER, Status.RESOLVED), NOON, photo_needed=True)
    check_move(Status.ASSIGNED, _move(Actor.HANDLER, Status.RETURNED, photos=()), NOON, photo_needed=True)
    with pytest.raises(PhotoRequired):
        check_move(Status.ASSIGNED, without, NOON, photo_needed=True)


@pytest.mark.parametrize(("actor", "start"), list(product(Actor, Status)))
def test_next_steps_offers_just_what_is_allowed(actor: Actor, start: Status) -> None:
    assert set(next_steps(start, [actor])) == {to for a, s, to in ALLOWED if (a, s) == (actor, start)}


@pytest.mark.parametrize("step", ALLOWED, ids=lambda step: "-".join(step))
def test_who_plays_several_parts_acts_in_one_that_may(step: Step) -> None:
    _, start, to = step
    assert (acting(start, to, list(Actor)), start, to) in ALLOWED


def test_who_may_not_acts_in_their_first_part_and_is_refused() -> None:
    assert acting(Status.WITHDRAWN, Status.ASSIGNED, [Actor.HANDLER, Actor.INSPECTOR]) is Actor.HANDLER


@given(st.data())
def test_walks_keep_what_holds_for_every_case(data: st.DataObject) -> None:
    walk = [Status.REPORTED]
    while len(walk) < 30 and (steps := [(a, to) for a in Actor for to in next_steps(walk[-1], [a])]):
        actor, to = data.draw(st.sampled_from(steps))
        check_move(walk[-1], _move(actor, to), NOON)
        walk.append(to)
    _check_walk(walk)


def _check_walk(walk: list[Status]) -> None:
    for before, after in pairwise(walk):
        assert before != after
        assert after is not Status.REPORTED or before is Status.MERGED  # only who was split off begins again
        assert after is not Status.VERIFIED or before is Status.RESOLVED
        assert after is not Status.ARCHIVED or before is Status.VERIFIED
        assert before is not Status.WITHDRAWN
        assert before not in FINISHED or after in (Status.REOPENED, Status.REPORTED)


def test_everything_can_come_to_an_end() -> None:
    ends = set(FINISHED)
    for _ in Status:
        ends |= {start for _, start, to in ALLOWED if to in ends}
    assert ends == set(Status)


def test_nobody_but_the_clock_or_a_person_is_an_actor() -> None:
    assert {actor for actor, _, _ in ALLOWED} == set(Actor)


def test_a_date_is_compared_across_zones() -> None:
    later = datetime.fromisoformat("2026-11-23T05:00:00+00:00")  # 13:00 in Shanghai, an hour after NOON
    check_move(Status.ASSIGNED, _move(Actor.HANDLER, Status.SUSPENDED, until=later), NOON)
