"""Asking again 回访 after a case was archived: a sample of all, and everybody who was not content."""

import zlib
from dataclasses import dataclass

from community.core.cases import Case
from community.core.workflow import Status


@dataclass(frozen=True)
class Sampling:
    """Every `every`-th case by chance, and all that were reopened or rated `rated` or lower."""

    every: int
    rated: int


def to_revisit(case: Case, sampling: Sampling) -> bool:
    """By the case number, so that the same cases are drawn whoever asks and nobody can choose them."""
    if case.status is not Status.ARCHIVED:
        return False
    unhappy = case.round > 1 or (case.rating is not None and case.rating <= sampling.rated)
    return unhappy or zlib.crc32(case.number.encode()) % sampling.every == 0
