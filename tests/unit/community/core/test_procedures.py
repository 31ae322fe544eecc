"""Procedures, by example and against a model that passes tokens from step to step instead of looking at what was done.

The model knows nothing of standings: a step that ends sends each follower a token, live or dead; a follower acts when
it has one from every predecessor. An optional step sends its tokens the moment it opens.
"""

from datetime import timedelta
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.core.errors import AnswerNotOffered, EvidenceMissing, NotFound, NotTheOwner, StepNotOpen, UnknownStep
from community.core.limits import Basis
from community.core.procedure_progress import ProcedureState, StepDone, check_step, progress
from community.core.procedures import Answer, Evidence, Link, Procedure, Procedures, Stage, Step
from community.core.taxonomy import Unit
from tests.fakes.clock import NOON

KIND = Unit("housing", "房管办")
YES_NO = (Answer("yes", "是"), Answer("no", "否"))


def _step(key: str, *after: str, **more: object) -> Step:
    fields = {"owner": "housing", "limit_hours": 1, "basis": Basis.CLOCK, "after": after, **more}
    return Step(key=key, name=key, **fields)  # type: ignore[arg-type]


def _procedure(*steps: Step) -> Procedure:
    """The first step stands in a stage of its own."""
    links = [Stage(f"stage {n}", (Link(f"link {n}", part),)) for n, part in enumerate((steps[:1], steps[1:])) if part]
    return Procedure("repair", "修缮", ("home_repair",), tuple(links))


def _done(*keys: str) -> list[StepDone]:
    """Done an hour apart; `recheck=yes` gives an answer."""
    pairs = [key.partition("=") for key in keys]
    return [
        StepDone(key, NOON + timedelta(hours=n), "wang", answer=answer) for n, (key, _, answer) in enumerate(pairs, 1)
    ]


def _state(procedure: Procedure, *keys: str) -> ProcedureState:
    return progress(procedure, NOON, _done(*keys))


def _open(procedure: Procedure, *keys: str) -> list[str]:
    return [entry.step.key for entry in _state(procedure, *keys).open_steps]


LINE = _procedure(_step("a"), _step("b", "a"), _step("c", "b"))
FORK = _procedure(_step("a"), _step("b", "a"), _step("c", "a"), _step("d", "b", "c"))
BRANCH = _procedure(
    _step("decide", answers=YES_NO),
    _step("build", "decide", only_if=("yes",)),
    _step("paint", "build"),
    _step("explain", "decide", only_if=("no",)),
    _step("close", "paint", "explain"),
)
OPTIONAL = _procedure(_step("a"), _step("extra", "a", optional=True), _step("b", "extra"))


@pytest.mark.parametrize(
    ("procedure", "done", "expected"),
    [
        (LINE, "", "a"),
        (LINE, "a", "b"),
        (LINE, "a b", "c"),
        (LINE, "a b c", ""),
        (FORK, "a", "b c"),
        (FORK, "a c", "b"),
        (FORK, "a c b", "d"),
        (BRANCH, "", "decide"),
        (BRANCH, "decide=yes", "build"),
        (BRANCH, "decide=yes build", "paint"),
        (BRANCH, "decide=yes build paint", "close"),
        (BRANCH, "decide=no", "explain"),
        (BRANCH, "decide=no explain", "close"),
        (BRANCH, "decide=no explain close", ""),
        (OPTIONAL, "a", "extra b"),
        (OPTIONAL, "a extra", "b"),
        (OPTIONAL, "a b", ""),
    ],
)
def test_what_is_open(procedure: Procedure, done: str, expected: str) -> None:
    assert _open(procedure, *done.split()) == expected.split()
    assert _state(procedure, *done.split()).finished is not bool(expected)


def test_what_waits_for_an_open_step_comes_next() -> None:
    assert [step.key for step in _state(BRANCH).next_steps] == ["build", "explain"]
    assert [step.key for step in _state(FORK, "a", "b").next_steps] == ["d"]
    assert _state(LINE, "a", "b", "c").next_steps == ()


def test_the_other_branch_is_skipped_to_its_end() -> None:
    assert [step.key for step in _state(BRANCH, "decide=no").skipped] == ["build", "paint"]
    assert [step.key for step in _state(BRANCH, "decide=yes").skipped] == ["explain"]


def test_stage_and_link_are_those_of_the_first_step_that_must_be_done() -> None:
    assert _state(LINE).stage.name == "stage 0"
    assert (_state(LINE, "a").stage.name, _state(LINE, "a").link.name) == ("stage 1", "link 1")
    assert _state(LINE, "a", "b", "c").stage.name == "stage 1"
    assert _state(_procedure(_step("extra", optional=True), _step("a"))).stage.name == "stage 1"


def test_a_limit_runs_from_the_last_step_before() -> None:
    since = {entry.step.key: entry.since for entry in _state(FORK, "a", "c", "b").open_steps}
    assert since == {"d": NOON + timedelta(hours=3)}
    assert _state(FORK).open_steps[0].since == NOON


def test_a_skipped_branch_costs_no_time() -> None:
    (entry,) = _state(BRANCH, "decide=no", "explain").open_steps
    assert (entry.step.key, entry.since) == ("close", NOON + timedelta(hours=2))


def test_an_optional_step_done_late_gives_nobody_more_time() -> None:
    before, after = _state(OPTIONAL, "a"), _state(OPTIONAL, "a", "extra")
    assert before.open_steps[-1] == after.open_steps[-1]


def test_steps_may_stand_in_any_order() -> None:
    assert _open(_procedure(_step("b", "a"), _step("a"))) == ["a"]


def test_a_history_older_than_the_file_is_kept() -> None:
    state = _state(LINE, "forgotten", "a", "a=yes")
    assert [event.key for event in state.done] == ["forgotten", "a", "a"]
    assert [entry.step.key for entry in state.open_steps] == ["b"]


def test_only_the_first_answer_counts() -> None:
    assert _open(BRANCH, "decide=no", "decide=yes") == ["explain"]


def test_procedures_by_code_and_by_service() -> None:
    procedures = Procedures({"repair": LINE})
    assert procedures["repair"] is procedures.for_service("home_repair") is LINE
    assert procedures.for_service("noise") is None
    assert "repair" in procedures
    with pytest.raises(NotFound):
        procedures["home_repair"]


PROOF = _procedure(_step("a", evidence=(Evidence.PHOTO, Evidence.NOTE), answers=YES_NO), _step("b", "a"))
ALL = {Evidence.PHOTO, Evidence.NOTE, Evidence.DOCUMENT}


def test_a_step_is_done_with_all_its_evidence() -> None:
    check_step(PROOF, [], "a", KIND, ALL, "yes")
    check_step(PROOF, [], "a", Unit("housing-linhe", "临禾房管所", kind="housing"), ALL, "no")
    check_step(PROOF, _done("a=yes"), "b", KIND, [])


@pytest.mark.parametrize(
    ("key", "unit", "evidence", "answer", "error"),
    [
        ("c", KIND, ALL, "yes", UnknownStep),
        ("b", KIND, ALL, "", StepNotOpen),
        ("a", Unit("police", "派出所"), ALL, "yes", NotTheOwner),
        ("a", Unit("police-linhe", "临禾派出所", kind="police"), ALL, "yes", NotTheOwner),
        ("a", KIND, {Evidence.PHOTO}, "yes", EvidenceMissing),
        ("a", KIND, [], "yes", EvidenceMissing),
        ("a", KIND, ALL, "", AnswerNotOffered),
        ("a", KIND, ALL, "maybe", AnswerNotOffered),
    ],
)
def test_a_step_is_refused(key: str, unit: Unit, evidence: set[Evidence], answer: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        check_step(PROOF, [], key, unit, evidence, answer)


@pytest.mark.parametrize(
    ("procedure", "done", "key"),
    [
        (LINE, "a", "a"),  # done already
        (LINE, "", "c"),  # too early
        (BRANCH, "decide=no", "build"),  # not needed
        (BRANCH, "decide=no", "paint"),
        (OPTIONAL, "a b", "extra"),  # it is over
    ],
)
def test_a_step_that_is_not_open(procedure: Procedure, done: str, key: str) -> None:
    with pytest.raises(StepNotOpen):
        check_step(procedure, _done(*done.split()), key, KIND, [])


def test_an_answer_where_nothing_is_asked() -> None:
    with pytest.raises(AnswerNotOffered):
        check_step(LINE, [], "a", KIND, [], "yes")


@st.composite
def procedures(draw: st.DrawFn) -> Procedure:
    """Up to nine steps, in any order in the file; conditions ask for answers of earlier decisions."""
    steps: list[Step] = []
    for ordinal in range(draw(st.integers(1, 9))):
        after = draw(st.lists(st.sampled_from(steps), max_size=3, unique=True)) if steps else []
        asked = [answer.key for step in _before(after, steps) for answer in step.answers]
        only_if = draw(st.lists(st.sampled_from(asked), max_size=2, unique=True)) if asked else []
        kind = draw(st.sampled_from(["plain", "plain", "decision", "optional"]))
        answers = tuple(Answer(f"{ordinal}{letter}", letter) for letter in "xy") if kind == "decision" else ()
        more = {"answers": answers, "only_if": tuple(only_if), "optional": kind == "optional"}
        steps.append(_step(str(ordinal), *(step.key for step in after), **more))
    return _procedure(*draw(st.permutations(steps)))


def _before(after: list[Step], steps: list[Step]) -> list[Step]:
    known = {step.key: step for step in steps}
    found: dict[str, Step] = {}
    ahead = list(after)
    while ahead:
        step = ahead.pop()
        found[step.key] = step
        ahead += [known[key] for key in step.after]
    return list(found.values())


class Tokens:
    """The independent model."""

    def __init__(self, procedure: Procedure) -> None:
        self.steps = dict(procedure.steps)
        self.inbox: dict[str, list[bool]] = {key: [] for key in self.steps}
        self.given: set[str] = set()
        self.open: set[str] = set()
        self.done: set[str] = set()
        self.skipped: set[str] = set()
        for step in self.steps.values():
            if not step.after:
                self._arrive(step)

    def finish(self, key: str, answer: str) -> None:
        self.open.remove(key)
        self.done.add(key)
        self.given.add(answer)
        if not self.steps[key].optional:
            self._send(key, live=True)

    def _send(self, key: str, *, live: bool) -> None:
        for step in self.steps.values():
            if key in step.after:
                self.inbox[step.key].append(live)
                if len(self.inbox[step.key]) == len(step.after):
                    self._arrive(step)

    def _arrive(self, step: Step) -> None:
        alive = any(self.inbox[step.key]) or not step.after
        if alive and (not step.only_if or self.given & set(step.only_if)):
            self.open.add(step.key)
            if step.optional:
                self._send(step.key, live=True)
        else:
            self.skipped.add(step.key)
            self._send(step.key, live=False)

    @property
    def finished(self) -> bool:
        return all(step.optional or key in self.done | self.skipped for key, step in self.steps.items())


@given(procedures(), st.data())
def test_every_way_through_agrees_with_the_model(procedure: Procedure, data: st.DataObject) -> None:
    model, done, ticks = Tokens(procedure), [], count(1)
    while not model.finished:
        state = progress(procedure, NOON, done)
        _agree(state, model)
        chosen = data.draw(st.sampled_from(state.open_steps)).step
        answer = data.draw(st.sampled_from([offered.key for offered in chosen.answers] or [""]))
        check_step(procedure, done, chosen.key, KIND, [], answer)
        done.append(StepDone(chosen.key, NOON + timedelta(minutes=next(ticks)), "wang", answer=answer))
        model.finish(chosen.key, answer)
    end = progress(procedure, NOON, data.draw(st.permutations(done)))
    assert end.finished
    assert end.open_steps == end.next_steps == ()
    assert {step.key for step in end.skipped} == model.skipped


def _agree(state: ProcedureState, model: Tokens) -> None:
    assert not state.finished
    assert {entry.step.key for entry in state.open_steps} == model.open
    assert {step.key for step in state.skipped} == model.skipped
    assert any(not entry.step.optional for entry in state.open_steps), "somebody can always go on"
    for entry in state.open_steps:
        needed = {key for key in entry.step.after if not model.steps[key].optional}
        assert needed <= model.done | model.skipped, "no step opens before those it comes after"
        assert entry.since == max((e.at for e in state.done if e.key in _deciders(entry.step, model)), default=NOON)


def _deciders(step: Step, model: Tokens) -> set[str]:
    """Those whose end can have opened the step: seen through optional and skipped ones."""
    found: set[str] = set()
    for key in step.after:
        passed = model.steps[key].optional or key in model.skipped
        found |= _deciders(model.steps[key], model) if passed else {key}
    return found


@given(procedures(), st.data())
def test_what_is_open_stays_open_until_it_is_done(procedure: Procedure, data: st.DataObject) -> None:
    done: list[StepDone] = []
    state = progress(procedure, NOON, done)
    while not state.finished:
        chosen = data.draw(st.sampled_from(state.open_steps)).step
        answer = data.draw(st.sampled_from([offered.key for offered in chosen.answers] or [""]))
        done.append(StepDone(chosen.key, NOON + timedelta(minutes=len(done)), "wang", answer=answer))
        later = progress(procedure, NOON, done)
        left = {entry for entry in state.open_steps if entry.step != chosen}
        assert later.finished or left <= set(later.open_steps)
        assert set(state.skipped) <= set(later.skipped)
        state = later
