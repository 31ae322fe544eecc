"""Real letters that the model never saw (taidi7_dev), our codes mapped to their 7 classes.

nlu/.venv/bin/python -m bench.nlu_transfer FOLDER    # holds taidi7_dev.csv, public competition data of 2020
"""

# ruff: noqa: E501  # tables are read a line at a time

import nlu.spare_tensorflow  # noqa: F401

# isort: split

import csv
import sys
from pathlib import Path

import numpy as np

from nlu.evaluate import label_scores
from nlu.files import MODEL
from nlu.rows import service_groups
from nlu.understand import Understanding

CLASSES: dict[str, list[str]] = {  # as the data's README relates them: groups, or single codes
    "城乡建设": ["sanitation", "street_order", "construction", "public_facilities", "greening", "property", "building", "fire_hazard", "falling_objects"],
    "环境保护": ["environment", "commercial_noise", "social_noise"],
    "交通运输": ["transport", "vehicle_parking"],
    "商贸旅游": ["market", "public_security", "elevator_fault"],
    "劳动和社会保障": ["employment", "social_insurance", "civil_service_pay", "social_assistance"],
    "教育文体": ["school_admission", "school_conduct", "culture_sports"],
    "卫生计生": ["healthcare", "family_policy", "care_insurance", "food_safety"],
}  # fmt: skip
READINGS = {"title": ["title"], "text": ["text"], "title+text": ["title", "text"]}


def class_matrix(labels: list[str]) -> np.ndarray:
    """code x class; a code named itself goes there rather than with its group; unmapped codes go nowhere."""
    groups, single = service_groups(), {code: at for at, codes in enumerate(CLASSES.values()) for code in codes}
    matrix = np.zeros((len(labels), len(CLASSES)))
    for row, label in enumerate(labels):
        column = single.get(label, single.get(groups[label]))
        if column is not None:
            matrix[row, column] = 1
    return matrix


def main() -> None:
    folder = Path(sys.argv[1])
    with (folder / "taidi7_dev.csv").open(encoding="utf-8-sig", newline="") as lines:
        letters = list(csv.DictReader(lines))
    understanding, names = Understanding.load(Path(MODEL)), list(CLASSES)
    truth = [letter["一级标签"] for letter in letters]
    count = len(understanding.classifier.heads["service_code"].labels) if understanding.classifier else 0
    for reading, columns in READINGS.items():
        texts = ["。".join(letter[column] for column in columns) for letter in letters]
        rankings = understanding.rankings("service_code", texts, count)
        labels = sorted(code for code, _ in rankings[0])
        chances = np.array([[dict(ranking)[code] for code in labels] for ranking in rankings])
        guesses = [names[at] for at in (chances @ class_matrix(labels)).argmax(axis=1)]
        scores = label_scores(truth, guesses)
        right = np.mean([a == b for a, b in zip(truth, guesses, strict=True)])
        print(f"{reading:12} accuracy {right:.4f}  macro F1 {np.mean([scores[name].f1 for name in names]):.4f}")
        for name in names:
            print(
                f"    {name:8} precision {scores[name].precision:.3f} recall {scores[name].recall:.3f} rows {scores[name].rows}"
            )


if __name__ == "__main__":
    main()
