"""Where things are, and how a list of words is written: one entry a line, `#` begins a remark."""

from pathlib import Path
from typing import List

ROOT = Path(__file__).resolve().parent.parent
TRAINING_DATA = ROOT / "data" / "nlu"
DICTIONARIES = ROOT / "data" / "dictionaries"
TAXONOMY = ROOT / "data" / "taxonomy" / "services.yml"
MODEL = ROOT / "models" / "understanding"


def entries(path: Path) -> List[str]:
    lines = (line.partition("#")[0].strip() for line in path.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line]
