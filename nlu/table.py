"""CSV files in and out, a batch at a time, so that millions of rows need no memory."""

import csv
from itertools import islice
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional

from tqdm import tqdm

from nlu.clock import moment
from nlu.understand import Parsed, Understanding

ADDED = ("intent", "service_code", "confidence", "alternatives", "group", "appeal_type", "urgency", "places", "times")
_BATCH = 512
Record = Dict[str, Any]


def batches(path: Path, size: int = _BATCH) -> Iterator[List[Record]]:
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as lines:
        records = csv.DictReader(line.replace("\0", "") for line in lines)
        while batch := list(islice(records, size)):
            yield batch


def columns(path: Path, *needed: str) -> List[str]:
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as lines:
        names = next(csv.reader(lines), [])
    missing = [name for name in needed if name not in names]
    if missing:
        raise ValueError(f"{path}: no column {', '.join(missing)}; it has {', '.join(names)}")
    return names


def text_of(record: Record, text_columns: List[str]) -> str:
    """Several columns, such as title,text, are read as one text."""
    return "。".join(filter(None, (record.get(column) or "" for column in text_columns)))


def classify(
    understanding: Understanding, source: Path, target: Path, text_columns: List[str], now_column: Optional[str]
) -> int:
    names = columns(source, *text_columns, *([now_column] if now_column else []))
    kept = [name for name in names if name not in ADDED]
    done = 0
    with target.open("w", encoding="utf-8", newline="") as out, tqdm(unit="row", desc=source.name) as progress:
        writer = csv.DictWriter(out, [*kept, *ADDED], extrasaction="ignore")
        writer.writeheader()
        for batch in batches(source):
            texts = [text_of(record, text_columns) for record in batch]
            nows = [moment(record[now_column] if now_column else None) for record in batch]
            for record, parsed in zip(batch, understanding.facts_many(texts, nows)):
                writer.writerow({**record, **_cells(parsed)})
            done += len(batch)
            progress.update(len(batch))
    return done


def _cells(parsed: Parsed) -> Record:
    return {
        **{name: parsed[name] for name in ADDED},
        "alternatives": "|".join(guess["service_code"] for guess in parsed["alternatives"]),
        "places": "|".join(place["text"] for place in parsed["places"]),
        "times": "|".join(time["value"] for time in parsed["times"]),
    }
