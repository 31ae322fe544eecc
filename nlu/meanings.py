"""Words by what they mean: one never seen in training counts as the trained words that are most like it."""

from dataclasses import dataclass
from typing import Dict, List, Sequence

import numpy as np
from joblib import Parallel, delayed
from scipy.sparse import csr_matrix

from nlu.sparse import unit_rows, with_counts
from nlu.vectors import read_vectors

_NEIGHBOURS, _LEAST_LIKE = 6, 0.4
_CHUNK = 2000


@dataclass(frozen=True)
class Meanings:
    """`likeness`: word x trained word, in 255ths."""

    index: Dict[str, int]
    likeness: csr_matrix
    weights: np.ndarray

    @classmethod
    def of(cls, documents: Sequence[Sequence[str]], known: "frozenset[str]") -> "Meanings":
        """`known`: words that the segmenter can ever cut."""
        words, vectors = read_vectors()
        kept = [at for at, word in enumerate(words) if len(word) > 1 and word in known]
        index = {words[at]: row for row, at in enumerate(kept)}
        vectors = vectors[kept]
        trained = sorted({index[word] for document in documents for word in document if word in index})
        unweighted = cls(index, _likeness(vectors, vectors[trained]), np.ones(len(trained), np.float32))
        return cls(index, unweighted.likeness, _weights(unweighted._sums(documents)))

    def _sums(self, documents: Sequence[Sequence[str]]) -> csr_matrix:
        rows = [[self.index[word] for word in set(document) if word in self.index] for document in documents]
        return with_counts(rows, len(self.index)) @ self.likeness

    def matrix(self, documents: Sequence[Sequence[str]]) -> csr_matrix:
        sums = self._sums(documents)
        sums.data = sums.data * self.weights[sums.indices]
        return unit_rows(sums)


def _weights(sums: csr_matrix) -> np.ndarray:
    frequency = np.bincount(sums.indices, minlength=sums.shape[1])
    return (np.log((1 + sums.shape[0]) / (1 + frequency)) + 1).astype(np.float32)


def _likeness(vectors: np.ndarray, trained: np.ndarray) -> csr_matrix:
    """Squared cosine of each word with its nearest trained words."""
    chunks = (vectors[at : at + _CHUNK] for at in range(0, len(vectors), _CHUNK))
    found = Parallel(n_jobs=2, prefer="threads")(delayed(lambda chunk: _nearest(chunk @ trained.T))(c) for c in chunks)
    columns, values = zip(*found)
    near, like = np.vstack(columns), np.vstack(values)
    ends = np.arange(0, near.size + 1, near.shape[1])
    matrix = csr_matrix((like.ravel(), near.ravel(), ends), (len(vectors), len(trained)))
    matrix.eliminate_zeros()
    return matrix


def _nearest(cosines: np.ndarray) -> "tuple[np.ndarray, np.ndarray]":
    near = np.argpartition(-cosines, _NEIGHBOURS, axis=1)[:, :_NEIGHBOURS].astype(np.int32)
    like = np.take_along_axis(cosines, near, axis=1)
    squares = np.where(like > _LEAST_LIKE, np.minimum(like, 1) ** 2, 0)
    return near, np.round(squares * 255).astype(np.float32)


def flat(matrix: csr_matrix) -> Dict[str, np.ndarray]:
    """For a file: small numbers small."""
    narrow = np.uint16 if matrix.shape[1] < 2**16 else np.int32
    return {
        "data": matrix.data.astype(np.uint8),
        "columns": matrix.indices.astype(narrow),
        "lengths": np.diff(matrix.indptr).astype(np.uint8),
        "width": np.array(matrix.shape[1]),
    }


def unflat(arrays: Dict[str, np.ndarray]) -> csr_matrix:
    ends: List[int] = np.concatenate([[0], np.cumsum(arrays["lengths"], dtype=np.int32)])
    shape = (len(arrays["lengths"]), int(arrays["width"]))
    return csr_matrix((arrays["data"].astype(np.float32), arrays["columns"].astype(np.int32), ends), shape)
