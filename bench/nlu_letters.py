"""Real letters, learned from: our views against peers, on taidi7_train and taidi7_dev (7 classes, 5,362 and 946 rows).

nlu/.venv/bin/python -m bench.nlu_letters FOLDER    # holds both files; measuring only, nothing is kept of them

Ours: the views of nlu/features.py of title and text and of the title alone, and how likely our model, which never saw
a letter of theirs, thinks each of our 96 codes. The two weights were chosen by 4 folds of the training letters.
"""

import nlu.spare_tensorflow  # noqa: F401

# isort: split

import csv
import sys
from functools import partial
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.svm import LinearSVC

from bench.nlu_peers import plain_peers
from nlu.evaluate import label_scores
from nlu.features import Features
from nlu.text import clean
from nlu.understand import Understanding

TITLE, CODES = 0.7, 0.01
CLASS = "一级标签"
Letters = list[dict[str, str]]


def read(path: Path) -> Letters:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


class Ours:
    """`fields` that are read together: title and text, or the title alone."""

    def __init__(self, understanding: Understanding, learned: Letters, fields: list[str]) -> None:
        self._understanding, self._fields = understanding, fields
        texts, words = self._cut(learned)
        subjects = [letter[CLASS] for letter in learned]
        self._features = Features.of(texts, words, subjects, understanding.segmenter.known)

    def _cut(self, letters: Letters) -> tuple[list[str], list[list[str]]]:
        texts = [clean("。".join(letter[field] for field in self._fields)).text for letter in letters]
        return texts, [self._understanding.segmenter.words(text) for text in texts]

    def views(self, letters: Letters, weight: float) -> csr_matrix:
        texts, words = self._cut(letters)
        views = hstack(self._features.views(texts, words)[:4], format="csr") * weight  # topic and words
        chances = self._understanding.classifier.codes(texts, words)
        return hstack([views, csr_matrix(np.log(chances + 1e-4) * CODES)], format="csr")


def ours(learned: Letters, asked: Letters) -> list[str]:
    understanding = Understanding.load()
    readers = [(Ours(understanding, learned, ["title", "text"]), 1.0), (Ours(understanding, learned, ["title"]), TITLE)]
    seen, unseen = (
        hstack([reader.views(letters, weight) for reader, weight in readers], format="csr")
        for letters in (learned, asked)
    )
    return (
        LinearSVC(C=0.5, tol=0.01, random_state=0).fit(seen, [row[CLASS] for row in learned]).predict(unseen).tolist()
    )


def main() -> None:
    folder = Path(sys.argv[1])
    learned, asked = read(folder / "taidi7_train.csv"), read(folder / "taidi7_dev.csv")
    texts, questions = ([f"{row['title']}。{row['text']}" for row in letters] for letters in (learned, asked))
    labels, truth = ([row[CLASS] for row in letters] for letters in (learned, asked))
    others = plain_peers(Understanding.load().segmenter.words).values()
    answers = {
        "ours": partial(ours, learned, asked),
        **{title: partial(answer, texts, labels, questions) for title, answer in others},
    }
    for name, answer in answers.items():
        guesses = answer()
        right = np.mean([a == b for a, b in zip(truth, guesses, strict=True)])
        scores = label_scores(truth, guesses)
        print(f"{name:36}{right:.4f}  macro F1 {np.mean([score.f1 for score in scores.values()]):.4f}", flush=True)


if __name__ == "__main__":
    main()
