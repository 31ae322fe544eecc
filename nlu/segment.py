"""Words, cut by a jieba tokenizer of our own: the global one is shared, lazy and everybody's to change."""

import logging
from math import inf, log
from typing import Dict, FrozenSet, Iterable, List, Tuple

import jieba

from nlu.files import DICTIONARIES, ROOT, entries

jieba.setLogLevel(logging.WARNING)


class _Tokenizer(jieba.Tokenizer):
    def calc(self, sentence: str, ways: Dict[int, List[int]], route: Dict[int, Tuple[float, int]]) -> None:
        """The likeliest cut, as jieba's own, in half the time: this is the innermost loop of all."""
        known, total = self.FREQ.get, log(self.total)
        route[len(sentence)] = (0.0, 0)
        for at in range(len(sentence) - 1, -1, -1):
            best, end = -inf, at
            for last in ways[at]:
                score = log(known(sentence[at : last + 1]) or 1) - total + route[last + 1][0]
                if score >= best:
                    best, end = score, last
            route[at] = (best, end)


class Segmenter:
    """Ready once made: the dictionary is read here, not at the first message."""

    def __init__(self, words: Iterable[str]) -> None:
        self._jieba = _Tokenizer()
        cache = ROOT / "var"  # not the shared /tmp, where anyone could put another dictionary in its place
        cache.mkdir(exist_ok=True)
        self._jieba.tmp_dir = str(cache)
        self._jieba.initialize()
        for word in words:
            self._jieba.add_word(word)

    @property
    def known(self) -> FrozenSet[str]:
        """Every word it can cut."""
        return frozenset(word for word, frequency in self._jieba.FREQ.items() if frequency)

    def words(self, text: str) -> List[str]:
        words: List[str] = self._jieba.lcut(text, HMM=False)
        return words


def vocabulary() -> List[str]:
    """The words of all data/dictionaries/*.txt."""
    return [word for path in sorted(DICTIONARIES.glob("*.txt")) for word in entries(path)]
