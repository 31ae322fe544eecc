"""Which characters name a place: a linear-chain CRF, trained by crfsuite, read out as numbers and run by numpy.

A feature is a number (template, what it saw), so that a batch of messages is looked up in one stroke.
"""

from dataclasses import dataclass
from functools import cached_property
from tempfile import TemporaryDirectory
from typing import Dict, Iterator, List, Sequence, Tuple
from zlib import crc32

import numpy as np
from scipy.sparse import csr_matrix

Span = Tuple[int, int]
LABELS = "OBIES"  # outside; begins, inside, ends, single
_PAD = "\0\0\0"
_BITS = 48  # below them what was seen, above them the template
_LOW = np.int64(2**_BITS - 1)
_ENDLESS = -1e4
_LEGAL = ("OO", "OB", "OS", "BI", "BE", "II", "IE", "EO", "EB", "ES", "SO", "SB", "SS")
# A text begins and ends freely, but not inside a name.
_FIRST = np.array([_ENDLESS if label in "IE" else 0 for label in LABELS], np.float32)
_LAST = np.array([_ENDLESS if label in "BI" else 0 for label in LABELS], np.float32)
_SLOT_BITS, _SPREAD = 19, np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class Cut:
    """One text: its words, and for each character what the rules take it for (0: nothing)."""

    text: str
    words: Sequence[str]
    hints: Sequence[int]


@dataclass(frozen=True)
class Tagger:
    keys: np.ndarray  # sorted
    weights: np.ndarray  # feature x label
    moves: np.ndarray  # label x next label

    def spans(self, cuts: Sequence[Cut]) -> List[List[Span]]:
        if not cuts:
            return []
        codes, starts = features(cuts)
        likes = self._likes(codes)
        lengths = [len(cut.text) for cut in cuts]
        return [read(tags) for tags in self._best(likes, starts, lengths)]

    def _likes(self, codes: np.ndarray) -> np.ndarray:
        """Character x label: the sum of what its known features weigh."""
        slots = self._slots[_slot(codes)]
        known = self.keys[slots] == codes
        ends = np.concatenate([[0], np.cumsum(known.sum(axis=1))])
        found = slots[known]
        shape = (len(codes), len(self.keys))
        return csr_matrix((np.ones(len(found), np.float32), found, ends), shape) @ self.weights

    @cached_property
    def _slots(self) -> np.ndarray:
        """Where a feature stands in `keys`, by its hash; of the few that share a slot the weightier is kept."""
        slots = np.zeros(2**_SLOT_BITS, np.int32)
        order = np.argsort(np.abs(self.weights).max(axis=1), kind="stable")
        slots[_slot(self.keys[order])] = order
        return slots

    def _best(self, likes: np.ndarray, starts: Sequence[int], lengths: Sequence[int]) -> List[np.ndarray]:
        """Viterbi over all texts at once, the longest first, so that those still going are the first ones."""
        order = np.argsort([-length for length in lengths], kind="stable")
        first, length = np.asarray(starts)[order], np.asarray(lengths)[order]
        tags = [np.zeros(n, np.int8) for n in length]
        steps = int(length[0])
        if not steps:
            return tags
        going = [int(n) for n in np.searchsorted(-length, -np.arange(steps), side="left")]
        score, back = likes[first[: going[0]]] + _FIRST, []
        for step in range(1, steps):
            ways = score[: going[step], :, None] + self.moves
            back.append(ways.argmax(axis=1))
            score[: going[step]] = ways.max(axis=1) + likes[first[: going[step]] + step]
        now = (score + _LAST).argmax(axis=1)
        return self._traced(now, back, tags, order)

    @staticmethod
    def _traced(now: np.ndarray, back: List[np.ndarray], tags: List[np.ndarray], order: np.ndarray) -> List[np.ndarray]:
        for row, path in enumerate(tags):
            label = now[row] if len(path) else 0
            for step in range(len(path) - 1, -1, -1):
                path[step] = label
                label = back[step - 1][row, label] if step else label
        return [tags[row] for row in np.argsort(order, kind="stable")]


def _slot(codes: np.ndarray) -> np.ndarray:
    return (codes.astype(np.uint64) * _SPREAD) >> np.uint64(64 - _SLOT_BITS)


def read(tags: Sequence[int]) -> List[Span]:
    spans, start = [], None
    for at, tag in enumerate(tags):
        if LABELS[tag] in "BS":
            start = at
        if LABELS[tag] in "ES" and start is not None:
            spans.append((start, at + 1))
    return spans


def written(length: int, spans: Sequence[Span]) -> str:
    tags = ["O"] * length
    for start, end in spans:
        tags[start:end] = "S" if end - start == 1 else "B" + "I" * (end - start - 2) + "E"
    return "".join(tags)


def features(cuts: Sequence[Cut]) -> Tuple[np.ndarray, List[int]]:
    """Character x template, all texts in one row with pads between; and where each text starts."""
    joined = _PAD + _PAD.join(cut.text for cut in cuts) + _PAD
    starts, at = [], len(_PAD)
    for cut in cuts:
        starts.append(at)
        at += len(cut.text) + len(_PAD)
    seen = {name: np.zeros(len(joined), np.int64) for name in ("word", "before", "after", "place", "hint")}
    for start, cut in zip(starts, cuts):
        _words(cut, start, seen)
        seen["hint"][start : start + len(cut.hints)] = cut.hints
    return _templates(_characters(joined), seen), starts


def _characters(joined: str) -> np.ndarray:
    codes = np.frombuffer(joined.encode("utf-32-le"), np.uint32).astype(np.int64) & 0xFFFF
    codes[(codes >= 48) & (codes <= 57)] = 48  # digits alike
    return codes


def _words(cut: Cut, start: int, seen: Dict[str, np.ndarray]) -> None:
    """For each character its word, that word's neighbours, and where in the word it stands."""
    lengths = [len(word) for word in cut.words]
    names = [crc32(word.encode()) for word in cut.words]
    end = start + sum(lengths)
    seen["word"][start:end] = np.repeat(names, lengths)
    seen["before"][start:end] = np.repeat([0, *names[:-1]], lengths) if names else 0
    seen["after"][start:end] = np.repeat([*names[1:], 0], lengths) if names else 0
    seen["place"][start:end] = [min(at, 3) * 8 + min(n - at, 4) for n in lengths for at in range(n)]


def _templates(chars: np.ndarray, seen: Dict[str, np.ndarray]) -> np.ndarray:
    values = list(_seen(chars, **seen))
    return np.stack([(value & _LOW) + (np.int64(number + 1) << _BITS) for number, value in enumerate(values)], axis=1)


def _seen(
    chars: np.ndarray, word: np.ndarray, before: np.ndarray, after: np.ndarray, place: np.ndarray, hint: np.ndarray
) -> Iterator[np.ndarray]:
    at = {step: np.roll(chars, -step) for step in range(-3, 4)}
    yield np.zeros_like(chars)
    yield from (at[step] for step in range(-2, 3))
    yield from ((at[step] << 16) + at[step + 1] for step in range(-3, 3))
    yield from ((at[step] << 32) + (at[step + 1] << 16) + at[step + 2] for step in (-2, -1, 0, 1))
    yield (word << 6) + place
    yield (before << 6) + place
    yield (after << 6) + place
    yield place
    yield hint
    yield (np.roll(hint, 1) << 8) + hint
    yield (hint << 8) + np.roll(hint, -1)
    yield (hint << 16) + chars
    yield (hint << 16) + at[1]
    yield (hint << 16) + at[-1]


def train(cuts: Sequence[Cut], truth: Sequence[Sequence[Span]], rounds: int) -> Tagger:
    import pycrfsuite  # training alone needs it

    codes, starts = features(cuts)
    trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
    trainer.set_params({"c1": 0.5, "c2": 0.1, "max_iterations": rounds})
    for cut, start, spans in zip(cuts, starts, truth):
        seen = [[format(code, "x") for code in row] for row in codes[start : start + len(cut.text)].tolist()]
        trainer.append(seen, written(len(cut.text), spans))
    with TemporaryDirectory() as folder:
        trainer.train(f"{folder}/model")
        tagger = pycrfsuite.Tagger()
        tagger.open(f"{folder}/model")
        return _numbers(tagger.info())


def _numbers(info: "pycrfsuite.CRFInfo") -> Tagger:  # type: ignore[name-defined]  # noqa: F821
    rows: Dict[int, np.ndarray] = {}
    for (code, label), weight in info.state_features.items():
        rows.setdefault(int(code, 16), np.zeros(len(LABELS), np.float32))[LABELS.index(label)] = weight
    moves = np.array([[0 if label + after in _LEGAL else _ENDLESS for after in LABELS] for label in LABELS], np.float32)
    for (label, after), weight in info.transitions.items():
        moves[LABELS.index(label), LABELS.index(after)] = weight
    keys = np.array(sorted(rows), np.int64)
    return Tagger(keys, np.stack([rows[key] for key in keys.tolist()]), moves)
