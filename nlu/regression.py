"""A new model takes the old one's place only if it understands the hand-written test rows no worse."""

from dataclasses import dataclass
from pathlib import Path
from typing import Dict, Iterator, List, Optional, Sequence

import yaml

from nlu.clock import moment
from nlu.evaluate import Score, label_scores
from nlu.files import TESTS
from nlu.rows import Row
from nlu.understand import Understanding

_TOLD = 0.05  # a smaller change of one code's recall is noise
_ANY_DAY = "2026-11-23T10:00:00+08:00"


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


@dataclass(frozen=True)
class Results:
    """Right answers of all rows (`intent`, `service_code`, `appeal_type`, recall of `emergency`), and each code's."""

    shares: Dict[str, float]
    codes: Dict[str, Score]


def results(understanding: Understanding, rows: Sequence[Row]) -> Results:
    texts = [row.text for row in rows]
    parsed = understanding.facts_many(texts, [moment(_ANY_DAY)] * len(rows))
    codes = [ranking[0][0] for ranking in understanding.rankings("service_code", texts, 1)]
    found = {
        "intent": [one["intent"] for one in parsed],
        "service_code": codes,
        "appeal_type": [one["appeal_type"] for one in parsed],
    }
    shares = {head: _share([getattr(row, head) for row in rows], guesses) for head, guesses in found.items()}
    alarms = ["emergency" if row.urgency == "emergency" else None for row in rows]
    coded = [(row.service_code, code) for row, code in zip(rows, codes) if row.service_code]
    scores = label_scores([truth for truth, _ in coded], [code for _, code in coded])
    return Results(
        {**shares, "emergency": _share(alarms, [one["urgency"] for one in parsed])},
        {code: score for code, score in scores.items() if score.rows},
    )


def _share(truth: Sequence[Optional[str]], guesses: Sequence[Optional[str]]) -> float:
    """Of the rows that have an answer, how many got it."""
    right = [guess == answer for answer, guess in zip(truth, guesses) if answer is not None]
    return sum(right) / len(right) if right else 0.0


def losses(before: Results, after: Results, limits: Limits) -> List[str]:
    """What the new model would lose beyond the limits: reasons to keep the old one."""
    overall = [
        f"{name} {before.shares[name]:.3f} -> {after.shares[name]:.3f}, limit {getattr(limits, name)}"
        for name in before.shares
        if before.shares[name] - after.shares[name] > getattr(limits, name) + 1e-9
    ]
    codes = [
        f"{_change(code, before, after)}, limit {limits.any_code}"
        for code, score in before.codes.items()
        if score.rows >= limits.least_rows and score.recall - after.codes[code].recall > limits.any_code + 1e-9
    ]
    return overall + codes


def changes(before: Results, after: Results) -> Iterator[str]:
    for name in after.shares:
        yield f"{name:26} {before.shares[name]:.3f} -> {after.shares[name]:.3f}"
    yield "codes whose recall changed:"
    gains = {code: score.recall - before.codes[code].recall for code, score in after.codes.items()}
    for code in sorted(gains, key=lambda code: gains[code]):
        if abs(gains[code]) >= _TOLD:
            yield "  " + _change(code, before, after)


def _change(code: str, before: Results, after: Results) -> str:
    then, now = before.codes[code], after.codes[code]
    return f"{code:26} {then.recall:.2f} -> {now.recall:.2f} of {now.rows}"
