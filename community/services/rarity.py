"""data/duplicates: how rare words are, counted in our own sentences by bench/duplicates_rarity.py."""

import csv
from collections.abc import Iterator
from itertools import batched
from math import log
from pathlib import Path

from community.core.rarity import Rarity, folded
from community.services.data_files import reading


def load_rarity(folder: Path, places: Path) -> Rarity:
    """The first row of rarity.csv counts all sentences; each other one gives characters and pairs, written together,
    and in how many sentences each of them stands. What stands in fewer than the least is taken to stand in half.
    The names of district and towns are told of so many matters that they are phrases, too."""
    path = folder / "rarity.csv"
    with reading(path), path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
        counts = [int(row["sentences"]) for row in rows]
        if not 0 < counts[1] <= max(counts) == counts[0]:
            raise ValueError("must begin with the count of all sentences, then the least")
        weights = {g: log(counts[0] / n) for n, row in zip(counts, rows, strict=True) for g in _grams(row)}
    return Rarity(
        weights, log(2 * counts[0] / counts[1]), _phrases(folder / "phrases.txt") | _districts_and_towns(places)
    )


def _phrases(path: Path) -> frozenset[str]:
    with reading(path):
        lines = path.read_text(encoding="utf-8").splitlines()
    return frozenset(folded(line) for line in lines if line and not line.startswith("#"))


def _grams(row: dict[str, str]) -> Iterator[str]:
    if len(row["pairs"]) % 2:
        raise ValueError(f"half a pair in the row of {row['sentences']}")
    yield from row["characters"]
    yield from map("".join, batched(row["pairs"], 2))


def _districts_and_towns(path: Path) -> frozenset[str]:
    with reading(path), path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["kind"] in ("district", "town")]
        return frozenset(name for row in rows for name in (row["name"], *row["aliases"].split("|")) if name)
