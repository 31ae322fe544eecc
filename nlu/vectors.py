"""Word vectors as data: those that the package `cnsyn` (Apache-2.0) carries, read without running anything of it."""

import io
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Dict, List, Tuple

import numpy as np
from joblib import numpy_pickle

_FILE = Path("query", "words_tree_mini.m")
_HARMLESS = {
    ("joblib.numpy_pickle", "NumpyArrayWrapper"),
    ("numpy", "ndarray"),
    ("numpy", "dtype"),
    ("numpy.core.multiarray", "_reconstruct"),
    ("numpy.core.multiarray", "scalar"),
}


class _Tree:
    """Stands in for the search tree the vectors come in: its first array is theirs."""

    def __init__(self, *_: Any) -> None:
        self.vectors = np.empty((0, 0))

    def __setstate__(self, state: Tuple[Any, ...]) -> None:
        self.vectors = next(part for part in state if isinstance(part, np.ndarray) and part.ndim == 2)


class _Reader(numpy_pickle.NumpyUnpickler):
    """A pickle may name any function to be called; this one may name arrays only."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in _HARMLESS:
            return super().find_class(module, name)
        return _new_tree if name == "newObj" else _Tree


def _new_tree(*_: Any) -> _Tree:
    return _Tree()


def read_vectors() -> Tuple[List[str], np.ndarray]:
    """129,691 words and their vectors, each of length 1."""
    package = find_spec("cnsyn")
    if package is None or not package.submodule_search_locations:
        raise FileNotFoundError("cnsyn is not installed: run `make setup`")
    path = Path(package.submodule_search_locations[0]) / _FILE
    with path.open("rb") as file:
        held: Dict[str, Any] = _Reader(str(path), io.BufferedReader(file), None).load()
    vectors = np.asarray(held["model"].vectors, dtype=np.float32)
    return held["words"], vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
