"""The hand-written test rows, tests/nlu, against a trained model: nlu/.venv/bin/python -m bench.nlu_testset

`--errors` lists what was missed in the even rows of the first set only; the odd rows and the second set are never
looked at, so that rules and dictionaries are not written for them. Figures are given for each.
"""

import nlu.spare_tensorflow  # noqa: F401

# isort: split

import sys
from pathlib import Path
from typing import Any

import yaml

from nlu.clock import moment
from nlu.evaluate import calibration_error, label_scores, report, span_f1
from nlu.files import MODEL, TESTS
from nlu.understand import Understanding

NOW = moment("2026-11-23T10:00:00+08:00")
Row = dict[str, Any]


def rows(folder: Path = TESTS) -> list[Row]:
    files = sorted(folder.glob("*.yml"))
    return [row for path in files for row in (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get("rows") or []]


def figures(said: list[Row], parsed: list[Row], codes: list[Any]) -> dict[str, float]:
    pairs = list(zip(said, parsed, strict=True))
    intents = label_scores([s["intent"] for s in said], [p["intent"] for p in parsed])
    coded = [(s["service_code"], c) for s, c in zip(said, codes, strict=True) if s.get("service_code")]
    service = report(*map(list, zip(*coded, strict=True)))
    appeals = [(s["appeal_type"], p["appeal_type"]) for s, p in pairs if s.get("appeal_type")]
    alarms = [(s.get("urgency") == "emergency", p["urgency"] == "emergency") for s, p in pairs]
    places = [(s["places"] or [], [x["text"] for x in p["places"]]) for s, p in pairs if "places" in s]
    timed = [(s["times"] or [], p["times"]) for s, p in pairs if "times" in s]
    exact = [
        any(t["text"] == f["text"] and str(t["value"]) == f["value"] for f in found)
        for times, found in timed
        for t in times
    ]
    caught = sum(a and b for a, b in alarms)
    return {
        "rows": len(said),
        "intent accuracy": sum(s["intent"] == p["intent"] for s, p in pairs) / len(pairs),
        "intent macro F1": sum(x.f1 for x in intents.values() if x.rows) / sum(bool(x.rows) for x in intents.values()),
        "intent ECE": calibration_error(
            [p["intent_confidence"] for p in parsed], [s["intent"] == p["intent"] for s, p in pairs]
        ),
        "service rows": service.rows,
        "service top 1": service.top1,
        "service top 3": service.top3,
        "service macro F1": service.macro_f1,
        "service ECE": service.calibration_error,
        "lowest code recall": min(score.recall for score in service.labels.values() if score.rows),
        "appeal type": sum(a == b for a, b in appeals) / max(len(appeals), 1),
        "emergency recall": caught / max(sum(a for a, _ in alarms), 1),
        "emergency precision": caught / max(sum(b for _, b in alarms), 1),
        "place F1": span_f1(*map(list, zip(*places, strict=True))).f1,
        "time exact": sum(exact) / max(len(exact), 1),
        "time spans F1": span_f1(
            [[t["text"] for t in a] for a, _ in timed], [[t["text"] for t in b] for _, b in timed]
        ).f1,
    }


def show_errors(said: list[Row], parsed: list[Row]) -> None:
    for s, p in zip(said, parsed, strict=True):
        found = [x["text"] for x in p["places"]]
        if "places" in s and sorted(s["places"] or []) != sorted(found):
            print("PLACE", s["places"], "<-", found, "|", s["text"])
        times = [(t["text"], t["value"]) for t in p["times"]]
        if "times" in s and sorted((t["text"], str(t["value"])) for t in s["times"] or []) != sorted(times):
            print("TIME", [(t["text"], str(t["value"])) for t in s["times"] or []], "<-", times, "|", s["text"])
        if (s.get("urgency") == "emergency") != (p["urgency"] == "emergency"):
            print("ALARM", s.get("urgency"), "<-", p["urgency"], "|", s["text"])
        if s["intent"] != p["intent"]:
            print("INTENT", s["intent"], "<-", p["intent"], p["intent_confidence"], "|", s["text"])


HALVES = {"all": slice(None), "even": slice(0, None, 2), "odd": slice(1, None, 2)}


def measure(model: Path = MODEL) -> dict[str, dict[str, float]]:
    """Every figure of all rows, of each half, and of the second set."""
    understanding = Understanding.load(model)
    said, parsed, codes = answered(understanding, rows())
    halves = {name: figures(said[cut], parsed[cut], codes[cut]) for name, cut in HALVES.items()}
    return {**halves, "second": figures(*answered(understanding, rows(TESTS / "second")))}


def answered(understanding: Understanding, said: list[Row]) -> tuple[list[Row], list[Row], list[Any]]:
    texts = [row["text"] for row in said]
    return said, understanding.parse_many(texts, [NOW] * len(texts)), understanding.rankings("service_code", texts)


def main() -> None:
    if "--errors" in sys.argv:
        said = rows()[HALVES["even"]]
        show_errors(said, Understanding.load(MODEL).parse_many([row["text"] for row in said], [NOW] * len(said)))
        return
    measured = measure()
    print(f"{'':22}" + "".join(f"{name:>9}" for name in measured))
    for name in measured["all"]:
        values = [part[name] for part in measured.values()]
        print(f"{name:22}" + "".join(f"{value:9.3f}" if value % 1 else f"{value:9.0f}" for value in values))


if __name__ == "__main__":
    main()
