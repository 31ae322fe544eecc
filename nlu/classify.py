"""What a message is: four linear models (intent, service_code, appeal_type, urgency) over the same features."""

from dataclasses import dataclass
from typing import Dict, List, Optional, Sequence, Tuple

import numpy as np
from joblib import Parallel, delayed
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from nlu.features import Features
from nlu.rows import Row
from nlu.segment import Segmenter
from nlu.text import clean

HEADS = ("intent", "service_code", "appeal_type", "urgency")
_PENALTY = {"intent": 0.5, "service_code": 0.3, "appeal_type": 0.2, "urgency": 0.2}
_TOPICAL = {"service_code"}  # how it is said must not matter
_FOLDS = 5


@dataclass(frozen=True)
class Head:
    """One question and its answers, in columns of the common weights. `sharpness` makes margins honest chances."""

    labels: Tuple[str, ...]
    sharpness: float


@dataclass(frozen=True)
class Classifier:
    features: Features
    heads: Dict[str, Head]
    weights: np.ndarray  # feature x label, all heads side by side
    bias: np.ndarray

    def probabilities(self, texts: Sequence[str], words: Sequence[Sequence[str]]) -> Dict[str, np.ndarray]:
        """For each head, text x label; `texts` as `text.clean` leaves them, `words` as the segmenter cuts them."""
        margins = self.features.matrix(texts, words) @ self.weights + self.bias
        ends = np.cumsum([len(head.labels) for head in self.heads.values()])
        parts = np.split(margins, ends[:-1], axis=1)
        return {name: softmax(part * head.sharpness) for (name, head), part in zip(self.heads.items(), parts)}


def train(rows: Sequence[Row], segmenter: Segmenter) -> Classifier:
    texts = [clean(row.text).text for row in rows]
    features = Features.of(texts, segmenter)
    matrix = features.matrix(texts, [segmenter.words(text) for text in texts])
    topic = matrix[:, : features.topic_width]
    fits = {
        name: _fit(name, topic if name in _TOPICAL else matrix, [_answer(row, name) for row in rows]) for name in HEADS
    }
    return Classifier(
        features,
        {name: head for name, (head, _, _) in fits.items()},
        np.hstack([_padded(weights, matrix.shape[1]) for _, weights, _ in fits.values()]),
        np.concatenate([bias for _, _, bias in fits.values()]),
    )


def _answer(row: Row, head: str) -> Optional[str]:
    """A row that does not answer a question teaches it nothing; but what has no urgency is routine."""
    answer: Optional[str] = getattr(row, head)
    return answer or ("routine" if head == "urgency" else None)


def _fit(name: str, matrix: csr_matrix, answers: Sequence[Optional[str]]) -> Tuple[Head, np.ndarray, np.ndarray]:
    answered = np.array([at for at, answer in enumerate(answers) if answer])
    known, labels = matrix[answered], np.array([answers[at] for at in answered])
    folds = list(StratifiedKFold(_FOLDS, shuffle=True, random_state=0).split(labels, labels))
    everything = (np.arange(len(labels)), np.arange(0))
    jobs = (delayed(_margins)(known, labels, seen, unseen, _PENALTY[name]) for seen, unseen in [*folds, everything])
    *tried, (model, _) = Parallel(n_jobs=2)(jobs)
    margins = np.vstack([margins for _, margins in tried])
    truth = np.searchsorted(model.classes_, np.concatenate([labels[unseen] for _, unseen in folds]))
    head = Head(tuple(model.classes_.tolist()), _sharpness(margins, truth))
    return head, model.coef_.T.astype(np.float32), model.intercept_.astype(np.float32)


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


def ranked(labels: Sequence[str], probabilities: np.ndarray, count: int) -> List[Tuple[str, float]]:
    """The `count` likeliest, best first."""
    best = np.argsort(-probabilities, kind="stable")[:count]
    return [(labels[at], round(float(probabilities[at]), 4)) for at in best]
