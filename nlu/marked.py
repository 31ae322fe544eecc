"""Hand-marked places, 在⟨桂花苑⟩丢了猫, as texts and spans; and what else the tagger is trained on."""

import random
from pathlib import Path
from typing import Dict, List, Tuple

from nlu.files import MARKED_PLACES, entries
from nlu.tagger import Span
from nlu.text import clean

Marked = Tuple[str, List[Span]]
_OPEN, _CLOSE = "⟨", "⟩"
_SWAPPED = 0.7
_JOINTS_AFTER, _JOINTS_BEFORE = (",", ",", " ", ",在"), (",", " ", "")


def marked_rows(folder: Path = MARKED_PLACES) -> List[Marked]:
    lines = [line for path in sorted(folder.glob("*.txt")) for line in entries(path)]
    return [unmarked(clean(line).text) for line in lines]


def unmarked(line: str) -> Marked:
    text, spans, start = "", [], 0
    for char in line:
        if char == _OPEN:
            start = len(text)
        elif char == _CLOSE:
            spans.append((start, len(text)))
        else:
            text += char
    return text, spans


def varied(rows: List[Marked], copies: int) -> List[Marked]:
    """Other names in the same sentences, and a place before or after: the context is to be learned, not the names."""
    chance, names = random.Random(0), _by_ending(rows)  # noqa: S311  # no secret, but the same at every training
    made = [_swapped(row, names, chance) if row[1] else _added(row, names, chance) for row in rows * copies]
    return rows + [row for row in made if row[1]]


def _by_ending(rows: List[Marked]) -> Dict[str, List[str]]:
    names: Dict[str, List[str]] = {}
    for text, spans in rows:
        for start, end in spans:
            names.setdefault(text[end - 1], []).append(text[start:end])
    return names


def _swapped(row: Marked, names: Dict[str, List[str]], chance: random.Random) -> Marked:
    text, spans = row
    made, found, at = "", [], 0
    for start, end in spans:
        said = text[start:end]
        name = chance.choice(names[said[-1]]) if chance.random() < _SWAPPED else said
        made += text[at:start]
        found.append((len(made), len(made) + len(name)))
        made, at = made + name, end
    return made + text[at:], found


def _added(row: Marked, names: Dict[str, List[str]], chance: random.Random) -> Marked:
    text, name = row[0], chance.choice([name for same in names.values() for name in same])
    luck = chance.random()
    if luck < 0.25:
        made = text + chance.choice(_JOINTS_AFTER) + name
        return made, [(len(made) - len(name), len(made))]
    if luck < 0.4:
        return name + chance.choice(_JOINTS_BEFORE) + text, [(0, len(name))]
    return row
