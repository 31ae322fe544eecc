"""Words, cut by a jieba tokenizer of our own: the global one is shared, lazy and everybody's to change."""

import logging
from typing import FrozenSet, Iterable, List

import jieba

from nlu.files import DICTIONARIES, ROOT, entries

jieba.setLogLevel(logging.WARNING)


class Segmenter:
    """Ready once made: the dictionary is read here, not at the first message."""

    def __init__(self, words: Iterable[str]) -> None:
        self._jieba = jieba.Tokenizer()
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
        return self._jieba.lcut(text, HMM=False)


def vocabulary() -> List[str]:
    """The words of all data/dictionaries/*.txt."""
    return [word for path in sorted(DICTIONARIES.glob("*.txt")) for word in entries(path)]
