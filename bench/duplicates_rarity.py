"""Writes data/duplicates/rarity.csv: in how many of our own training sentences each character and pair stands.

.venv/bin/python -m bench.duplicates_rarity

To be run again when data/nlu has grown by much; what it is worth stands in docs/duplicates.md.
"""

import csv
from collections import Counter, defaultdict
from collections.abc import Iterator
from math import log2
from pathlib import Path

import yaml

from community.core.rarity import characters, folded, pairs

DATA = Path(__file__).parent.parent / "data"
TARGET = DATA / "duplicates" / "rarity.csv"
LEAST = 10  # sentences; what is rarer is not listed


def sentences(folder: Path = DATA / "nlu") -> Iterator[str]:
    for path in sorted(folder.rglob("*.yml")):
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        for block in content["nlu"]:
            yield from (line.removeprefix("- ") for line in block["examples"].splitlines())


def level(count: int) -> int:
    """Rounded to a power of the root of 2: finer made no difference to the scores."""
    return round(2 ** (round(2 * log2(count)) / 2))


def main() -> None:
    counts: Counter[str] = Counter()
    read = [folded(sentence) for sentence in sentences()]
    for text in read:
        counts.update(pairs(text) | characters(text))
    found: defaultdict[int, list[str]] = defaultdict(list)
    for gram, count in sorted(counts.items()):
        if count >= LEAST:
            found[level(count)].append(gram)
    write(len(read), found)
    print(f"{len(read)} sentences, {TARGET.stat().st_size} bytes")


def write(total: int, found: dict[int, list[str]]) -> None:
    TARGET.parent.mkdir(exist_ok=True)
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([("sentences", "characters", "pairs"), (total, "", "")])
        for count, grams in sorted(found.items()):
            writer.writerow((count, *("".join(g for g in grams if len(g) == length) for length in (1, 2))))


if __name__ == "__main__":
    main()
