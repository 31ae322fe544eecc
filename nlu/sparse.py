"""The two sparse-matrix steps that every view of a text shares."""

from itertools import chain
from typing import Sequence

import numpy as np
from scipy.sparse import csr_matrix


def with_counts(rows: Sequence[Sequence[int]], width: int) -> csr_matrix:
    """How often each column is named in each row."""
    ends = np.zeros(len(rows) + 1, dtype=np.int32)
    np.cumsum([len(row) for row in rows], out=ends[1:])
    columns = np.fromiter(chain.from_iterable(rows), dtype=np.int32, count=ends[-1])
    counts = csr_matrix((np.ones(len(columns), np.float32), columns, ends), (len(rows), width))
    counts.sum_duplicates()
    return counts


def unit_rows(matrix: csr_matrix) -> csr_matrix:
    """Each row of length 1, or empty."""
    lengths = np.diff(matrix.indptr)
    squares = np.bincount(np.repeat(np.arange(len(lengths)), lengths), matrix.data**2, minlength=len(lengths))
    norms = np.sqrt(np.maximum(squares, 1e-12)).astype(np.float32)
    matrix.data = (matrix.data / np.repeat(norms, lengths)).astype(np.float32)
    return matrix
