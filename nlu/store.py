"""A trained classifier as files: names in JSON, numbers in NPZ. Nothing in them can run."""

import json
from pathlib import Path
from typing import Dict

import numpy as np

from nlu.classify import Classifier, Head
from nlu.features import Features, Vocabulary
from nlu.meanings import Meanings, flat, unflat

_NAMES, _NUMBERS = "model.json", "weights.npz"
_LIKENESS = "likeness:"
_VIEWS = ("written", "heard", "meant", "worded", "framed")


def save(classifier: Classifier, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    features = classifier.features
    names = {
        **{view: list(getattr(features, view).index) for view in _VIEWS},
        "heads": {
            name: {"labels": head.labels, "sharpness": head.sharpness} for name, head in classifier.heads.items()
        },
    }
    (folder / _NAMES).write_text(json.dumps(names), encoding="ascii")
    np.savez_compressed(
        folder / _NUMBERS,
        **{view: getattr(features, view).weights for view in _VIEWS},
        weights=classifier.weights.astype(np.float16),
        bias=classifier.bias,
        **{_LIKENESS + key: array for key, array in flat(features.meant.likeness).items()},
    )


def load(folder: Path) -> Classifier:
    if not (folder / _NAMES).exists():
        raise FileNotFoundError(f"{folder}: no model there; run `ketang train`")
    names = json.loads((folder / _NAMES).read_text(encoding="ascii"))
    with np.load(folder / _NUMBERS, allow_pickle=False) as file:
        numbers = dict(file)
    return Classifier(
        features=_features(names, numbers),
        heads={name: Head(tuple(said["labels"]), said["sharpness"]) for name, said in names["heads"].items()},
        weights=numbers["weights"].astype(np.float32),
        bias=numbers["bias"],
    )


def _features(names: Dict[str, list], numbers: Dict[str, np.ndarray]) -> Features:
    index = {view: {gram: at for at, gram in enumerate(names[view])} for view in _VIEWS}
    likeness = {key.removeprefix(_LIKENESS): array for key, array in numbers.items() if key.startswith(_LIKENESS)}
    vocabularies = {view: Vocabulary(index[view], numbers[view]) for view in _VIEWS if view != "meant"}
    return Features(meant=Meanings(index["meant"], unflat(likeness), numbers["meant"]), **vocabularies)
