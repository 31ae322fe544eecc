"""The gate for a new model: no figure on tests/nlu/*.yml below its floor in floors.yml.

nlu/.venv/bin/python -m pytest -q -c tests/unit/nlu/pytest.ini tests/nlu
"""

import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml

sys.modules.setdefault("tensorflow", None)
HERE = Path(__file__).parent
FLOORS = yaml.safe_load((HERE / "floors.yml").read_text(encoding="utf-8"))["floors"]

if not find_spec("jieba"):
    pytest.skip("needs nlu/.venv: see the first lines of this file", allow_module_level=True)


@pytest.fixture(scope="module")
def measured():
    from bench.nlu_testset import measure
    from nlu.files import MODEL

    if not (MODEL / "model.json").exists():
        pytest.skip(f"no model in {MODEL}: run `ketang train`")
    return measure()["all"]


@pytest.mark.parametrize("figure", FLOORS)
def test_no_figure_is_below_its_floor(measured, figure):
    floor = FLOORS[figure]
    if "at_least" in floor:
        assert measured[figure] >= floor["at_least"]
    else:
        assert measured[figure] <= floor["at_most"]


def test_the_code_of_every_kind_is_still_found(measured):
    """No code may be lost altogether, however good the mean is."""
    assert measured["lowest code recall"] > 0
