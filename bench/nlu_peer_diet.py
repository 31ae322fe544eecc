"""Rasa's DIET as `rasa init` sets it up, for bench.nlu_peers; what is asked for is the intent of each text.

Its pipeline up to DIETClassifier, with the tokenizer for Chinese in place of the one that splits at spaces; the epochs
come as the one argument.
"""

import os

os.environ |= {"RASA_TELEMETRY_ENABLED": "false", "RASA_MAX_CACHE_SIZE": "0", "TF_CPP_MIN_LOG_LEVEL": "2"}

import asyncio
import logging
import sys
from collections import defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml
from rasa.core.agent import Agent
from rasa.model_training import train_nlu
from rasa.utils.log_utils import configure_structlog

from bench.nlu_peer import serve

_CONFIG = {
    "recipe": "default.v1",
    "assistant_id": "peer",
    "language": "zh",
    "pipeline": [
        {"name": "JiebaTokenizer"},
        {"name": "RegexFeaturizer"},
        {"name": "LexicalSyntacticFeaturizer"},
        {"name": "CountVectorsFeaturizer"},
        {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
        {"name": "DIETClassifier", "epochs": int(sys.argv[1]), "constrain_similarities": True, "random_seed": 0},
    ],
}


def answer(texts: list[str], labels: list[str], asked: list[str]) -> list[str]:
    configure_structlog(logging.WARNING)
    with TemporaryDirectory() as name:
        folder = Path(name)
        config = _written(_CONFIG, folder / "config.yml")
        model = train_nlu(config, _written(_training_data(texts, labels), folder / "nlu.yml"), name)
        return asyncio.run(_guesses(Agent.load(model), asked))


def _training_data(texts: list[str], labels: list[str]) -> dict:
    examples = defaultdict(str)
    for text, label in zip(texts, labels, strict=True):
        examples[label] += f"- {text}\n"
    return {"version": "3.1", "nlu": [{"intent": label, "examples": lines} for label, lines in examples.items()]}


def _written(document: dict, path: Path) -> str:
    path.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
    return str(path)


async def _guesses(agent: Agent, asked: list[str]) -> list[str]:
    return [(await agent.parse_message(text))["intent"]["name"] or "" for text in asked]


if __name__ == "__main__":
    serve(answer)
