import json

import pytest

from nlu import store
from nlu.evaluate import Score
from nlu.regression import Limits, Results, changes, losses

LIMITS = Limits(intent=0.01, service_code=0.01, appeal_type=0.02, emergency=0, any_code=0.25, least_rows=8)


def judged(service_code=80, emergency=50, pets=16, fire=6):
    shares = {"service_code": service_code / 100, "emergency": emergency / 50}
    return Results(shares, {"pets": Score(1.0, pets / 16, 1.0, 16), "fire": Score(1.0, fire / 6, 1.0, 6)})


def test_what_is_as_good_loses_nothing():
    assert losses(judged(), judged(service_code=79, pets=12), LIMITS) == []


@pytest.mark.parametrize(
    ("after", "named"),
    [
        (judged(service_code=78), "service_code"),
        (judged(emergency=49), "emergency"),
        (judged(pets=11), "pets"),
    ],
)
def test_what_is_lost_beyond_a_limit_is_named(after, named):
    (loss,) = losses(judged(), after, LIMITS)
    assert loss.startswith(named)


def test_a_code_of_few_rows_may_lose_them_by_chance():
    assert losses(judged(), judged(fire=0), LIMITS) == []


def test_the_report_says_which_codes_changed():
    report = "\n".join(changes(judged(), judged(pets=14)))
    assert "pets" in report
    assert "fire" not in report


@pytest.fixture
def model(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "digest_of_data", lambda: "today's data")
    folder = tmp_path / "understanding"
    folder.mkdir()
    (folder / "model.json").write_text(json.dumps({"learned_from": "yesterday's data"}), encoding="ascii")
    return folder


def test_a_model_kept_against_worse_is_not_stale(model):
    assert store.is_stale(model)
    store.keep(model)
    assert not store.is_stale(model)


def test_data_changed_after_a_refusal_make_it_stale_again(model, monkeypatch):
    store.keep(model)
    monkeypatch.setattr(store, "digest_of_data", lambda: "tomorrow's data")
    assert store.is_stale(model)


def test_a_new_model_takes_the_whole_place_of_the_old(model, tmp_path):
    newer = tmp_path / "understanding.new"
    newer.mkdir()
    (newer / "model.json").write_text("{}", encoding="ascii")
    store.keep(model)
    store.replace(model, newer)
    assert [path.name for path in model.iterdir()] == ["model.json"]
    assert (model / "model.json").read_text(encoding="ascii") == "{}"
    assert [path.name for path in tmp_path.iterdir()] == ["understanding"]
