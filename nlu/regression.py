"""A new model takes the old one's place only if it understands the hand-written test rows no worse."""

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import DefaultDict, Dict, Iterator, List, Sequence

import yaml

from nlu.check import rows_under_test
from nlu.clock import moment
from nlu.files import TESTS
from nlu.rows import Row
from nlu.understand import Parsed, Understanding

_TOLD = 0.05  # a smaller change of one code's recall is noise
_ANY_DAY = "2026-11-23T10:00:00+08:00"
_HEADS = ("intent", "service_code", "appeal_type")


@dataclass(frozen=True)
class Limits:
    """How much of each share a new model may lose: `any_code` is the recall of one code of at least `least_rows`."""

    intent: float
    service_code: float
    appeal_type: float
    emergency: float
    any_code: float
    least_rows: int

    @classmethod
    def read(cls, path: Path = TESTS / "limits.yml") -> "Limits":
        return cls(**yaml.safe_load(path.read_text(encoding="utf-8"))["limits"])


@dataclass
class Tally:
    right: int = 0
    rows: int = 0

    @property
    def share(self) -> float:
        return self.right / self.rows if self.rows else 0.0

    def count(self, is_right: bool) -> None:
        self.right += is_right
        self.rows += 1


@dataclass(frozen=True)
class Results:
    """Right answers of all rows (`intent`, `service_code`, `appeal_type`, recall of `emergency`) and of each code."""

    shares: Dict[str, Tally]
    codes: Dict[str, Tally]


def results(understanding: Understanding, rows: Sequence[Row]) -> Results:
    texts = [row.text for row in rows]
    parsed = understanding.parse_many(texts, [moment(_ANY_DAY)] * len(rows))
    guesses = understanding.rankings("service_code", texts, 1)
    shares: DefaultDict[str, Tally] = defaultdict(Tally)
    codes: DefaultDict[str, Tally] = defaultdict(Tally)
    for row, found, guess in zip(rows, parsed, guesses):
        _count(row, {**found, "service_code": guess[0][0]}, shares, codes)
    return Results(shares, codes)


def _count(row: Row, found: Parsed, shares: DefaultDict[str, Tally], codes: DefaultDict[str, Tally]) -> None:
    for head in _HEADS:
        if (truth := getattr(row, head)) is not None:
            shares[head].count(found[head] == truth)
    if row.urgency == "emergency":
        shares["emergency"].count(found["urgency"] == "emergency")
    if row.service_code:
        codes[row.service_code].count(found["service_code"] == row.service_code)


def losses(before: Results, after: Results, limits: Limits) -> List[str]:
    """What the new model would lose beyond the limits: reasons to keep the old one."""
    overall = [
        f"{name} {before.shares[name].share:.3f} -> {after.shares[name].share:.3f}, limit {getattr(limits, name)}"
        for name in before.shares
        if before.shares[name].share - after.shares[name].share > getattr(limits, name) + 1e-9
    ]
    codes = [
        f"{_change(code, before, after)}, limit {limits.any_code}"
        for code, tally in before.codes.items()
        if tally.rows >= limits.least_rows and tally.share - after.codes[code].share > limits.any_code + 1e-9
    ]
    return overall + codes


def changes(before: Results, after: Results) -> Iterator[str]:
    for name in after.shares:
        yield f"{name:26} {before.shares[name].share:.3f} -> {after.shares[name].share:.3f}"
    yield "codes whose recall changed:"
    gains = {code: tally.share - before.codes[code].share for code, tally in after.codes.items()}
    for code in sorted(gains, key=lambda code: gains[code]):
        if abs(gains[code]) >= _TOLD:
            yield "  " + _change(code, before, after)


def _change(code: str, before: Results, after: Results) -> str:
    then, now = before.codes[code], after.codes[code]
    return f"{code:26} {then.share:.2f} -> {now.share:.2f} of {now.rows}"


def judging_rows(folder: Path = TESTS) -> List[Row]:
    """None where the tests are not installed: then there is nothing to judge a model by."""
    return rows_under_test(folder) if folder.exists() else []
