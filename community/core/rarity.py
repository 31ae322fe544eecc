"""How much a character or a pair of them says: 丽湖 much, 楼下 little. Rare is what few sentences hold."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Rarity:
    """Weights in natural logarithms of 1 / share of sentences; `unseen` is the weight of whatever is not listed.

    `phrases` are said in any matter, such as 请问 or 尽快处理, and so tell nothing about which it is.
    """

    weights: Mapping[str, float]
    unseen: float
    phrases: frozenset[str] = frozenset()

    def grams(self, text: str) -> dict[str, float]:
        """The weights of what a folded text tells."""
        told = self._phrases.sub(" ", text)
        return {gram: self[gram] for gram in pairs(told) | characters(told)}

    def __getitem__(self, gram: str) -> float:
        return self.weights.get(gram, self.unseen)

    @cached_property
    def _phrases(self) -> re.Pattern[str]:
        return re.compile(_any_of(self.phrases) if self.phrases else "(?!)")


def _any_of(phrases: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(phrases, key=len, reverse=True)))  # 请问一下 before 请问


def folded(text: str) -> str:
    """Half-width, lower case, a space for whatever is neither letter nor digit; no pair reaches across a space."""
    wide = unicodedata.normalize("NFKC", text).lower()
    return "".join(character if character.isalnum() else " " for character in wide)


def pairs(text: str) -> frozenset[str]:
    """Every two neighbouring characters of a folded text."""
    return frozenset(run[at : at + 2] for run in text.split() for at in range(len(run) - 1))


def characters(text: str) -> frozenset[str]:
    return frozenset(text) - {" "}
