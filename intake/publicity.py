"""Which services are shown to the public, as data/intake says."""

from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path

from community.core.errors import BadReferenceData
from community.services.data_files import read_yaml, reading


@dataclass(frozen=True)
class Publicity:
    """Codes of services that are about persons or homes, and of those that mean danger."""

    private: frozenset[str]
    emergency: frozenset[str]


def load_publicity(path: Path, services: Container[str]) -> Publicity:
    """Raises BadReferenceData."""
    with reading(path):
        content = read_yaml(path)
        publicity = Publicity(frozenset(content["private"]), frozenset(content["emergency"]))
    for code in sorted(publicity.private | publicity.emergency):
        if code not in services:
            raise BadReferenceData(f"{path.name}: no service {code}")
    return publicity
