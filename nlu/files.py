"""Where things are, and how a list of words is written: one entry a line, `#` begins a remark."""

import os
from pathlib import Path
from typing import List

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("KETANG_DATA_DIR") or ROOT / "data").resolve()
TRAINING_DATA = DATA / "nlu"
TERMS = DATA / "terms"
DICTIONARIES = DATA / "dictionaries"
MARKED_PLACES = DATA / "places"
TAXONOMY = DATA / "taxonomy" / "services.yml"
MODEL = ROOT / "models" / "understanding"
TESTS = ROOT / "tests" / "nlu"


def entries(path: Path) -> List[str]:
    lines = (line.partition("#")[0].strip() for line in path.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line]
