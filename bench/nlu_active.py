"""What staff should look at first: rows chosen by uncertainty and novelty against rows taken as they come.

nlu/.venv/bin/python -m bench.nlu_active    # accuracy of service_code on tests/nlu as more rows are labelled

A model begins with 2,000 of our training rows; each round 1,000 of the others are labelled, chosen by each order.
"""

import nlu.spare_tensorflow  # noqa: F401

# isort: split

from collections.abc import Callable

import numpy as np

from bench.nlu_testset import rows
from nlu import fit
from nlu.classify import Classifier
from nlu.places import read_gazetteer
from nlu.rows import Row, training_rows
from nlu.text import clean
from nlu.understand import make_segmenter

FIRST, STEP, ROUNDS = 2000, 1000, 4
SEGMENTER = make_segmenter(read_gazetteer())
Order = Callable[[np.ndarray, np.ndarray], np.ndarray]  # uncertainty and novelty of each row -> what to label first

ORDERS: dict[str, Order] = {
    "as they come": lambda uncertain, novel: np.zeros(len(uncertain)),
    "uncertainty": lambda uncertain, novel: uncertain,
    "novelty": lambda uncertain, novel: novel,
    "uncertainty + novelty / 4": lambda uncertain, novel: uncertain + novel / 4,
}


def cut(texts: list[str]) -> tuple[list[str], list[list[str]]]:
    cleaned = [clean(text).text for text in texts]
    return cleaned, [SEGMENTER.words(text) for text in cleaned]


def accuracy(model: Classifier, tests: list[dict]) -> float:
    labels = model.heads["service_code"].labels
    guesses = model.codes(*cut([row["text"] for row in tests])).argmax(axis=1)
    return float(np.mean([labels[at] == row["service_code"] for at, row in zip(guesses, tests, strict=True)]))


def doubts(model: Classifier, pool: list[Row]) -> tuple[np.ndarray, np.ndarray]:
    texts, words = cut([row.text for row in pool])
    best = np.sort(model.codes(texts, words), axis=1)
    return 1 - (best[:, -1] - best[:, -2]), np.array(model.features.novelty(texts))


def main() -> None:
    tests = [row for row in rows() if row.get("service_code")]
    shuffled = [row for row in training_rows() if row.service_code]
    np.random.default_rng(0).shuffle(shuffled)
    print(f"{'labelled':24}" + "".join(f"{FIRST + STEP * at:8}" for at in range(ROUNDS + 1)))
    for name, order in ORDERS.items():
        known, pool = shuffled[:FIRST], shuffled[FIRST:]
        print(f"{name:24}", end="", flush=True)
        for _ in range(ROUNDS + 1):
            model = fit.train(known, SEGMENTER)
            print(f"{accuracy(model, tests):8.3f}", end="", flush=True)
            first = np.argsort(-order(*doubts(model, pool)), kind="stable")[:STEP].tolist()
            known = known + [pool[at] for at in first]
            pool = [row for at, row in enumerate(pool) if at not in set(first)]
        print()


if __name__ == "__main__":
    main()
