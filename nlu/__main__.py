"""python -m nlu parse | classify | evaluate | train | check"""

import nlu.spare_tensorflow  # noqa: F401

# isort: split

import argparse
import json
import shutil
import sys
from pathlib import Path
from typing import List, Optional, Sequence

from nlu.check import problems, rows_under_test
from nlu.clock import moment
from nlu.evaluate import printed, report
from nlu.files import MODEL
from nlu.learn import learn
from nlu.places import read_gazetteer
from nlu.regression import Limits, changes, losses, results
from nlu.store import keep, replace, save
from nlu.table import batches, classify, columns, text_of
from nlu.understand import Understanding, make_segmenter

REFUSED = 3  # exit status: a worse model was made and the one in use kept


def main(arguments: Optional[Sequence[str]] = None) -> int:
    said = _parser().parse_args(arguments)
    try:
        return int(said.run(said) or 0)
    except (FileNotFoundError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="nlu", description=__doc__)
    commands = parser.add_subparsers(required=True)

    parse = commands.add_parser("parse", help="one text, as JSON")
    parse.add_argument("text")
    parse.add_argument("--now", help="ISO time that 昨天 is reckoned from")
    parse.set_defaults(run=_parse)

    classify_ = commands.add_parser("classify", help="a CSV file, with columns added")
    classify_.add_argument("source", type=Path)
    classify_.add_argument("target", type=Path)
    classify_.add_argument("--text-column", default="text", help="several with commas: title,text")
    classify_.add_argument("--now-column")
    classify_.set_defaults(run=_classify)

    evaluate = commands.add_parser("evaluate", help="a labelled CSV file, with scores")
    evaluate.add_argument("source", type=Path)
    evaluate.add_argument("--text-column", default="text", help="several with commas: title,text")
    evaluate.add_argument("--label-column", default="service_code")
    evaluate.set_defaults(run=_evaluate)

    for command in (parse, classify_, evaluate):
        command.add_argument("--model", type=Path, default=MODEL)

    train_ = commands.add_parser("train", help="from data/nlu")
    train_.add_argument("--extra", type=Path, help="CSV of corrections: text, and any labels")
    train_.add_argument("--out", type=Path, default=MODEL)
    train_.add_argument("--even-if-worse", action="store_true", help="replace the model in use whatever it loses")
    train_.set_defaults(run=_train)

    commands.add_parser("check", help="gates of the training data").set_defaults(run=_check)
    return parser


def _parse(said: argparse.Namespace) -> None:
    parsed = Understanding.load(said.model).parse(said.text, moment(said.now))
    print(json.dumps(parsed, ensure_ascii=False, indent=2))


def _classify(said: argparse.Namespace) -> None:
    understanding = Understanding.load(said.model)
    done = classify(understanding, said.source, said.target, said.text_column.split(","), said.now_column)
    print(f"{done} rows -> {said.target}")


def _evaluate(said: argparse.Namespace) -> None:
    text_columns = said.text_column.split(",")
    columns(said.source, *text_columns, said.label_column)
    head = said.label_column if said.label_column in {"intent", "appeal_type", "urgency"} else "service_code"
    understanding = Understanding.load(said.model)
    truth: List[str] = []
    rankings = []
    for batch in batches(said.source):
        records = [record for record in batch if record[said.label_column]]
        truth += [record[said.label_column] for record in records]
        rankings += understanding.rankings(head, [text_of(record, text_columns) for record in records])
    print(printed(report(truth, rankings)))


def _train(said: argparse.Namespace) -> int:
    learned = learn(said.extra, make_segmenter(read_gazetteer()))
    newer = said.out.with_name(f"{said.out.name}.new")
    shutil.rmtree(newer, ignore_errors=True)
    save(learned, newer)
    lost = _compared(_previous(said.out), Understanding.load(newer))
    if lost and not said.even_if_worse:
        keep(said.out)
        print(f"REFUSED, the model in use stays; the new one is in {newer}:", *lost, sep="\n  ")
        return REFUSED
    replace(said.out, newer)
    print(f"data/nlu -> {said.out}")
    return 0


def _compared(before: Optional[Understanding], after: Understanding) -> List[str]:
    """Prints what changed and returns what was lost beyond the limits."""
    rows = rows_under_test()
    if not before or not rows:
        print("no model before" if rows else "no test rows to compare by")
        return []
    then, now = results(before, rows), results(after, rows)
    print(*changes(then, now), sep="\n")
    return losses(then, now, Limits.read())


def _previous(folder: Path) -> Optional[Understanding]:
    try:
        return Understanding.load(folder)
    except (FileNotFoundError, ValueError, KeyError):
        return None  # the first model, or one of another version


def _check(_: argparse.Namespace) -> int:
    found = problems()
    print(*found, f"{len(found)} problems", sep="\n")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
