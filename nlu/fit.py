"""The four linear models, fitted: linear SVMs, their margins made honest chances by rows they had not seen."""

from collections import Counter
from dataclasses import dataclass
from typing import Dict, Optional, Sequence, Tuple

import numpy as np
from joblib import Parallel, delayed
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from nlu.classify import HEADS, SIGHTS, TOLD, Classifier, Head, softmax
from nlu.features import Features
from nlu.rows import Row
from nlu.segment import Segmenter
from nlu.text import clean

# All chosen by docs/nlu.md.
_PENALTY = {"intent": 0.5, "service_code": 0.8, "appeal_type": 0.3, "urgency": 0.2}
_SEEN = {head: sight for sight, heads in SIGHTS.items() for head in heads}
# 20,000 reports must not outvote 200 greetings; the codes have as many rows each.
_BALANCED = {"intent", "appeal_type", "urgency"}
_TERM_WEIGHT = 0.5
_TOLERANCE = 0.1
_FOLDS = 3
_USUAL = 60


@dataclass(frozen=True)
class Fit:
    head: Head
    weights: np.ndarray
    bias: np.ndarray
    chances: np.ndarray  # of the training rows, each by a model that had not seen it


def train(rows: Sequence[Row], segmenter: Segmenter, terms: Sequence[Row] = ()) -> Classifier:
    """`terms` teach what belongs to a code, and nothing else."""
    said = [*rows, *terms]
    texts = [clean(row.text).text for row in said]
    words = [segmenter.words(text) for text in texts]
    features = Features.of(texts, words, [row.service_code or row.intent or "" for row in said], segmenter.known)
    matrix, widths = features.matrix(texts, words), features.widths
    everyday = usual(rows)
    fits: Dict[str, Fit] = {}
    for name in HEADS:
        told = [csr_matrix(fits[other].chances) for other in TOLD.get(name, ())]
        seen = hstack([matrix[:, : widths[_SEEN[name]]], *told], format="csr", dtype=np.float32)
        fits[name] = _fit(name, seen, [_answer(row, name) for row in said], len(rows), everyday)
    return Classifier(
        features,
        {name: fit.head for name, fit in fits.items()},
        {sight: np.hstack([fits[name].weights[: widths[sight]] for name in names]) for sight, names in SIGHTS.items()},
        np.concatenate([fit.bias for fit in fits.values()]),
        {name: fits[name].weights[widths[_SEEN[name]] :] for name in TOLD},
    )


def _answer(row: Row, head: str) -> Optional[str]:
    """A row that does not answer a question teaches it nothing; but what is said without urgency is routine."""
    answer: Optional[str] = getattr(row, head)
    return answer or ("routine" if head == "urgency" and row.intent else None)


def usual(rows: Sequence[Row]) -> np.ndarray:
    """The first rows of a subject are said as most would say it; those added later are unlike them on purpose."""
    seen: Counter[Optional[str]] = Counter()
    found = []
    for row in rows:
        seen[row.service_code or row.intent] += 1
        found.append(seen[row.service_code or row.intent] <= _USUAL)
    return np.array(found)


def _fit(name: str, matrix: csr_matrix, answers: Sequence[Optional[str]], rows: int, everyday: np.ndarray) -> Fit:
    """Of `matrix` and `answers` the first `rows` are what people say, whole; the others are terms."""
    answered = np.array([bool(answer) for answer in answers])
    whole = np.flatnonzero(answered[:rows])
    terms = rows + np.flatnonzero(answered[rows:])
    labels = np.array([answer or "" for answer in answers])
    folds = [
        (whole[seen], whole[unseen])
        for seen, unseen in StratifiedKFold(_FOLDS, shuffle=True, random_state=0).split(whole, labels[whole])
    ]
    everything = (whole, whole[:0])
    jobs = (delayed(_margins)(name, matrix, labels, seen, terms, unseen) for seen, unseen in [everything, *folds])
    (model, _), *tried = Parallel(n_jobs=2)(jobs)
    margins = model.decision_function(matrix[:rows])
    for (_, unseen), (_, found) in zip(folds, tried):
        margins[unseen] = found
    truth = np.searchsorted(model.classes_, labels[whole])
    sharpness = _sharpness(margins[whole], truth)
    chances = softmax(margins * sharpness)
    usual_ones = everyday[whole]
    head = Head(tuple(model.classes_.tolist()), sharpness, *_honesty(chances[whole][usual_ones], truth[usual_ones]))
    unheard = np.zeros((matrix.shape[0] - rows, margins.shape[1]))  # terms answer this head alone
    return Fit(
        head, model.coef_.T.astype(np.float32), model.intercept_.astype(np.float32), np.vstack([chances, unheard])
    )


def _honesty(chances: np.ndarray, truth: np.ndarray) -> Tuple[float, float]:
    """Slope and offset under which the first answer is right as often as its chance says."""
    said = np.clip(chances.max(axis=1), 1e-6, 1 - 1e-6)
    right = chances.argmax(axis=1) == truth
    fitted = LogisticRegression(C=1e6).fit(np.log(said / (1 - said))[:, None], right)
    return float(fitted.coef_[0, 0]), float(fitted.intercept_[0])


def _margins(
    name: str, matrix: csr_matrix, labels: np.ndarray, seen: np.ndarray, terms: np.ndarray, unseen: np.ndarray
) -> Tuple[LinearSVC, Optional[np.ndarray]]:
    model = LinearSVC(
        C=_PENALTY[name], class_weight="balanced" if name in _BALANCED else None, tol=_TOLERANCE, random_state=0
    )
    learned = np.concatenate([seen, terms])
    weights = np.concatenate([np.ones(len(seen)), np.full(len(terms), _TERM_WEIGHT)])
    model.fit(matrix[learned], labels[learned], weights)
    return model, model.decision_function(matrix[unseen]) if len(unseen) else None


def _sharpness(margins: np.ndarray, truth: np.ndarray) -> float:
    """The one factor under which unseen rows' probabilities are likeliest (temperature scaling)."""

    def surprise(sharpness: float) -> float:
        chosen = softmax(margins * sharpness)[np.arange(len(truth)), truth]
        return float(-np.log(np.maximum(chosen, 1e-9)).mean())

    return float(minimize_scalar(surprise, bounds=(0.1, 40), method="bounded").x)
