"""Words, cut by a jieba tokenizer of our own: the global one is shared, lazy and everybody's to change."""

import logging
import re
import string
from math import log
from typing import FrozenSet, Iterable, Iterator, List, Tuple

import jieba

from nlu.files import DICTIONARIES, ROOT, entries

jieba.setLogLevel(logging.WARNING)
_SAID = re.compile(r"[\u4e00-\u9fd5a-zA-Z0-9+#&._%\-]+")  # as jieba reads it
_LETTERS = frozenset(string.ascii_letters + string.digits)  # 3G is one word


class Segmenter:
    """The dictionary is jieba's and ours, the likeliest cut jieba's own (without its model for unknown words), in half
    the time: this is the innermost loop of all. Ready once made: the dictionary is read here, not at the first message.
    """

    def __init__(self, words: Iterable[str]) -> None:
        tokenizer = jieba.Tokenizer()
        cache = ROOT / "var"  # not the shared /tmp, where anyone could put another dictionary in its place
        cache.mkdir(exist_ok=True)
        tokenizer.tmp_dir = str(cache)
        tokenizer.initialize()
        for word in words:
            tokenizer.add_word(word)
        total = log(tokenizer.total)
        self._unknown = -total
        # Every word's chance as a logarithm; 0 for what only begins a word.
        self._chances = {word: log(count) - total if count else 0.0 for word, count in tokenizer.FREQ.items()}

    @property
    def known(self) -> FrozenSet[str]:
        """Every word it can cut."""
        return frozenset(word for word, chance in self._chances.items() if chance)

    def words(self, text: str) -> List[str]:
        """Joined again they are the text."""
        return [word for block, is_said in _blocks(text) for word in (self._cut(block) if is_said else block)]

    def _cut(self, block: str) -> Iterator[str]:
        ends, at, letters = self._ends(block), 0, ""
        while at < len(block):
            word = block[at : ends[at]]
            at = ends[at]
            if word in _LETTERS:
                letters += word
                continue
            if letters:
                yield letters
                letters = ""
            yield word
        if letters:
            yield letters

    def _ends(self, block: str) -> List[int]:
        """For each place, where the word that begins there ends in the likeliest cut of what follows."""
        chances, unknown, length = self._chances.get, self._unknown, len(block)
        scores, ends = [0.0] * (length + 1), [0] * length
        for at in range(length - 1, -1, -1):
            best, last = (chances(block[at]) or unknown) + scores[at + 1], at + 1
            end = at + 2
            while end <= length and (chance := chances(block[at:end])) is not None:
                if chance and chance + scores[end] >= best:
                    best, last = chance + scores[end], end
                end += 1
            scores[at], ends[at] = best, last
        return ends


def _blocks(text: str) -> Iterator[Tuple[str, bool]]:
    """What is said, and the marks and spaces between, each of which is a word."""
    at = 0
    for match in _SAID.finditer(text):
        if match.start() > at:
            yield text[at : match.start()], False
        yield match.group(), True
        at = match.end()
    if at < len(text):
        yield text[at:], False


def vocabulary() -> List[str]:
    """The words of all data/dictionaries/*.txt."""
    return [word for path in sorted(DICTIONARIES.glob("*.txt")) for word in entries(path)]
