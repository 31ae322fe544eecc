"""Places of a message: a tagger learned from hand-marked sentences, with the grammar and the gazetteer as its hints."""

import re
from dataclasses import replace
from typing import List, Optional, Sequence

from nlu.places import Place, Places
from nlu.segment import Segmenter
from nlu.tagger import Cut, Span, Tagger
from nlu.times import Time

_KINDS = {"neighbourhood": 1, "building": 2, "road": 3, "crossing": 4, "landmark": 5, "town": 6, "district": 6}
_OUTRANKING = ("crossing", "building")
_CASE_NUMBER = re.compile(r"KT\d{8}-\d{4,}", re.IGNORECASE)
_SURE_LENGTH = 3  # a listed name of two characters may be a common word


class Locator:
    def __init__(self, places: Places, segmenter: Segmenter, tagger: Optional[Tagger] = None) -> None:
        self._places, self._segmenter, self._tagger = places, segmenter, tagger

    def find(
        self, texts: Sequence[str], words: Sequence[Sequence[str]], times: Sequence[Sequence[Time]]
    ) -> List[List[Place]]:
        """For each text in order, none overlapping. Without a tagger, what the grammar finds."""
        cut = [self.without(*row) for row in zip(texts, words, times)]
        ruled = [self._places.find(text, said) for text, said in cut]
        if not self._tagger:
            return ruled
        tagged = self._tagger.spans([Cut(*row, hints(row[0], places)) for row, places in zip(cut, ruled)])
        return [self._settled(text, spans, places) for (text, _), spans, places in zip(cut, tagged, ruled)]

    def without(self, text: str, words: Sequence[str], times: Sequence[Time]) -> "tuple[str, Sequence[str]]":
        """昨晚十点半叶城路: what is a time is no name, nor is a case's number."""
        spans = [(time.start, time.end) for time in times] + [match.span() for match in _CASE_NUMBER.finditer(text)]
        if not spans:
            return text, words
        for start, end in spans:
            text = text[:start] + " " * (end - start) + text[end:]
        return text, self._segmenter.words(text)

    def _settled(self, text: str, spans: Sequence[Span], ruled: Sequence[Place]) -> List[Place]:
        found = [self._described(text, *span, ruled) for span in spans]
        known = [p for p in ruled if p.entry and p.end - p.start >= _SURE_LENGTH]
        missed = [p for p in known if all(p.end <= f.start or f.end <= p.start for f in found)]
        return sorted([*found, *missed], key=lambda place: place.start)

    def _described(self, text: str, start: int, end: int, ruled: Sequence[Place]) -> Place:
        """What it is and which entry, from what the grammar made of it."""
        inside = [place for place in ruled if place.start < end and start < place.end]
        entry = next((place.entry for place in inside if place.entry), None)
        kinds = [place.kind for place in inside]
        kind = next((k for k in _OUTRANKING if k in kinds), None) or (kinds[-1] if kinds else None)
        place = Place(start, end, kind or self._places.kind(text[start:end]), entry)
        return replace(place, end=self._places.reach(text, place))


def hints(text: str, ruled: Sequence[Place]) -> List[int]:
    """For each character the kind that the grammar takes it for, whether listed, and whether first or last."""
    found = [0] * len(text)
    for place in ruled:
        kind = _KINDS[place.kind] * 16 + (8 if place.entry else 0)
        for at in range(place.start, place.end):
            found[at] = kind + (at == place.start) + 2 * (at == place.end - 1)
    return found
