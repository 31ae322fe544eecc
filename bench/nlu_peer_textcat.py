"""spaCy's textcat as it comes, for bench.nlu_peers: its default model, tokenizer (characters) and training loop.

A tenth of the training rows is held out; training ends when that tenth has not been answered better for 1,600 steps,
and the best model so far is asked.
"""

import nlu.spare_tensorflow  # noqa: F401

# isort: split

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import spacy
from sklearn.model_selection import train_test_split
from spacy.tokens import DocBin
from spacy.training.initialize import init_nlp
from spacy.training.loop import train
from thinc.api import Config

from bench.nlu_peer import serve

_HELD_OUT = 0.1


def answer(texts: list[str], labels: list[str], asked: list[str]) -> list[str]:
    rows = list(zip(texts, labels, strict=True))
    learned, held_out = train_test_split(rows, test_size=_HELD_OUT, random_state=0, stratify=labels)
    with TemporaryDirectory() as name:
        folder = Path(name)
        paths = {"train": _stored(learned, set(labels), folder / "train.spacy")}
        paths["dev"] = _stored(held_out, set(labels), folder / "dev.spacy")
        train(init_nlp(_config(paths)), folder, stdout=sys.stderr)
        best = spacy.load(folder / "model-best")
    return [max(doc.cats, key=doc.cats.__getitem__) for doc in best.pipe(asked)]


def _stored(rows: list[tuple[str, str]], labels: set[str], path: Path) -> str:
    nlp, docs = spacy.blank("zh"), DocBin()
    for text, label in rows:
        doc = nlp.make_doc(text)
        doc.cats = {each: float(each == label) for each in labels}
        docs.add(doc)
    docs.to_disk(path)
    return str(path)


def _config(paths: dict[str, str]) -> Config:
    nlp = spacy.blank("zh")
    nlp.add_pipe("textcat")
    return nlp.config.merge({"paths": paths})


if __name__ == "__main__":
    serve(answer)
