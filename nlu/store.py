"""What was learned, as files: names in JSON, numbers in NPZ. Nothing in them can run."""

import hashlib
import json
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Any, Dict, Iterable

import numpy as np

from nlu.classify import Classifier, Head
from nlu.features import Features, Vocabulary
from nlu.files import DICTIONARIES, MARKED_PLACES, TAXONOMY, TERMS, TRAINING_DATA
from nlu.learn import Learned
from nlu.meanings import Meanings, flat, unflat
from nlu.tagger import Tagger

_NAMES, _NUMBERS, _REFUSED = "model.json", "weights.npz", "refused"
_WEIGHTS, _LIKENESS, _TOLD, _TAGGER = "weights:", "likeness:", "told:", "tagger:"
_VIEWS = ("written", "heard", "meant", "worded", "framed", "edged", "toned")
FORMAT = 3


def save(learned: Learned, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    classifier, features = learned.classifier, learned.classifier.features
    names = {
        "format": FORMAT,
        "learned_from": digest_of_data(),
        **{view: list(getattr(features, view).index) for view in _VIEWS},
        "particles": sorted(features.particles),
        "heads": {name: asdict(head) for name, head in classifier.heads.items()},
    }
    (folder / _NAMES).write_text(json.dumps(names), encoding="ascii")
    np.savez_compressed(
        folder / _NUMBERS,
        **{view: getattr(features, view).weights for view in _VIEWS},
        **{_WEIGHTS + sight: array.astype(np.float16) for sight, array in classifier.weights.items()},
        bias=classifier.bias,
        **{_TOLD + name: array for name, array in classifier.told.items()},
        **{_LIKENESS + key: array for key, array in flat(features.meant.likeness).items()},
        **{_TAGGER + key: array for key, array in (asdict(learned.tagger) if learned.tagger else {}).items()},
    )


def load(folder: Path) -> Learned:
    names = _names(folder)
    if names.get("format") != FORMAT:
        raise ValueError(f"{folder}: made by another version; run `ketang train`")
    with np.load(folder / _NUMBERS, allow_pickle=False) as file:
        numbers = dict(file)
    classifier = Classifier(
        features=_features(names, numbers),
        heads={name: Head(**{**said, "labels": tuple(said["labels"])}) for name, said in names["heads"].items()},
        weights={sight: array.astype(np.float32) for sight, array in _under(_WEIGHTS, numbers).items()},
        bias=numbers["bias"],
        told=_under(_TOLD, numbers),
    )
    tagger = _under(_TAGGER, numbers)
    return Learned(classifier, Tagger(**tagger) if tagger else None)


def copy(folder: Path, target: Path) -> None:
    for name in (_NAMES, _NUMBERS):
        shutil.copyfile(folder / name, target / name)


def replace(folder: Path, newer: Path) -> None:
    """Puts a model in another's place, whole: what reads the folder meanwhile finds the one or the other."""
    old = folder.with_name(f"{folder.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    newer.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def keep(folder: Path) -> None:
    """What the present data teach was tried and found worse: this model stays the right one for them."""
    (folder / _REFUSED).write_text(digest_of_data(), encoding="ascii")


def is_stale(folder: Path) -> bool:
    """Training data or dictionaries have changed since, and what they teach has not been tried."""
    refused = folder / _REFUSED
    judged = {_names(folder).get("learned_from"), refused.read_text(encoding="ascii") if refused.exists() else None}
    return digest_of_data() not in judged


def digest(folder: Path) -> str:
    """Of the model itself; of nothing where there is none."""
    return _digest(path for path in (folder / _NAMES, folder / _NUMBERS) if path.exists())


def digest_of_data() -> str:
    folders = (TRAINING_DATA, TERMS, DICTIONARIES, MARKED_PLACES)
    return _digest([TAXONOMY, *(path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file())])


def _digest(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _names(folder: Path) -> Dict[str, Any]:
    if not (folder / _NAMES).exists():
        raise FileNotFoundError(f"{folder}: no model there; run `ketang train`")
    names: Dict[str, Any] = json.loads((folder / _NAMES).read_text(encoding="ascii"))
    return names


def _under(prefix: str, numbers: Dict[str, np.ndarray]) -> Dict[str, np.ndarray]:
    return {key.removeprefix(prefix): array for key, array in numbers.items() if key.startswith(prefix)}


def _features(names: Dict[str, Any], numbers: Dict[str, np.ndarray]) -> Features:
    index = {view: {gram: at for at, gram in enumerate(names[view])} for view in _VIEWS}
    likeness = _under(_LIKENESS, numbers)
    vocabularies = {view: Vocabulary(index[view], numbers[view]) for view in _VIEWS if view != "meant"}
    meant = Meanings(index["meant"], unflat(likeness), numbers["meant"])
    return Features(meant=meant, particles=frozenset(names["particles"]), **vocabularies)
