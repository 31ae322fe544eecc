"""All that is learned, and from what: rows with labels for the classifier, marked sentences for the tagger."""

from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import List, Optional, Sequence

from nlu import fit, tagger
from nlu.classify import Classifier
from nlu.clock import moment
from nlu.locate import Locator, hints
from nlu.marked import Marked, marked_rows, varied
from nlu.places import places_of
from nlu.rows import Row, term_rows, training_rows
from nlu.segment import Segmenter
from nlu.tagger import Cut, Span, Tagger
from nlu.text import clean
from nlu.times import find_times

_COPIES = 1
_ROUGH, _FINE = 40, 80  # rounds of training
_UNMARKED, _LONGEST = 4000, 80
_ANY_DAY = "2026-01-05T10:00:00+08:00"


@dataclass(frozen=True)
class Learned:
    classifier: Classifier
    tagger: Optional[Tagger]


def learn(extra: Optional[Path], segmenter: Segmenter) -> Learned:
    rows = training_rows(extra=extra)
    return Learned(fit.train(rows, segmenter, term_rows()), train_tagger(marked_rows(), rows, segmenter))


def train_tagger(marked: Sequence[Marked], rows: Sequence[Row], segmenter: Segmenter) -> Optional[Tagger]:
    """First from marked sentences; then also from the rows about which that and the grammar agree."""
    if not marked:
        return None
    sentences = varied(list(marked), _COPIES)
    cutter = Cutter(segmenter)
    cuts, spans = [cutter.cut(text) for text, _ in sentences], [list(found) for _, found in sentences]
    first = tagger.train(cuts, spans, _ROUGH)
    others = [cutter.cut(text) for text in _spread(rows)]
    agreed = [(cut, found) for cut, found in zip(others, first.spans(others)) if found == cutter.ruled(cut)]
    return tagger.train(cuts + [cut for cut, _ in agreed], spans + [found for _, found in agreed], _FINE)


def _spread(rows: Sequence[Row]) -> List[str]:
    texts = [clean(row.text).text for row in rows if len(row.text) <= _LONGEST]
    return list(islice(texts, 0, None, max(1, len(texts) // _UNMARKED)))


class Cutter:
    """As the locator sees a text before it asks the tagger."""

    def __init__(self, segmenter: Segmenter) -> None:
        self._places, self._segmenter, self._now = places_of(), segmenter, moment(_ANY_DAY)
        self._locator = Locator(self._places, segmenter)

    def cut(self, text: str) -> Cut:
        text, words = self._locator.without(text, self._segmenter.words(text), find_times(text, self._now))
        return Cut(text, words, hints(text, self._places.find(text, words)))

    def ruled(self, cut: Cut) -> List[Span]:
        return [(place.start, place.end) for place in self._places.find(cut.text, cut.words)]
