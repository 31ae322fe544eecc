"""What a new model does better and worse than the one before, on the hand-written test rows."""

from pathlib import Path
from typing import Dict, Iterator, Optional

from nlu.check import rows_under_test
from nlu.evaluate import Score, label_scores
from nlu.files import TESTS
from nlu.understand import Understanding

_TOLD = 0.05  # a smaller change of one code's recall is noise


def changes(before: Optional[Understanding], after: Understanding, folder: Path = TESTS) -> Iterator[str]:
    now = recalls(after, folder)
    if not now:
        return
    yield f"service_code on {folder.name}: {_mean(now):.3f}" + (" (no model before)" if not before else "")
    then = recalls(before, folder) if before else {}
    if then:
        yield f"before: {_mean(then):.3f}; codes whose recall changed:"
    for code in sorted(then.keys() & now.keys(), key=lambda code: now[code].recall - then[code].recall):
        if abs(now[code].recall - then[code].recall) >= _TOLD:
            yield f"  {code:26} {then[code].recall:.2f} -> {now[code].recall:.2f}  of {now[code].rows}"


def recalls(understanding: Understanding, folder: Path = TESTS) -> Dict[str, Score]:
    rows = [row for row in rows_under_test(folder) if row.service_code]
    rankings = understanding.rankings("service_code", [row.text for row in rows], 1) if rows else []
    scores = label_scores([str(row.service_code) for row in rows], [ranking[0][0] for ranking in rankings])
    return {code: score for code, score in scores.items() if score.rows}


def _mean(scores: Dict[str, Score]) -> float:
    """Of rows, not of codes."""
    return sum(score.recall * score.rows for score in scores.values()) / sum(score.rows for score in scores.values())
