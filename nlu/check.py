"""Gates that the training data must pass; each names what is wrong and where."""

import re
from collections import defaultdict
from pathlib import Path
from typing import Callable, Dict, Iterator, List, Sequence, Set

import yaml

from nlu.files import DICTIONARIES, TESTS, entries
from nlu.rows import Row, service_groups, training_rows
from nlu.segment import Segmenter, vocabulary
from nlu.text import clean

_PLAIN = re.compile(r"[\W_]+")
_NEAR = 0.8
_TRADITIONAL_SHARE = 0.25
_ALSO_SIMPLIFIED = frozenset("噁瞭乾藉徵麽薹甯")  # 二噁英, 瞭望塔, 乾坤, 狼藉: right in simplified script too
APPEALS = {"complaint", "request", "enquiry", "suggestion", "report", "praise"}
URGENCIES = {"emergency", "urgent", "routine"}


def plain(text: str) -> str:
    return _PLAIN.sub("", clean(text).text.lower())


def duplicates(rows: Sequence[Row]) -> Iterator[str]:
    seen: Dict[str, Row] = {}
    for row in rows:
        first = seen.setdefault(plain(row.text) or row.text, row)
        if first is not row and labels(first) == labels(row):
            yield f"{row.source}: twice (first in {first.source}): {row.text[:40]}"


def contradictions(rows: Sequence[Row]) -> Iterator[str]:
    seen: Dict[str, Row] = {}
    for row in rows:
        first = seen.setdefault(plain(row.text) or row.text, row)
        if labels(first) != labels(row):
            yield f"{row.source}: {labels(row)}, but {first.source} says {labels(first)}: {row.text[:40]}"


def labels(row: Row) -> "tuple[str | None, ...]":
    return row.intent, row.service_code, row.appeal_type, row.urgency


def unknown_labels(rows: Sequence[Row], codes: Set[str]) -> Iterator[str]:
    for row in rows:
        if row.service_code and row.service_code not in codes:
            yield f"{row.source}: no service {row.service_code}: {row.text[:40]}"
        if row.appeal_type and row.appeal_type not in APPEALS:
            yield f"{row.source}: no appeal type {row.appeal_type}: {row.text[:40]}"
        if row.urgency and row.urgency not in URGENCIES:
            yield f"{row.source}: no urgency {row.urgency}: {row.text[:40]}"


def leaks(rows: Sequence[Row], tests: Sequence[Row]) -> Iterator[str]:
    """A test row that is nearly a training row measures memory."""
    holders: Dict[str, Set[int]] = defaultdict(set)
    pairs = [bigrams(plain(row.text)) for row in rows]
    for at, held in enumerate(pairs):
        for pair in held:
            holders[pair].add(at)
    for test in tests:
        mine = bigrams(plain(test.text))
        rarest = sorted(mine, key=lambda pair: len(holders.get(pair, ())))[: max(1, len(mine) // 4 + 1)]
        for at in sorted(set().union(*(holders.get(pair, set()) for pair in rarest))) if len(mine) >= 3 else ():
            if len(mine & pairs[at]) / len(mine | pairs[at]) >= _NEAR:
                yield f"{test.source}: nearly in {rows[at].source}: {test.text[:40]}"


def bigrams(text: str) -> Set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)}


def split_words(words: Sequence[str], segment: Callable[[str], List[str]]) -> Iterator[str]:
    for word in words:
        if len(pieces := segment(word)) > 1:
            yield f"dictionary word still cut: {word} -> {'/'.join(pieces)}"


def mixtures(rows: Sequence[Row]) -> Iterator[str]:
    """A row is in one script and one width; a lone traditional or full-width character is a slip."""
    for row in rows:
        pairs = zip(row.text, clean(row.text).text)
        changed = [(a, b) for a, b in pairs if a != b and "\u4e00" <= a <= "\u9fff" and a not in _ALSO_SIMPLIFIED]
        han = sum("\u4e00" <= c <= "\u9fff" for c in row.text)
        if han >= 12 and 0 < len(changed) == 1 and len(changed) / han < _TRADITIONAL_SHARE / 2:
            yield f"{row.source}: one traditional character {changed[0][0]}: {row.text[:40]}"
        if re.search(r"[０-９Ａ-Ｚａ-ｚ]", row.text) and re.search(r"[0-9A-Za-z]", row.text):
            yield f"{row.source}: half and full width mixed: {row.text[:40]}"


def unsorted_words(folder: Path = DICTIONARIES) -> Iterator[str]:
    for path in sorted(folder.glob("*.txt")):
        words = entries(path)
        if words != sorted(set(words)):
            yield f"{path.name}: not sorted, or a word twice"


def rows_under_test(folder: Path = TESTS) -> List[Row]:
    found = []
    for path in sorted(folder.rglob("*.yml")):
        for row in (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get("rows") or []:
            kept = {name: row.get(name) for name in ("intent", "service_code", "appeal_type", "urgency")}
            found.append(Row(row["text"], **kept, source=f"tests/nlu/{path.name}"))
    return found


def problems() -> List[str]:
    rows, codes = training_rows(), set(service_groups())
    segmenter = Segmenter(vocabulary())
    return [
        *duplicates(rows),
        *contradictions(rows),
        *unknown_labels(rows, codes),
        *leaks(rows, rows_under_test()),
        *split_words(vocabulary(), segmenter.words),
        *mixtures(rows),
        *unsorted_words(),
    ]
