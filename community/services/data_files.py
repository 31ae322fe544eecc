"""Reading the files under data/, so that whatever is wrong with one is reported under its name."""

import csv
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from community.core.errors import BadReferenceData


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Whatever a missing, unreadable or misshapen file raises inside is reported under the file's name."""
    try:
        yield
    except KeyError as missing:
        raise BadReferenceData(f"{path.name}: lacks {missing}") from missing
    except (OSError, ValueError, TypeError, IndexError, AttributeError, csv.Error, yaml.YAMLError) as error:
        raise BadReferenceData(f"{path.name}: {error}") from error


def read_yaml(path: Path) -> dict[str, Any]:
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(content, dict):
        raise BadReferenceData(f"{path.name}: is not a mapping")
    return content


def refuse_duplicates(path: Path, codes: Iterable[str]) -> None:
    seen: set[str] = set()
    for code in codes:
        if code in seen:
            raise BadReferenceData(f"{path.name}: {code} stands there twice")
        seen.add(code)
