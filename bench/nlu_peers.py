"""Others on the same train rows and test rows: nlu/.venv/bin/python -m bench.nlu_peers [service_code|intent]

TF-IDF with a linear SVM (characters, and jieba words), naive Bayes, fastText, spaCy's textcat, Rasa's DIET. Accuracy of
all, even and odd rows, and macro F1; seconds of training and answering. `--only fasttext,textcat,diet` runs these
alone. On 2 cores textcat takes an hour, and DIET's 100 epochs most of a day: `--epochs 3` for fewer.

fastText is not among our locked packages; it wants an environment of its own:

    .uv/bin/uv venv --python nlu/.venv/bin/python var/peers
    .uv/bin/uv pip install --python var/peers -r bench/peers.txt
"""

import nlu.spare_tensorflow  # noqa: F401

# isort: split

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import perf_counter

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.naive_bayes import ComplementNB
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.svm import LinearSVC

from bench.nlu_peer import Answer, CannotRunError, ask
from bench.nlu_testset import HALVES, rows
from nlu.evaluate import label_scores
from nlu.files import ROOT
from nlu.places import read_gazetteer
from nlu.rows import term_rows, training_rows
from nlu.understand import Understanding, make_segmenter

NAMES = ("ours", "characters", "words", "bayes", "fasttext", "textcat", "diet")
_OURS = Path(sys.executable)
_OTHERS = ROOT / "var" / "peers" / "bin" / "python"
_CHARACTERS = {"analyzer": "char", "ngram_range": (1, 3), "sublinear_tf": True, "min_df": 2}


def peers(head: str, epochs: int) -> dict[str, tuple[str, Answer]]:
    """Each of NAMES: how the table calls it, and who answers."""
    cut = make_segmenter(read_gazetteer()).words
    return {
        "ours": ("ours", partial(ours, head)),
        **plain_peers(cut),
        "textcat": ("spaCy textcat", partial(ask, _OURS, "textcat", [])),
        "diet": (f"Rasa DIET, {epochs} epochs", partial(ask, _OURS, "diet", [str(epochs)])),
    }


def plain_peers(cut: Callable[[str], list[str]]) -> dict[str, tuple[str, Answer]]:
    """Those that are done in a minute."""
    characters, words = TfidfVectorizer(**_CHARACTERS), TfidfVectorizer(analyzer=cut, sublinear_tf=True)
    return {
        "characters": ("TF-IDF characters + LinearSVC", partial(fitted, make_pipeline(characters, LinearSVC(C=0.5)))),
        "words": ("TF-IDF words + LinearSVC", partial(fitted, make_pipeline(words, LinearSVC(C=0.5)))),
        "bayes": ("TF-IDF characters + complement NB", partial(fitted, make_pipeline(characters, ComplementNB()))),
        "fasttext": ("fastText", partial(fasttext, cut)),
    }


def ours(head: str, texts: list[str], labels: list[str], asked: list[str]) -> list[str]:
    """The model as `nlu train` left it, which learned from these rows."""
    return [ranking[0][0] for ranking in Understanding.load().rankings(head, asked, 1)]


def fitted(peer: Pipeline, texts: list[str], labels: list[str], asked: list[str]) -> list[str]:
    return peer.fit(texts, labels).predict(asked).tolist()


def fasttext(cut: Callable[[str], list[str]], texts: list[str], labels: list[str], asked: list[str]) -> list[str]:
    if not _OTHERS.exists():
        raise CannotRunError(f"no {_OTHERS}; the first lines of bench/nlu_peers.py say how to make it")
    return ask(_OTHERS, "fasttext", [], spaced(cut, texts), labels, spaced(cut, asked))


def spaced(cut: Callable[[str], list[str]], texts: list[str]) -> list[str]:
    return [" ".join(word for word in cut(text) if word.strip()) for text in texts]


def main() -> None:
    said = arguments()
    learned = [row for row in [*training_rows(), *term_rows()] if getattr(row, said.head)]
    texts, labels = [row.text for row in learned], [getattr(row, said.head) for row in learned]
    asked = rows()
    for name, (title, answer) in peers(said.head, said.epochs).items():
        if name in said.only:
            tell(title, said.head, asked, partial(answer, texts, labels, [row["text"] for row in asked]))


def arguments() -> Namespace:
    parser = ArgumentParser(prog="bench.nlu_peers")
    parser.add_argument("head", nargs="?", default="service_code", choices=["service_code", "intent"])
    parser.add_argument("--only", default=",".join(NAMES), help=f"some of {', '.join(NAMES)}")
    parser.add_argument("--epochs", type=int, default=100, help="of DIET; 100 are Rasa's own choice")
    said = parser.parse_args()
    said.only = said.only.split(",")
    if unknown := set(said.only) - set(NAMES):
        parser.error(f"no peer is called {', '.join(sorted(unknown))}")
    return said


def tell(title: str, head: str, asked: list[dict], answer: Callable[[], list[str]]) -> None:
    started = perf_counter()
    try:
        guesses = answer()
    except Exception as why:  # whatever it is, the others go on
        print(f"{title:36}not run: {type(why).__name__}: {why}", flush=True)
        return
    figures = [figure(head, asked[cut], guesses[cut]) for cut in HALVES.values()]
    print(f"{title:36}{'  '.join(figures)}  {perf_counter() - started:5.0f} s", flush=True)


def figure(head: str, asked: list[dict], guesses: list[str]) -> str:
    pairs = [(row[head], guess) for row, guess in zip(asked, guesses, strict=True) if row.get(head)]
    scores = label_scores(*map(list, zip(*pairs, strict=True)))
    known = [score.f1 for score in scores.values() if score.rows]
    return f"{sum(a == b for a, b in pairs) / len(pairs):.3f} ({sum(known) / len(known):.3f})"


if __name__ == "__main__":
    main()
