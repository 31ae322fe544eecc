"""What a message is: four linear models (intent, service_code, appeal_type, urgency) over the same features."""

from dataclasses import dataclass
from functools import cached_property
from typing import Dict, List, Sequence, Tuple

import numpy as np

from nlu.features import Features

HEADS = ("service_code", "intent", "appeal_type", "urgency")
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
                part = part + np.hstack([chances[other] for other in TOLD[name]]) @ self.told[name]
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


def softmax(scores: np.ndarray) -> np.ndarray:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def ranked(labels: Sequence[str], probabilities: np.ndarray, count: int) -> List[List[Tuple[str, float]]]:
    """For each row the `count` likeliest, best first."""
    best = np.argsort(-probabilities, axis=1, kind="stable")[:, :count]
    chances = np.round(np.take_along_axis(probabilities, best, axis=1).astype(float), 4)
    return [[(labels[at], chance) for at, chance in zip(*row)] for row in zip(best.tolist(), chances.tolist())]
