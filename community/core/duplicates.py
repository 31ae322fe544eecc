"""Whether two cases are about one matter: nearness in words, place, subject and time, added up as evidence.

Where the weights and the threshold come from stands in docs/duplicates.md.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from math import exp, log1p, sqrt

from community.core.rarity import Rarity, folded
from community.core.whereabouts import marks, place_names

OFFERED = 0.5  # the likeness from which a resident is asked whether it is the same

_READ = 200  # characters; what a report is about stands at its beginning, and reading on made nothing better
_DAY = 86400.0

_PRIOR = -5.0
_WORDS = 5.5  # times the root of the cosine: to share even a few rare words is rare
_NAMES = 3.5  # times the cosine
_SAME_SUBJECT, _NEAR_SUBJECT = 2.0, 1.2  # the same code; the code of one among the likely ones of the other
_SAME_MARK, _OTHER_MARK = 1.2, -2.8  # 3号楼 in both; 3号楼 in one and 5号楼 in the other
_SAME_AREA, _OTHER_AREA = 0.5, -2.0
_TIME = -0.3  # times the logarithm of 1 + days

_COMMON = 4.0  # rarity, of 1 sentence in 55; a name made of commoner characters is none
_NAMES_ENOUGH = 20.0  # squared rarity; names that weigh less in all count for less

Weights = Mapping[str, float]


@dataclass(frozen=True)
class Report:
    """What cases are compared by; `service_codes` are the likely readings, the one chosen first."""

    description: str
    service_codes: tuple[str, ...]
    area_code: str | None
    address: str
    at: datetime
    rarity: Rarity

    @cached_property
    def text(self) -> str:
        return f"{folded(self.description[:_READ])} {folded(self.address)}"

    @cached_property
    def words(self) -> Weights:
        return self.rarity.grams(self.text)

    @cached_property
    def names(self) -> Weights:
        return {name: self._name_weight(name) for name in place_names(self.text)}

    @cached_property
    def marks(self) -> Mapping[str, frozenset[str]]:
        return marks(self.text)

    def _name_weight(self, name: str) -> float:
        return max(0.0, min(self.rarity[name[:2]], self.rarity[name[1:3]]) - _COMMON)


def likeness(a: Report, b: Report) -> float:
    """0 to 1, growing with the chance that both are one matter; the order does not matter."""
    evidence = (
        _PRIOR
        + _WORDS * sqrt(_cosine(a.words, b.words))
        + _NAMES * _cosine(a.names, b.names, _NAMES_ENOUGH)
        + _subject(a.service_codes, b.service_codes)
        + _marked(a.marks, b.marks)
        + _area(a.area_code, b.area_code)
        + _TIME * log1p(abs((a.at - b.at).total_seconds()) / _DAY)
    )
    return 1 / (1 + exp(-evidence))


def _subject(a: tuple[str, ...], b: tuple[str, ...]) -> float:
    if a[:1] == b[:1]:
        return _SAME_SUBJECT
    near = not {*a[:1]}.isdisjoint(b) or not {*b[:1]}.isdisjoint(a)
    return _NEAR_SUBJECT if near else 0.0


def _area(a: str | None, b: str | None) -> float:
    if not a or not b:
        return 0.0
    return _SAME_AREA if a == b else _OTHER_AREA


def _marked(a: Mapping[str, frozenset[str]], b: Mapping[str, frozenset[str]]) -> float:
    """One that differs says more than another that agrees: 3号楼 501室 is not 5号楼 501室."""
    both = a.keys() & b.keys()
    if any(a[kind].isdisjoint(b[kind]) for kind in both):
        return _OTHER_MARK
    return _SAME_MARK if both else 0.0


def _cosine(a: Weights, b: Weights, enough: float = 0.0) -> float:
    shared = sum(a[key] ** 2 for key in a.keys() & b.keys())
    return shared / (sqrt(_square(a.values()) * _square(b.values())) + enough) if shared else 0.0


def _square(weights: Iterable[float]) -> float:
    return sum(weight * weight for weight in weights)
