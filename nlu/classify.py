"""What a message is: four linear models (intent, service_code, appeal_type, urgency) over the same features."""

from dataclasses import dataclass
from typing import Dict, List, Sequence, Tuple

import numpy as np
from scipy.sparse import csr_matrix

from nlu.features import Features

# What each head sees of a text: a topic must not depend on how it is said.
SIGHTS = {"topic": ("service_code",), "purpose": ("intent",), "mood": ("appeal_type", "urgency")}
HEADS = tuple(head for heads in SIGHTS.values() for head in heads)
TOLD = {"appeal_type": ("service_code", "intent"), "urgency": ("service_code", "intent")}  # what others answered


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
    weights: Dict[str, np.ndarray]  # for each sight, feature x label of its heads, side by side
    bias: np.ndarray
    told: Dict[str, np.ndarray]  # for a head that hears others: their labels x its own

    def probabilities(self, texts: Sequence[str], words: Sequence[Sequence[str]]) -> Dict[str, np.ndarray]:
        """For each head, text x label; `texts` as `text.clean` leaves them, `words` as the segmenter cuts them."""
        views = self.features.views(texts, words)
        margins = np.hstack([product(views, self.weights[sight]) for sight in SIGHTS]) + self.bias
        ends = np.cumsum([len(head.labels) for head in self.heads.values()])
        chances: Dict[str, np.ndarray] = {}
        for (name, head), part in zip(self.heads.items(), np.split(margins, ends[:-1], axis=1)):
            if name in self.told:
                part = part + np.hstack([chances[other] for other in TOLD[name]]) @ self.told[name]
            chances[name] = softmax(part * head.sharpness)
        return {name: self.heads[name].honest(chance) for name, chance in chances.items()}

    def codes(self, texts: Sequence[str], words: Sequence[Sequence[str]]) -> np.ndarray:
        """The first head's probabilities alone, for less."""
        head = self.heads[HEADS[0]]
        margins = product(self.features.views(texts, words, "topic"), self.weights["topic"])
        return head.honest(softmax((margins + self.bias[: len(head.labels)]) * head.sharpness))


def product(views: Sequence[csr_matrix], weights: np.ndarray) -> np.ndarray:
    """The views side by side times `weights`, without ever making the one matrix; views beyond them are not seen."""
    total, at = np.zeros((views[0].shape[0], weights.shape[1]), np.float32), 0
    for view in views:
        if at == len(weights):
            break
        total += view @ weights[at : at + view.shape[1]]
        at += view.shape[1]
    return total


def softmax(scores: np.ndarray) -> np.ndarray:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def ranked(labels: Sequence[str], probabilities: np.ndarray, count: int) -> List[List[Tuple[str, float]]]:
    """For each row the `count` likeliest, best first."""
    best = np.argsort(-probabilities, axis=1, kind="stable")[:, :count]
    chances = np.round(np.take_along_axis(probabilities, best, axis=1).astype(float), 4)
    return [[(labels[at], chance) for at, chance in zip(*row)] for row in zip(best.tolist(), chances.tolist())]
