"""How content somebody is, read from a few words: 5分, 三颗星, 不太满意."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

SCORES = range(1, 6)
_DIGITS = dict(zip("12345一二三四五两", (1, 2, 3, 4, 5, 1, 2, 3, 4, 5, 2), strict=True))
_POINTS = re.compile(r"(?<![\d.十百])([1-5一二三四五两])\s*(?:分(?![钟之])|颗?星(?!期))")  # but 五分钟, 三星期
_BARE = re.compile(r"[1-5一二三四五]")


@dataclass(frozen=True)
class RatingWords:
    """`scores` gives the points of a phrase; of several in a text the longest counts, so 不满意 is not 满意."""

    scores: Mapping[str, int]

    def score(self, text: str) -> int | None:
        """1 to 5; None when nothing in the text says it."""
        plain = unicodedata.normalize("NFKC", text).strip()
        if found := _POINTS.search(plain):
            return _DIGITS[found[1]]
        if _BARE.fullmatch(plain):
            return _DIGITS[plain]
        said = [phrase for phrase in self.scores if phrase in plain]
        return self.scores[max(said, key=len)] if said else None
