"""The shipped procedures, and each thing that can be wrong with a file of them, named `file: reason`."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from community.core.errors import BadReferenceData
from community.core.limits import Basis
from community.core.procedure_progress import StepDone, check_step, progress, walk
from community.core.procedures import Answer, Evidence, Procedure, Procedures
from community.core.taxonomy import Unit
from community.services.procedures import MOST_DECISIONS, load_procedures, ways
from community.services.reference import load_taxonomy
from tests.fakes.clock import NOON

DATA = Path(__file__).parents[3] / "data"
TAXONOMY = load_taxonomy(DATA / "taxonomy" / "services.yml")
SHIPPED = load_procedures(DATA / "procedures", TAXONOMY.services, TAXONOMY.units)

REPAIR = """
code: repair
name: 修缮
services: [home_repair]
stages:
- name: 勘查
  links:
  - name: 上门
    steps:
    - {key: look, name: 看, owner: housing, hours: 4, basis: clock, evidence: [photo], answers: {fix: 修, leave: 不修}}
    - {key: mend, name: 修, owner: property, hours: 8, basis: work, only_if: [fix]}
    - {key: explain, name: 说明, owner: housing, hours: 8, basis: work, after: [look], only_if: [leave]}
    - {key: close, name: 结案, owner: housing, hours: 8, basis: work, after: [mend, explain], optional: true}
"""


def _load(folder: Path, **files: str) -> Procedures:
    for name, content in files.items():
        (folder / f"{name}.yml").write_text(content, encoding="utf-8")
    return load_procedures(folder, {"home_repair", "noise"}, {"housing", "property"})


def _problems(folder: Path, **files: str) -> list[str]:
    with pytest.raises(BadReferenceData) as refused:
        _load(folder, **files)
    return str(refused.value).splitlines()


def test_a_file_becomes_a_procedure(tmp_path: Path) -> None:
    procedure = _load(tmp_path, repair=REPAIR)["repair"]
    look, mend, explain, close = procedure.steps.values()
    assert (look.owner, look.limit_hours, look.basis, look.evidence) == ("housing", 4, Basis.CLOCK, (Evidence.PHOTO,))
    assert look.answers == (Answer("fix", "修"), Answer("leave", "不修"))
    assert [step.after for step in (look, mend, explain, close)] == [(), ("look",), ("look",), ("mend", "explain")]
    assert (mend.only_if, mend.optional, close.optional) == (("fix",), False, True)


def test_the_step_before_also_across_links_and_stages(tmp_path: Path) -> None:
    row = "[{name: x, links: [{name: y, steps: [{key: %s, name: z, owner: housing, hours: 1, basis: work}]}]}]"
    content = yaml.safe_load(REPAIR)
    content["stages"] = [*yaml.safe_load(row % "first"), *yaml.safe_load(row % "second")]
    procedure = _load(tmp_path, repair=yaml.safe_dump(content))["repair"]
    assert procedure["second"].after == ("first",)


def test_a_folder_may_be_missing_or_hold_other_things(tmp_path: Path) -> None:
    assert _load(tmp_path / "none").by_code == {}
    (tmp_path / "README.md").write_text("steps", encoding="utf-8")
    assert _load(tmp_path).by_code == {}


BAD = [
    ("code: repair\n", "", "code: Field required"),
    ("code: repair", "code: Repair", "code: String should match"),
    ("name: 修缮", "name: ' '", "name: String should have at least 1"),
    ("name: 修缮", "name: 12", "name: Input should be a valid string"),
    ("name: 修缮", "name: 修缮\nrules: []", "rules: Extra inputs"),
    ("[home_repair]", "[]", "services: is empty"),
    ("[home_repair]", "[home_repairs]", "services 0: unknown service home_repairs"),
    (REPAIR[REPAIR.index("- name: 勘查") :], " []", "stages: is empty"),
    (REPAIR[REPAIR.index("  - name: 上门") :], "      []", "勘查 links: is empty"),
    (REPAIR[REPAIR.index("    - {key: look") :], "      []", "上门 steps: is empty"),
    ("hours: 4", "hours: 0", "look hours: Input should be greater than 0"),
    ("hours: 4", "hours: -4", "look hours: Input should be greater than 0"),
    ("hours: 4", "hours: true", "look hours: Input should be a valid integer"),
    ("hours: 4", "hours: 0.5", "look hours: Input should be a valid integer"),
    ("hours: 4", "hours: '4'", "look hours: Input should be a valid integer"),
    ("basis: clock", "basis: days", "look basis: Input should be 'clock' or 'work'"),
    ("[photo]", "[video]", "look evidence 0: Input should be 'note', 'photo', 'document' or 'signature'"),
    ("optional: true", "optional: maybe", "close optional: Input should be a valid boolean"),
    ("only_if: [fix]", "onlyif: [fix]", "mend onlyif: Extra inputs"),
    ("{fix: 修, leave: 不修}", "{yes: 修, no: 不修}", "look answers"),
    ("owner: property", "owner: plumber", "mend owner: unknown unit plumber"),
    ("key: mend", "key: look", "step look stands there twice"),
    ("key: look", "key: mend", "step mend stands there twice"),
    ("[mend, explain]", "[mend, explian]", "close comes after the unknown step explian"),
    ("only_if: [fix]", "only_if: [fixed]", "mend waits for the unknown answer fixed"),
    ("only_if: [fix]", "after: [close]", "steps wait for each other: "),
    ("only_if: [fix]", "after: [mend]", "steps wait for each other: mend < mend"),
    ("evidence: [photo]", "after: [close]", "steps wait for each other: "),
    (", leave: 不修}", "}", "explain waits for the unknown answer leave"),
    ("after: [look], only_if", "after: [], only_if", "explain does not come after the step that answers leave"),
    ("evidence: [photo]", "optional: true", "look decides and cannot be optional"),
    ("after: [look], only_if", "after: [mend], only_if", "no way leads to explain"),
]


@pytest.mark.parametrize(("old", "new", "reason"), BAD)
def test_bad_procedures_are_named(tmp_path: Path, old: str, new: str, reason: str) -> None:
    assert old in REPAIR
    assert any(
        line.startswith(f"repair.yml: {reason}") for line in _problems(tmp_path, repair=REPAIR.replace(old, new))
    )


@pytest.mark.parametrize(("content", "reason"), [("", "not a mapping"), ("[1]", "not a mapping"), ("a: {", "while")])
def test_files_that_hold_no_procedure(tmp_path: Path, content: str, reason: str) -> None:
    assert reason in "".join(_problems(tmp_path, repair=content))


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "repair.yml").write_bytes("修缮".encode("gb18030"))
    assert _problems(tmp_path)[0].startswith("repair.yml: ")


def test_one_answer_is_no_decision(tmp_path: Path) -> None:
    alone = REPAIR.replace(", leave: 不修", "").replace(", only_if: [leave]", "")
    assert _problems(tmp_path, repair=alone) == ["repair.yml: look needs at least two answers"]


def test_too_many_decisions(tmp_path: Path) -> None:
    row = yaml.safe_load(REPAIR)
    row["stages"][0]["links"][0]["steps"] = [
        {
            "key": f"k{n}",
            "name": "x",
            "owner": "housing",
            "hours": 1,
            "basis": "work",
            "answers": {f"a{n}": "是", f"b{n}": "否"},
        }
        for n in range(MOST_DECISIONS + 1)
    ]
    assert _problems(tmp_path, repair=yaml.safe_dump(row)) == ["repair.yml: has more than 10 decisions"]


def test_answers_are_told_apart_by_their_keys_alone(tmp_path: Path) -> None:
    again = REPAIR.replace("after: [mend, explain]", "after: [mend, explain], answers: {fix: 修, stop: 停}")
    assert "repair.yml: answer fix stands there twice" in _problems(tmp_path, repair=again)


def test_everything_wrong_is_told_at_once(tmp_path: Path) -> None:
    bad = REPAIR.replace("owner: property", "owner: plumber").replace("[home_repair]", "[repairs]")
    worse = REPAIR.replace("hours: 4", "hours: 0").replace("basis: clock", "basis: days")
    assert len(_problems(tmp_path, bad=bad, worse=worse)) == 4


def test_two_files_for_the_same(tmp_path: Path) -> None:
    problems = _problems(tmp_path, a=REPAIR, b=REPAIR)
    assert "b.yml: procedure repair stands in two files" in problems
    assert "a.yml: home_repair has another procedure as well" in problems


def test_load_bearing_damage_has_three_stages_seven_links_and_26_steps() -> None:
    procedure = SHIPPED["load_bearing_damage"]
    assert procedure is SHIPPED.for_service("load_bearing")
    assert [stage.name for stage in procedure.stages] == ["发现制止", "查处整改", "核查归档"]
    assert sum(len(stage.links) for stage in procedure.stages) == 7
    assert len(procedure.steps) == 26


REFUSED = {"register_note", "enforce"}
REPAIRED = {"order_restoration", "review_plan", "supervise_repair", "recheck", "penalise", "accept_repair"}


@pytest.mark.parametrize(
    ("answers", "left_out"),
    [
        (("damaged", "restored"), REFUSED),
        (("damaged", "refused"), set()),
        (("intact",), REFUSED | REPAIRED),
    ],
)
def test_the_ways_of_load_bearing_damage(answers: tuple[str, ...], left_out: set[str]) -> None:
    procedure = SHIPPED["load_bearing_damage"]
    assert set(procedure.steps) - set(walk(procedure, answers)) == left_out


def test_a_lift_is_built_only_when_the_vote_passed() -> None:
    procedure = SHIPPED["elevator_retrofit"]
    assert procedure is SHIPPED.for_service("elevator_retrofit")
    for answers in ways(procedure):
        steps = walk(procedure, answers)
        assert ("build_shaft" in steps) == ({"suitable", "passed"} <= set(answers))
        assert ("mediate" in steps) == ({"suitable", "passed", "objection"} <= set(answers))
        assert steps[-1] == "return_visit"


@pytest.mark.parametrize("procedure", SHIPPED.by_code.values(), ids=lambda procedure: procedure.code)
def test_every_step_asks_for_some_evidence(procedure: Procedure) -> None:
    assert [step.key for step in procedure.steps.values() if not step.evidence] == []


@pytest.mark.parametrize("path", sorted((DATA / "procedures").iterdir()), ids=lambda path: path.name)
def test_rasa_does_not_take_a_procedure_for_training_data(path: Path) -> None:
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert not {"nlu", "rules", "stories", "responses"} & set(content)
    assert content["code"] == path.stem


@given(st.sampled_from(list(SHIPPED.by_code.values())), st.data())
def test_whoever_goes_on_comes_to_the_end(procedure: Procedure, data: st.DataObject) -> None:
    done: list[StepDone] = []
    while not (state := progress(procedure, NOON, done)).finished:
        step = data.draw(st.sampled_from(state.open_steps)).step
        answer = data.draw(st.sampled_from([offered.key for offered in step.answers] or [""]))
        check_step(procedure, done, step.key, Unit("unit", "", kind=step.owner), step.evidence, answer)
        done.append(StepDone(step.key, NOON, "王芳", frozenset(step.evidence), answer))
    assert done[-1].key == "return_visit" or procedure[done[-1].key].optional
