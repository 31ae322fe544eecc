"""Several complaints in one message, each with its place in the text; one complaint at length stays one."""

import re
from typing import Callable, List, Sequence, Tuple

Part = Tuple[int, int]
Guess = Tuple[str, float]
_MARK = re.compile(
    r"[。!?;\n]+|(?:,|，)?(?=还有(?!人|没|多久|几|一[天点个])|另外|其次|再就是|第[一二三四五]个?(?:问题)?[是,:、])|(?<![\d])(?=[1-5][、.)](?!\d))"
)
_SHORTEST = 5
_SURE = 0.6
_MOST = 5


def clauses(text: str) -> List[Part]:
    """Where the message may be cut: at full stops and where a speaker counts or adds."""
    cuts = sorted({0, len(text), *(match.end() for match in _MARK.finditer(text))})
    return [(start, end) for start, end in zip(cuts, cuts[1:]) if end - start >= _SHORTEST]


def distinct(parts: Sequence[Part], guesses: Sequence[Guess]) -> List[Tuple[Part, Guess]]:
    """Neighbours with one code are one issue; what the model is unsure of belongs to the issue before it."""
    found: List[Tuple[Part, Guess]] = []
    for part, (code, confidence) in zip(parts, guesses):
        if found and (confidence < _SURE or found[-1][1][0] == code):
            (start, _), guess = found[-1]
            found[-1] = ((start, part[1]), guess)
        elif confidence >= _SURE:
            found.append((part, (code, confidence)))
    codes = {code for _, (code, _) in found}
    return found if 1 < len(codes) <= _MOST else []


def find_issues(texts: Sequence[str], guess: Callable[[List[str]], List[Guess]]) -> List[List[Tuple[Part, Guess]]]:
    """For each text; `guess` is asked once for the clauses of all."""
    cut = [parts if len(parts := clauses(text)) > 1 else [] for text in texts]
    guesses = iter(guess([text[start:end] for text, parts in zip(texts, cut) for start, end in parts]))
    return [distinct(parts, [next(guesses) for _ in parts]) for parts in cut]
