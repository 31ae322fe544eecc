"""Ours against plain peers on labelled pairs of real letters (dev and test) and of chat messages.

    .venv/bin/python -m bench.duplicates FOLDER [MODEL]

FOLDER holds att3_unlabelled.csv, public competition data of 2020; bench/duplicates_pairs.csv only names its rows. MODEL
is an understanding made by `ketang train`, models/understanding by default.
"""

import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache, partial
from math import log, sqrt
from pathlib import Path

from bench.duplicates_rows import Pair, chat, halves, labelled, letters, pairs_of
from community.core.duplicates import OFFERED, Report, likeness
from community.core.rarity import Rarity, folded, pairs
from community.services.reference import load_reference

ROOT = Path(__file__).parent.parent
WANTED = 0.9  # precision
Score = Callable[[Report, Report], float]
READINGS = {"title": ["title"], "title and text": ["title", "text"]}


def jaccard(a: Report, b: Report) -> float:
    """Of the pairs of characters."""
    x, y = _pairs(a.text), _pairs(b.text)
    return len(x & y) / len(x | y) if x | y else 0.0


@cache
def _pairs(text: str) -> frozenset[str]:
    return pairs(text)


class Tfidf:
    """Cosine of 2- and 3-grams of characters, frequencies from the very texts compared."""

    def __init__(self, reports: Sequence[Report]) -> None:
        counts = Counter(gram for report in reports for gram in set(self._grams(report)))
        self._weights = {gram: log((1 + len(reports)) / (1 + count)) + 1 for gram, count in counts.items()}

    def __call__(self, a: Report, b: Report) -> float:
        x, y = self._vector(a), self._vector(b)
        return sum(weight * y.get(gram, 0.0) for gram, weight in x.items()) / (_length(x) * _length(y))

    def _vector(self, report: Report) -> dict[str, float]:
        return {gram: (1 + log(n)) * self._weights[gram] for gram, n in self._grams(report).items()}

    @staticmethod
    def _grams(report: Report) -> Counter[str]:
        text = folded(report.description).replace(" ", "")
        return Counter(text[at : at + length] for length in (2, 3) for at in range(len(text) - length + 1))


def _length(vector: dict[str, float]) -> float:
    return sqrt(sum(weight * weight for weight in vector.values())) or 1.0


def with_rarity(rarity: Rarity, a: Report, b: Report) -> float:
    return likeness(replace(a, rarity=rarity), replace(b, rarity=rarity))


def rarity_of(reports: Sequence[Report]) -> Rarity:
    """From the cases themselves instead of our training sentences."""
    texts = [folded(report.description) for report in reports]
    counts = Counter(gram for text in texts for gram in pairs(text) | set(text))
    weights = {gram: log(len(texts) / count) for gram, count in counts.items()}
    return Rarity(weights, unseen=log(len(texts)), phrases=reports[0].rarity.phrases)


def rates(scored: Sequence[tuple[float, bool]], threshold: float) -> tuple[float, float]:
    """Precision and recall."""
    offered = [same for score, same in scored if score >= threshold]
    return sum(offered) / max(1, len(offered)), sum(offered) / sum(same for _, same in scored)


def best_threshold(scored: Sequence[tuple[float, bool]]) -> float:
    """The one that finds most with the precision wanted."""
    enough = [score for score, _ in scored if rates(scored, score)[0] >= WANTED]
    return min(enough, default=1.0)


def row(name: str, score: Score, dev: Sequence[Pair], test: Sequence[Pair], threshold: float | None) -> None:
    """Peers get the threshold that is best on dev."""
    scored = [[(score(pair.a, pair.b), pair.same) for pair in part] for part in (dev, test)]
    chosen = best_threshold(scored[0]) if threshold is None else threshold
    cells = [f"{rate:.3f}" for part in scored for rate in rates(part, chosen)]
    print(f"| {name} | {chosen:.2f} | {' | '.join(cells)} |")


def table(title: str, dev: Sequence[Pair], test: Sequence[Pair]) -> None:
    count = "; ".join(f"{len(part)} pairs, {sum(pair.same for pair in part)} the same" for part in (dev, test))
    print(f"\n{title}: {count}\n| | threshold | dev precision | recall | test precision | recall |")
    print("|---|---|---|---|---|---|")
    reports = list({id(report): report for pair in (*dev, *test) for report in pair[:2]}.values())
    flat = Rarity({}, unseen=6.0, phrases=reports[0].rarity.phrases)
    row("ours", likeness, dev, test, OFFERED)
    row("ours, threshold best on dev", likeness, dev, test, None)
    row("ours, rarity from these cases", partial(with_rarity, rarity_of(reports)), dev, test, None)
    row("ours, all equally rare", partial(with_rarity, flat), dev, test, None)
    row(
        "ours, no phrases left out",
        partial(with_rarity, replace(reports[0].rarity, phrases=frozenset())),
        dev,
        test,
        None,
    )
    row("TF-IDF cosine, 2- and 3-grams", Tfidf(reports), dev, test, None)
    row("Jaccard of 2-grams", jaccard, dev, test, None)


def main(folder: Path, model: Path) -> None:
    if not (folder / "att3_unlabelled.csv").exists():
        sys.exit(f"skipped: {folder} has no att3_unlabelled.csv, the letters that the labelled pairs name")
    reference = load_reference(ROOT / "data")
    dev, test = halves(labelled())
    for title, fields in READINGS.items():
        reports = letters(folder, fields, reference, model)
        table(f"letters, {title}", pairs_of(dev, reports), pairs_of(test, reports))
    table("chat", *chat(reference, model))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if sys.argv[2:] else ROOT / "models" / "understanding")
