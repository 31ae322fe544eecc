"""Danger to life now: recall before all else, so a known wording or a suspicious model is enough alone."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, Optional, Pattern

import yaml

from nlu.files import DICTIONARIES

_SPACE = re.compile(r"\s+")
# The model's probability, chosen on training rows it had not seen: docs/nlu.md. Below the first a wording means
# nothing: 落水管断了, 面条点得着火.
CONCEIVABLE, SUSPECTED, CERTAIN = 0.01, 0.4, 0.75


@dataclass(frozen=True)
class Emergencies:
    signs: Dict[str, Pattern[str]]
    calm: Pattern[str]

    @classmethod
    def read(cls, path: Path = DICTIONARIES / "emergencies.yml") -> "Emergencies":
        said = yaml.safe_load(path.read_text(encoding="utf-8"))
        return cls({code: _any_of(patterns) for code, patterns in said["signs"].items()}, _any_of(said["calm"]))

    def sign(self, text: str) -> Optional[str]:
        """The code whose wording is there, whether or not calm words follow."""
        tight = _SPACE.sub("", text)
        return next((code for code, signs in self.signs.items() if signs.search(tight)), None)

    def is_calm(self, text: str) -> bool:
        """Over, supposed, asked about or exaggerated."""
        return bool(self.calm.search(_SPACE.sub("", text)))


def _any_of(patterns: "list[str]") -> Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


def is_emergency(learned: float, sign: Optional[str], calm: bool) -> bool:
    """`learned`: the model's probability of an emergency."""
    if learned >= CERTAIN:
        return True
    return not calm and (learned >= SUSPECTED or (sign is not None and learned >= CONCEIVABLE))
