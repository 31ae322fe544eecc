"""What a message is: four linear models (intent, service_code, appeal_type, urgency) over the same features."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Dict, List, Optional, Sequence, Tuple

import numpy as np
from joblib import Parallel, delayed
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from nlu.features import Features
from nlu.rows import Row
from nlu.segment import Segmenter
from nlu.text import clean

HEADS = ("service_code", "intent", "appeal_type", "urgency")
_PENALTY = {"intent": 0.5, "service_code": 0.3, "appeal_type": 0.3, "urgency": 0.2}
# A topic must not depend on how it is said.
_SEEN = {"service_code": "topic", "intent": "purpose", "appeal_type": "mood", "urgency": "mood"}
_TOLD = {"appeal_type": ("service_code", "intent"), "urgency": ("service_code", "intent")}  # what others answered
_FOLDS = 5
_USUAL = 60


@dataclass(frozen=True)
class Head:
    """One question and its answers, in columns of the common weights.

    `sharpness` makes margins likely chances; `slope` and `offset` make the first answer's chance an honest one.
    """

    labels: Tuple[str, ...]
    sharpness: float
    slope: float = 1.0
    offset: float = 0.0

    def honest(self, chances: np.ndarray) -> np.ndarray:
        rows, best = np.arange(len(chances)), chances.argmax(axis=1)
        said = np.clip(chances[rows, best], 1e-6, 1 - 1e-6)
        true = 1 / (1 + np.exp(-(self.slope * np.log(said / (1 - said)) + self.offset)))
        honest = chances * ((1 - true) / (1 - said))[:, None]
        honest[rows, best] = 0
        honest[rows, best] = np.maximum(true, honest.max(axis=1))  # the first stays the first
        return honest


@dataclass(frozen=True)
class Classifier:
    features: Features
    heads: Dict[str, Head]
    weights: np.ndarray  # feature x label, all heads side by side
    bias: np.ndarray
    told: Dict[str, np.ndarray]  # for a head that hears others: their labels x its own

    def probabilities(self, texts: Sequence[str], words: Sequence[Sequence[str]]) -> Dict[str, np.ndarray]:
        """For each head, text x label; `texts` as `text.clean` leaves them, `words` as the segmenter cuts them."""
        margins = self.features.times(self.weights, texts, words) + self.bias
        ends = np.cumsum([len(head.labels) for head in self.heads.values()])
        chances: Dict[str, np.ndarray] = {}
        for (name, head), part in zip(self.heads.items(), np.split(margins, ends[:-1], axis=1)):
            if name in self.told:
                part = part + np.hstack([chances[other] for other in _TOLD[name]]) @ self.told[name]
            chances[name] = softmax(part * head.sharpness)
        return {name: self.heads[name].honest(chance) for name, chance in chances.items()}

    @cached_property
    def _code_weights(self) -> np.ndarray:
        width, height = len(self.heads[HEADS[0]].labels), self.features.widths["topic"]
        return np.ascontiguousarray(self.weights[:height, :width])

    def codes(self, texts: Sequence[str], words: Sequence[Sequence[str]]) -> np.ndarray:
        """The first head's probabilities alone, for less."""
        head = self.heads[HEADS[0]]
        margins = self.features.times(self._code_weights, texts, words, "topic") + self.bias[: len(head.labels)]
        return head.honest(softmax(margins * head.sharpness))


@dataclass(frozen=True)
class Fit:
    head: Head
    weights: np.ndarray
    bias: np.ndarray
    chances: np.ndarray  # of the training rows, each by a model that had not seen it


def train(rows: Sequence[Row], segmenter: Segmenter) -> Classifier:
    texts = [clean(row.text).text for row in rows]
    words = [segmenter.words(text) for text in texts]
    features = Features.of(texts, words, [row.service_code or row.intent or "" for row in rows], segmenter.known)
    matrix, widths = features.matrix(texts, words), features.widths
    fits: Dict[str, Fit] = {}
    for name in HEADS:
        told = [csr_matrix(fits[other].chances) for other in _TOLD.get(name, ())]
        seen = hstack([matrix[:, : widths[_SEEN[name]]], *told], format="csr", dtype=np.float32)
        fits[name] = _fit(name, seen, [_answer(row, name) for row in rows], usual(rows))
    return Classifier(
        features,
        {name: fit.head for name, fit in fits.items()},
        np.hstack([_padded(fit.weights[: widths[_SEEN[name]]], matrix.shape[1]) for name, fit in fits.items()]),
        np.concatenate([fit.bias for fit in fits.values()]),
        {name: fits[name].weights[widths[_SEEN[name]] :] for name in _TOLD},
    )


def _answer(row: Row, head: str) -> Optional[str]:
    """A row that does not answer a question teaches it nothing; but what has no urgency is routine."""
    answer: Optional[str] = getattr(row, head)
    return answer or ("routine" if head == "urgency" else None)


def usual(rows: Sequence[Row]) -> np.ndarray:
    """The first rows of a subject are said as most would say it; those added later are unlike them on purpose."""
    seen: Counter[Optional[str]] = Counter()
    found = []
    for row in rows:
        seen[row.service_code or row.intent] += 1
        found.append(row.intent is not None and seen[row.service_code or row.intent] <= _USUAL)
    return np.array(found)


def _fit(name: str, matrix: csr_matrix, answers: Sequence[Optional[str]], everyday: np.ndarray) -> Fit:
    answered = np.array([bool(answer) for answer in answers])
    known, labels = matrix[answered], np.array([answer for answer in answers if answer])
    folds = list(StratifiedKFold(_FOLDS, shuffle=True, random_state=0).split(labels, labels))
    everything = (np.arange(len(labels)), np.arange(0))
    jobs = (delayed(_margins)(known, labels, seen, unseen, _PENALTY[name]) for seen, unseen in [*folds, everything])
    *tried, (model, _) = Parallel(n_jobs=2)(jobs)
    margins = model.decision_function(matrix)
    truth = np.searchsorted(model.classes_, labels)
    for (_, unseen), (_, found) in zip(folds, tried):
        margins[np.flatnonzero(answered)[unseen]] = found
    sharpness = _sharpness(margins[answered], truth)
    chances = softmax(margins * sharpness)
    head = Head(
        tuple(model.classes_.tolist()), sharpness, *_honesty(chances[answered & everyday], truth[everyday[answered]])
    )
    return Fit(head, model.coef_.T.astype(np.float32), model.intercept_.astype(np.float32), chances)


def _honesty(chances: np.ndarray, truth: np.ndarray) -> Tuple[float, float]:
    """Slope and offset under which the first answer is right as often as its chance says."""
    said = np.clip(chances.max(axis=1), 1e-6, 1 - 1e-6)
    right = chances.argmax(axis=1) == truth
    fitted = LogisticRegression(C=1e6).fit(np.log(said / (1 - said))[:, None], right)
    return float(fitted.coef_[0, 0]), float(fitted.intercept_[0])


def _padded(weights: np.ndarray, height: int) -> np.ndarray:
    return np.pad(weights, ((0, height - len(weights)), (0, 0)))


def _margins(
    known: csr_matrix, labels: np.ndarray, seen: np.ndarray, unseen: np.ndarray, penalty: float
) -> Tuple[LinearSVC, Optional[np.ndarray]]:
    # Balanced: 4,700 reports must not outvote 100 greetings.
    model = LinearSVC(C=penalty, class_weight="balanced", random_state=0).fit(known[seen], labels[seen])
    return model, model.decision_function(known[unseen]) if len(unseen) else None


def _sharpness(margins: np.ndarray, truth: np.ndarray) -> float:
    """The one factor under which unseen rows' probabilities are likeliest (temperature scaling)."""

    def surprise(sharpness: float) -> float:
        chosen = softmax(margins * sharpness)[np.arange(len(truth)), truth]
        return float(-np.log(np.maximum(chosen, 1e-9)).mean())

    return float(minimize_scalar(surprise, bounds=(0.1, 40), method="bounded").x)


def softmax(scores: np.ndarray) -> np.ndarray:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def ranked(labels: Sequence[str], probabilities: np.ndarray, count: int) -> List[List[Tuple[str, float]]]:
    """For each row the `count` likeliest, best first."""
    best = np.argsort(-probabilities, axis=1, kind="stable")[:, :count]
    chances = np.round(np.take_along_axis(probabilities, best, axis=1).astype(float), 4)
    return [[(labels[at], chance) for at, chance in zip(*row)] for row in zip(best.tolist(), chances.tolist())]
