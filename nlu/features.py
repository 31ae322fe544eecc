"""A text as numbers: as written, as heard (a homophone typo changes little), and as meant (a new word is no stranger)."""

import re
from collections import Counter
from dataclasses import dataclass
from typing import Dict, Iterable, List, Sequence

import numpy as np
from scipy.sparse import csr_matrix, hstack

from nlu.meanings import Meanings
from nlu.segment import Segmenter
from nlu.sounds import sound
from nlu.sparse import unit_rows, with_counts

_DIGITS = re.compile(r"\d+")
_ANONYMOUS = re.compile(r"(?<![a-z])[a-z]+0?(?=[市区县镇村省乡路])|某+|x{2,}")  # A3区, 某某镇, XX小区
_BREAK = re.compile(r"[\W_]+")
_LEAST_ROWS = 2
_HEARD, _MEANT = 0.25, 0.5  # beside 1 for what was written


def pieces(text: str) -> List[str]:
    """What stands between marks and spaces, numbers and blanked-out names alike."""
    plain = _ANONYMOUS.sub("某", _DIGITS.sub("0", text.lower()))
    return [piece for piece in _BREAK.split(plain) if piece]


def grams(pieces: Iterable[str], shortest: int, longest: int) -> List[str]:
    return [
        piece[at : at + size]
        for piece in pieces
        for size in range(shortest, longest + 1)
        for at in range(len(piece) - size + 1)
    ]


def written(pieces: Sequence[str]) -> List[str]:
    return grams(pieces, 1, 2)


def heard(pieces: Sequence[str]) -> List[str]:
    return grams(map(sound, pieces), 2, 3)


@dataclass(frozen=True)
class Vocabulary:
    """The n-grams of one view that more than one training row has, and how telling each is."""

    index: Dict[str, int]
    weights: np.ndarray

    @classmethod
    def of(cls, documents: Sequence[Sequence[str]]) -> "Vocabulary":
        seen = Counter(gram for document in documents for gram in set(document))
        kept = sorted(gram for gram, count in seen.items() if count >= _LEAST_ROWS)
        frequency = np.array([seen[gram] for gram in kept], dtype=np.float32)
        weights = np.log((1 + len(documents)) / (1 + frequency)) + 1
        return cls({gram: at for at, gram in enumerate(kept)}, weights.astype(np.float32))

    def matrix(self, documents: Sequence[Sequence[str]]) -> csr_matrix:
        """Sublinear TF-IDF, each row of length 1."""
        index = self.index
        counts = with_counts([[index[gram] for gram in grams if gram in index] for grams in documents], len(index))
        counts.data = (1 + np.log(counts.data)) * self.weights[counts.indices]
        return unit_rows(counts)


@dataclass(frozen=True)
class Features:
    """Three views of a text, side by side. Their weights were chosen by cross-validation: docs/nlu.md."""

    written: Vocabulary
    heard: Vocabulary
    meant: Meanings

    @classmethod
    def of(cls, texts: Sequence[str], segmenter: Segmenter) -> "Features":
        cut = [pieces(text) for text in texts]
        words = [segmenter.words(text) for text in texts]
        return cls(
            written=Vocabulary.of([written(c) for c in cut]),
            heard=Vocabulary.of([heard(c) for c in cut]),
            meant=Meanings.of(words, segmenter.known),
        )

    def matrix(self, texts: Sequence[str], words: Sequence[Sequence[str]]) -> csr_matrix:
        cut = [pieces(text) for text in texts]
        views = [
            self.written.matrix([written(c) for c in cut]),
            self.heard.matrix([heard(c) for c in cut]) * _HEARD,
            self.meant.matrix(words) * _MEANT,
        ]
        return hstack(views, format="csr", dtype=np.float32)
