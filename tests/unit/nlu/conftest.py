import sys
from importlib.util import find_spec

import pytest

# thinc would load TensorFlow; no test here needs it.
sys.modules.setdefault("tensorflow", None)

# In the app's environment there is neither jieba nor spaCy; these tests belong to nlu/.venv.
collect_ignore_glob = [] if find_spec("jieba") else ["test_*.py"]


@pytest.fixture(scope="session")
def segmenter():
    from nlu.places import read_gazetteer
    from nlu.understand import make_segmenter

    return make_segmenter(read_gazetteer())


@pytest.fixture(scope="session")
def places():
    from nlu.places import Places, read_gazetteer, read_grammar

    return Places(read_gazetteer(), read_grammar())


@pytest.fixture(scope="session")
def monday():
    from nlu.clock import moment

    return moment("2026-11-23T10:00:00+08:00")
