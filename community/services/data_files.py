"""Reading the files under data/, so that whatever is wrong with one is reported under its name."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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
