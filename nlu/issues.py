"""Several complaints in one message, each with its place in the text; one complaint at length stays one.

The message is cut where it may be cut, and the cuts are kept that make the clauses likeliest: each part is about one
code, every clause of it votes, and a further part must be worth its cost. A cost is lower where the speaker counts.
"""

import re
from typing import Callable, List, Sequence, Tuple

import numpy as np

Part = Tuple[int, int]
Guess = Tuple[str, float]
_ADDING = "另外|其次|再就是|再一个|顺便"
_MARK = re.compile(
    r"[。!?;\n]+|[,\s]+"
    rf"|(?=还有(?!人|没|多久|几|一[天点个])|{_ADDING}|第[一二三四五]个?(?:问题)?[是,:、]|[一二三四五]是)"
    r"|(?<!\d)(?=[1-5][、.)](?!\d))"
)
_COUNTING = re.compile(rf"还有|{_ADDING}|再说|对了|同时|第[一二三四五]|[一二三四五]是|[1-5][、.)]")
_SHORTEST = 4
_FLOOR = 0.02  # a clause beside the point costs no more than this
_COST = {"counted": 1.0, "sentence": 2.5, "clause": 3.5}  # docs/nlu.md
_LONG = 120  # characters: who writes more tells one thing with all around it, and counts when it is several
_SURE, _SURE_OF_COUNTED = 0.95, 0.6
_MOST = 5
_NOTHING = "other"


def clauses(text: str) -> List[Part]:
    """Where the message may be cut; what is too short to be about anything belongs to the clause before it."""
    ends = sorted({*(match.end() for match in _MARK.finditer(text)), len(text)} - {0})
    parts: List[Part] = []
    start = 0
    for end in ends:
        if end - start >= _SHORTEST:
            parts.append((start, end))
            start = end
    if parts and start < len(text):
        parts[-1] = (parts[-1][0], len(text))
    return parts


def find_issues(
    texts: Sequence[str], codes: Sequence[str], chances: Callable[[List[str]], np.ndarray]
) -> List[List[Tuple[Part, Guess]]]:
    """For each text; `chances` is asked once for the clauses of all: clause x code."""
    cut = [parts if len(parts := clauses(text)) > 1 else [] for text in texts]
    said = [text[start:end] for text, parts in zip(texts, cut) for start, end in parts]
    if not said:
        return [[] for _ in texts]
    votes = iter(np.split(chances(said), np.cumsum([len(parts) for parts in cut])[:-1]))
    return [_issues(text, parts, next(votes), codes) for text, parts in zip(texts, cut)]


def _issues(text: str, parts: Sequence[Part], chances: np.ndarray, codes: Sequence[str]) -> List[Tuple[Part, Guess]]:
    if not parts:
        return []
    votes = np.log(np.maximum(chances, _FLOOR))
    found = []
    for first, last in _best_cuts(votes, [_cost(text, start) for start, _ in parts]):
        code = int(votes[first:last].sum(axis=0).argmax())
        found.append(((parts[first][0], parts[last - 1][1]), (codes[code], float(chances[first:last, code].max()))))
    told = _without_doubtful(text, found)
    return told if 1 < len({code for _, (code, _) in told}) == len(told) <= _MOST else []


def _cost(text: str, start: int) -> float:
    if _COUNTING.match(text, start):
        return _COST["counted"]
    if len(text) > _LONG:
        return float("inf")
    return _COST["sentence" if text[start - 1 : start] in "。!?;\n" else "clause"]


def _best_cuts(votes: np.ndarray, costs: Sequence[float]) -> List[Tuple[int, int]]:
    """The parts, as ranges of clauses, whose votes less their costs are the most."""
    sums = np.vstack([np.zeros(votes.shape[1]), np.cumsum(votes, axis=0)])
    best, back = [0.0], [0]
    for end in range(1, len(votes) + 1):
        scores = [
            best[start] + float((sums[end] - sums[start]).max()) - (costs[start] if start else 0)
            for start in range(end)
        ]
        back.append(end - 1 - int(np.argmax(scores[::-1])))  # of equals the latest: a clause joins what was before it
        best.append(max(scores))
    cuts, end = [], len(votes)
    while end:
        cuts.append((back[end], end))
        end = back[end]
    return cuts[::-1]


def _without_doubtful(text: str, found: Sequence[Tuple[Part, Guess]]) -> List[Tuple[Part, Guess]]:
    """What no clause is sure of, or is about nothing, belongs to the issue before it; at the beginning, to the next."""
    told: List[Tuple[Part, Guess]] = []
    for (start, end), (code, chance) in found:
        sure = _SURE_OF_COUNTED if _COUNTING.match(text, start) else _SURE
        if told and (code in (_NOTHING, told[-1][1][0]) or chance < sure):
            told[-1] = ((told[-1][0][0], end), told[-1][1])
        elif code != _NOTHING and chance >= _SURE_OF_COUNTED:
            told.append(((start if told else 0, end), (code, chance)))
    return told
