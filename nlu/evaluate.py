"""How good the guesses are: top 1, top 3, macro F1, calibration, each label, and what is taken for what."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Dict, List, Sequence, Tuple

Ranking = Sequence[Tuple[str, float]]
_BINS = 10


@dataclass(frozen=True)
class Score:
    precision: float
    recall: float
    f1: float
    rows: int


@dataclass(frozen=True)
class Report:
    rows: int
    top1: float
    top3: float
    macro_f1: float
    calibration_error: float
    labels: Dict[str, Score]
    confusions: List[Tuple[str, str, int]]  # truth, guess, how often


def report(truth: Sequence[str], rankings: Sequence[Ranking]) -> Report:
    guesses = [ranking[0][0] for ranking in rankings]
    right = [guess == label for guess, label in zip(guesses, truth)]
    labels = label_scores(truth, guesses)
    return Report(
        rows=len(truth),
        top1=_mean(right),
        top3=_mean([label in [name for name, _ in ranking[:3]] for label, ranking in zip(truth, rankings)]),
        macro_f1=_mean([score.f1 for score in labels.values() if score.rows]),
        calibration_error=calibration_error([ranking[0][1] for ranking in rankings], right),
        labels=labels,
        confusions=[(*pair, count) for pair, count in _confused(truth, guesses).most_common(30)],
    )


def label_scores(truth: Sequence[str], guesses: Sequence[str]) -> Dict[str, Score]:
    said, guessed = Counter(truth), Counter(guesses)
    hits = Counter(label for label, guess in zip(truth, guesses) if label == guess)
    return {label: _score(hits[label], guessed[label], said[label]) for label in sorted(said | guessed)}


def _score(hits: int, guessed: int, said: int) -> Score:
    return Score(hits / guessed if guessed else 0.0, hits / said if said else 0.0, 2 * hits / (guessed + said), said)


def calibration_error(confidences: Sequence[float], right: Sequence[bool]) -> float:
    """Expected calibration error: how far confidence is from accuracy, on average over ten bins."""
    bins: Dict[int, List[int]] = defaultdict(list)
    for at, confidence in enumerate(confidences):
        bins[min(int(confidence * _BINS), _BINS - 1)].append(at)
    gaps = (abs(sum(right[i] for i in held) - sum(confidences[i] for i in held)) for held in bins.values())
    return sum(gaps) / max(len(right), 1)


def span_f1(truth: Sequence[Sequence[str]], found: Sequence[Sequence[str]]) -> Score:
    """Exact spans, each row a bag of them."""
    said, guessed = sum(map(len, truth)), sum(map(len, found))
    hits = sum(sum((Counter(a) & Counter(b)).values()) for a, b in zip(truth, found))
    return _score(hits, guessed, said) if said + guessed else Score(1.0, 1.0, 1.0, 0)


def _confused(truth: Sequence[str], guesses: Sequence[str]) -> "Counter[Tuple[str, str]]":
    return Counter((label, guess) for label, guess in zip(truth, guesses) if label != guess)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def printed(result: Report) -> str:
    lines = [
        f"rows {result.rows}  top1 {result.top1:.4f}  top3 {result.top3:.4f}  macro F1 {result.macro_f1:.4f}"
        f"  ECE {result.calibration_error:.4f}",
        f"{'label':26} precision recall     f1  rows",
        *(
            f"{label:26} {s.precision:9.3f} {s.recall:6.3f} {s.f1:6.3f} {s.rows:5}"
            for label, s in result.labels.items()
        ),
        "truth -> guess: how often",
        *(f"{label} -> {guess}: {count}" for label, guess, count in result.confusions),
    ]
    return "\n".join(lines)
