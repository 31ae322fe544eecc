"""Others on the same train rows and test rows: nlu/.venv/bin/python -m bench.nlu_peers [service_code|intent]

TF-IDF with a linear SVM (characters, and jieba words), naive Bayes. Accuracy of all, even and odd rows, and macro F1.
"""

import nlu.spare_tensorflow  # noqa: F401

# isort: split

import sys
from collections.abc import Callable

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.naive_bayes import ComplementNB
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.svm import LinearSVC

from bench.nlu_testset import HALVES, rows
from nlu.evaluate import label_scores
from nlu.places import read_gazetteer
from nlu.rows import training_rows
from nlu.understand import Understanding, make_segmenter


def peers() -> dict[str, Pipeline]:
    cut: Callable[[str], list[str]] = make_segmenter(read_gazetteer()).words
    characters = {"analyzer": "char", "ngram_range": (1, 3), "sublinear_tf": True, "min_df": 2}
    words = {"analyzer": cut, "sublinear_tf": True}
    return {
        "TF-IDF characters + LinearSVC": make_pipeline(TfidfVectorizer(**characters), LinearSVC(C=0.5)),
        "TF-IDF words + LinearSVC": make_pipeline(TfidfVectorizer(**words), LinearSVC(C=0.5)),
        "TF-IDF characters + complement NB": make_pipeline(TfidfVectorizer(**characters), ComplementNB()),
    }


def main() -> None:
    head = sys.argv[1] if len(sys.argv) > 1 else "service_code"
    learned = [row for row in training_rows() if getattr(row, head)]
    asked = rows()
    ours = [ranking[0][0] for ranking in Understanding.load().rankings(head, [row["text"] for row in asked], 1)]
    tell("ours", head, asked, ours)
    for name, peer in peers().items():
        peer.fit([row.text for row in learned], [getattr(row, head) for row in learned])
        tell(name, head, asked, peer.predict([row["text"] for row in asked]).tolist())


def tell(name: str, head: str, asked: list[dict], guesses: list[str]) -> None:
    figures = []
    for cut in HALVES.values():
        pairs = [(row[head], guess) for row, guess in zip(asked[cut], guesses[cut], strict=True) if row.get(head)]
        scores = label_scores(*map(list, zip(*pairs, strict=True)))
        known = [score.f1 for score in scores.values() if score.rows]
        figures.append(f"{sum(a == b for a, b in pairs) / len(pairs):.3f} ({sum(known) / len(known):.3f})")
    print(f"{name:36}" + "  ".join(figures), flush=True)


if __name__ == "__main__":
    main()
