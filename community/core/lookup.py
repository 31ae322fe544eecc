"""Keys under which cases that may be about one matter are found again without comparing all with all."""

from collections.abc import Iterator, Mapping
from hashlib import blake2b
from heapq import nlargest

from community.core.duplicates import Report

_WORDS = 8  # the rarest pairs of characters; half as many again found 3 in 1,000 more
_NAMES = 4


def keys(report: Report) -> frozenset[int]:
    """Signed numbers of 64 bits. All but those of names count within the neighbourhood only, since a gate, a number
    or a subject says nothing beyond it; a road may run through several."""
    return frozenset(_number(key) for key in _keys(report))


def _keys(report: Report) -> Iterator[str]:
    area = report.area_code or ""
    yield from (f"name {name}" for name in _heaviest(report.names, _NAMES))
    pairs = {gram: weight for gram, weight in report.words.items() if len(gram) == 2}
    yield from (f"word {area} {pair}" for pair in _heaviest(pairs, _WORDS))
    if area:
        yield from (f"mark {area} {kind} {value}" for kind, values in report.marks.items() for value in values)
        yield from (f"subject {area} {code}" for code in report.service_codes)


def _heaviest(weights: Mapping[str, float], count: int) -> list[str]:
    """Equal ones in the order of their characters, so that the same words always give the same keys."""
    return nlargest(count, (key for key, weight in weights.items() if weight > 0), key=lambda k: (weights[k], k))


def _number(key: str) -> int:
    return int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), signed=True)
