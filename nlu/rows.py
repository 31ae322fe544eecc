"""Training rows as written: Rasa YAML by hand, and staff corrections as CSV."""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional

import yaml

from nlu.files import TAXONOMY, TERMS, TRAINING_DATA

LABELS = ("service_code", "appeal_type", "urgency")


@dataclass(frozen=True)
class Row:
    text: str
    intent: Optional[str] = None
    service_code: Optional[str] = None
    appeal_type: Optional[str] = None
    urgency: Optional[str] = None
    source: str = ""


def training_rows(folder: Path = TRAINING_DATA, extra: Optional[Path] = None) -> List[Row]:
    """What people say, whole."""
    rows = [row for path in sorted(folder.rglob("*.yml")) for row in _rows_of(path)]
    return rows + (list(correction_rows(extra)) if extra else [])


def term_rows(folder: Path = TERMS) -> List[Row]:
    """Phrases that alone point to one service: they teach words, not how one speaks."""
    return [
        Row(term, service_code=code, source=path.name)
        for path in sorted(folder.glob("*.yml"))
        for code, terms in _document(path)["terms"].items()
        for term in terms.split()
    ]


def _document(path: Path) -> Dict[str, Any]:
    # The C loader reads 9,000 rows in a blink; the Python one takes four seconds.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    document: Dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506
    return document


def _rows_of(path: Path) -> Iterator[Row]:
    for block in _document(path).get("nlu") or []:
        labels = labels_of(block.get("metadata"))
        for line in block["examples"].splitlines():
            if text := line.strip().removeprefix("- ").strip():
                yield Row(text, block["intent"], **labels, source=path.name)


def labels_of(metadata: Optional[Dict[str, Any]]) -> Dict[str, Optional[str]]:
    return {label: (metadata or {}).get(label) for label in LABELS}


def correction_rows(path: Path) -> Iterator[Row]:
    """Columns text, and any of intent, service_code, appeal_type, urgency; what is empty is not known."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        for record in csv.DictReader(lines):
            known = {label: record.get(label) or None for label in ("intent", *LABELS)}
            yield Row(record["text"], **known, source=path.name)


def service_groups(path: Path = TAXONOMY) -> Dict[str, str]:
    """service_code -> group."""
    groups = yaml.safe_load(path.read_text(encoding="utf-8"))["groups"]
    return {service["code"]: group["code"] for group in groups for service in group["services"]}
