"""A text as numbers: as written, as heard (a homophone typo changes little), as meant (a new word is no stranger);

and, for how it is said rather than what about: as worded and as framed.
"""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Dict, FrozenSet, Iterable, List, Sequence, Set

import numpy as np
from scipy.sparse import csr_matrix, hstack

from nlu.meanings import Meanings
from nlu.sounds import sound
from nlu.sparse import unit_rows, with_counts

_DIGITS = re.compile(r"\d+")
_ANONYMOUS = re.compile(r"(?<![a-z])[a-z]+0?(?=[市区县镇村省乡路])|某+|x{2,}")  # A3区, 某某镇, XX小区
_BREAK = re.compile(r"[\W_]+")
_LEAST_ROWS, _LEAST_HEARD = 2, 3
# beside 1 for what was written; chosen by docs/nlu.md
_HEARD, _MEANT, _WORDED, _FRAMED, _EDGED, _TONED = 0.25, 0.5, 0.5, 0.4, 0.6, 0.7
_EDGE = 3
_CLAUSE = re.compile(r"[,。!?;:\s]+")
_MARKS = frozenset(",.。!?;:")
_WIDESPREAD = 0.3


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


def worded(words: Sequence[str]) -> List[str]:
    return [*words, *(f"{word} {after}" for word, after in zip(words, words[1:]))]


def framed(text: str) -> List[str]:
    """How it begins and ends, asks or exclaims, and how long it is: 能不能...吗."""
    plain = _DIGITS.sub("0", text.lower())
    edges = [edge for size in range(1, _EDGE + 1) for edge in ("^" + plain[:size], plain[-size:] + "$")]
    return [*edges, *(mark for mark in "?!" if mark in plain), f"length {min(6, len(plain) // 10)}"]


def edged(text: str) -> List[str]:
    """The first and the last clause: 麻烦..., ...行不行. One speaks one's mind there."""
    clauses = [clause for clause in _CLAUSE.split(text) if clause]
    ends = (("F", clauses[0]), ("L", clauses[-1])) if clauses else ()
    return [place + clause[at : at + n] for place, clause in ends for n in (1, 2) for at in range(len(clause) - n + 1)]


def toned(words: Sequence[str], particles: FrozenSet[str]) -> List[str]:
    """What is left when the subject is taken out: 能不能 _ 一下 _ 吗."""
    left = ["^"]
    for word in words:
        kept = word if word in particles or word in _MARKS else "_"
        if kept != "_" or left[-1] != "_":
            left.append(kept)
    left.append("$")
    return [" ".join(left[at : at + n]) for n in range(1, 5) for at in range(len(left) - n + 1)]


def widespread(words: Sequence[Sequence[str]], subjects: Sequence[str]) -> FrozenSet[str]:
    """Words of many subjects belong to none: they are how one speaks."""
    about: Dict[str, Set[str]] = defaultdict(set)
    for document, subject in zip(words, subjects):
        for word in document:
            about[word].add(subject)
    least = _WIDESPREAD * len(set(subjects))
    return frozenset(word for word, found in about.items() if len(found) >= least and word.strip())


@dataclass(frozen=True)
class Vocabulary:
    """The n-grams of one view that enough training rows have, and how telling each is."""

    index: Dict[str, int]
    weights: np.ndarray

    @classmethod
    def of(cls, documents: Sequence[Sequence[str]], least: int = _LEAST_ROWS) -> "Vocabulary":
        seen = Counter(gram for document in documents for gram in set(document))
        kept = sorted(gram for gram, count in seen.items() if count >= least)
        frequency = np.array([seen[gram] for gram in kept], dtype=np.float32)
        weights = np.log((1 + len(documents)) / (1 + frequency)) + 1
        return cls({gram: at for at, gram in enumerate(kept)}, weights.astype(np.float32))

    def matrix(self, documents: Sequence[Sequence[str]]) -> csr_matrix:
        """Sublinear TF-IDF, each row of length 1."""
        index = self.index
        found = [[at for at in map(index.get, grams) if at is not None] for grams in documents]
        counts = with_counts(found, len(index))
        counts.data = (1 + np.log(counts.data)) * self.weights[counts.indices]
        return unit_rows(counts)


def _unknown_share(index: Dict[str, int], grams: Sequence[str]) -> float:
    pairs = [gram for gram in grams if len(gram) > 1]
    return sum(pair not in index for pair in pairs) / len(pairs) if pairs else 0.0


@dataclass(frozen=True)
class Features:
    """Views of a text, side by side. Topics show in the first three; how one speaks, in all."""

    written: Vocabulary
    heard: Vocabulary
    meant: Meanings
    worded: Vocabulary
    framed: Vocabulary
    edged: Vocabulary
    toned: Vocabulary
    particles: FrozenSet[str]

    @classmethod
    def of(
        cls, texts: Sequence[str], words: Sequence[Sequence[str]], subjects: Sequence[str], known: FrozenSet[str]
    ) -> "Features":
        cut, particles = [pieces(text) for text in texts], widespread(words, subjects)
        return cls(
            written=Vocabulary.of([written(c) for c in cut]),
            heard=Vocabulary.of([heard(c) for c in cut], _LEAST_HEARD),
            meant=Meanings.of(words, known),
            worded=Vocabulary.of([worded(w) for w in words]),
            framed=Vocabulary.of([framed(text) for text in texts]),
            edged=Vocabulary.of([edged(text) for text in texts]),
            toned=Vocabulary.of([toned(w, particles) for w in words]),
            particles=particles,
        )

    @property
    def widths(self) -> Dict[str, int]:
        """How many of the first columns tell the topic, the purpose and the mood."""
        topic = len(self.written.index) + len(self.heard.index) + len(self.meant.weights)
        purpose = topic + sum(len(view.index) for view in (self.worded, self.framed, self.edged))
        return {"topic": topic, "purpose": purpose, "mood": purpose + len(self.toned.index)}

    def matrix(self, texts: Sequence[str], words: Sequence[Sequence[str]]) -> csr_matrix:
        return hstack(self.views(texts, words), format="csr", dtype=np.float32)

    def novelty(self, texts: Sequence[str]) -> List[float]:
        """For each text the share of its character pairs that training never showed, 0..1."""
        return [round(_unknown_share(self.written.index, written(pieces(text))), 4) for text in texts]

    def views(self, texts: Sequence[str], words: Sequence[Sequence[str]], seen: str = "mood") -> List[csr_matrix]:
        cut = [pieces(text) for text in texts]
        views = [
            self.written.matrix([written(c) for c in cut]),
            self.heard.matrix([heard(c) for c in cut]) * _HEARD,
            self.meant.matrix(words) * _MEANT,
        ]
        if seen == "topic":
            return views
        return [
            *views,
            self.worded.matrix([worded(w) for w in words]) * _WORDED,
            self.framed.matrix([framed(text) for text in texts]) * _FRAMED,
            self.edged.matrix([edged(text) for text in texts]) * _EDGED,
            self.toned.matrix([toned(w, self.particles) for w in words]) * _TONED,
        ]
