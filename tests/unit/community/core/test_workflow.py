"""The lifecycle against a table written from the five-step loop, not from the code's own table."""

from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.core.errors import NoteRequired, TransitionNotAllowed
from community.core.workflow import FINISHED, Actor, Status, check_transition, next_steps

# from: staff may go on to (! with a reason) / the resident may go on to
EXPECTED = """
reported:  assigned rejected! merged!            / withdrawn
assigned:  resolved! returned! suspended! merged! / withdrawn
returned:  assigned rejected!                    / withdrawn
suspended: assigned                              / withdrawn
resolved:  verified assigned!                    / reopened!
verified:  archived                              / reopened!
archived:                                        / reopened!
rejected:                                        / reopened!
reopened:  assigned rejected!                    / withdrawn
merged:                                          /
withdrawn:                                       /
"""


def _table() -> dict[tuple[Actor, Status, Status], bool]:
    """(actor, from, to) -> whether a reason is needed."""
    steps = {}
    for line in EXPECTED.strip().splitlines():
        start, _, rest = line.partition(":")
        for actor, targets in zip((Actor.STAFF, Actor.RESIDENT), rest.split("/"), strict=True):
            for target in targets.split():
                steps[actor, Status(start), Status(target.rstrip("!"))] = target.endswith("!")
    return steps


ALLOWED = _table()
WITH_REASON = [step for step, needs_note in ALLOWED.items() if needs_note]
WITHOUT_REASON = [step for step, needs_note in ALLOWED.items() if not needs_note]


def test_the_table_names_every_state() -> None:
    assert {line.partition(":")[0] for line in EXPECTED.strip().splitlines()} == set(Status)


@pytest.mark.parametrize("step", list(product(Actor, Status, Status)), ids=lambda step: "-".join(step))
def test_every_pair_and_actor(step: tuple[Actor, Status, Status]) -> None:
    actor, start, to = step
    if step in ALLOWED:
        check_transition(start, to, actor, "原因")
    else:
        with pytest.raises(TransitionNotAllowed):
            check_transition(start, to, actor, "原因")


@pytest.mark.parametrize("note", ["", " ", "\n\t", "　"])
@pytest.mark.parametrize("step", WITH_REASON, ids=lambda step: "-".join(step))
def test_a_reason_is_more_than_blanks(step: tuple[Actor, Status, Status], note: str) -> None:
    actor, start, to = step
    with pytest.raises(NoteRequired):
        check_transition(start, to, actor, note)


@pytest.mark.parametrize("step", WITHOUT_REASON, ids=lambda step: "-".join(step))
def test_other_steps_need_no_reason(step: tuple[Actor, Status, Status]) -> None:
    actor, start, to = step
    check_transition(start, to, actor)


@pytest.mark.parametrize(("actor", "start"), list(product(Actor, Status)))
def test_next_steps_offers_just_what_is_allowed(actor: Actor, start: Status) -> None:
    assert next_steps(start, actor) == [to for a, s, to in ALLOWED if (a, s) == (actor, start)]


@given(st.data())
def test_walks_keep_what_holds_for_every_case(data: st.DataObject) -> None:
    walk = [Status.REPORTED]
    while len(walk) < 30 and (steps := [(a, to) for a in Actor for to in next_steps(walk[-1], a)]):
        actor, to = data.draw(st.sampled_from(steps))
        check_transition(walk[-1], to, actor, "原因")
        walk.append(to)
    _check_walk(walk)


def _check_walk(walk: list[Status]) -> None:
    assert Status.REPORTED not in walk[1:]  # nothing is reported twice
    for before, after in pairwise(walk):
        assert before != after
        assert after is not Status.VERIFIED or before is Status.RESOLVED
        assert after is not Status.ARCHIVED or before is Status.VERIFIED
        assert before not in {Status.MERGED, Status.WITHDRAWN}  # no way back from these
        assert before not in FINISHED or after is Status.REOPENED  # from the other ends only one


def test_everything_can_come_to_an_end() -> None:
    ends = set(FINISHED)
    for _ in Status:
        ends |= {start for _, start, to in ALLOWED if to in ends}
    assert ends == set(Status)
