"""`ketang scores`: how property companies did their part in a month or any other period."""

import asyncio
import csv
import io
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Annotated

import typer

from bot.app import Storage, with_storage
from bot.settings import Settings
from bot.terminal import tell, texts, write
from community.core.clock import SHANGHAI, shanghai
from community.core.scores import Score
from community.services.reference import Reference
from community.services.scores import load_score_rules, score_units
from community.services.wording import unit_name

_COLUMNS = {
    "unit": "column_unit",
    "cases": "column_cases",
    "on_time": "column_on_time",
    "satisfied": "column_satisfied",
    "lasting": "column_lasting",
    "taken_up": "column_taken_up",
    "points": "column_points",
}


def scores(
    file: Annotated[Path, typer.Argument(help="CSV to write.")],
    since: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="First day; 30 days ago.")] = None,
    until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day; today.")] = None,
) -> None:
    """Score the property companies by the cases archived in a period."""
    settings = Settings()

    async def judge(storage: Storage) -> tuple[list[Score], Reference]:
        rules = load_score_rules(settings.data_dir / "routing" / "scores.yml", storage.reference)
        last = until.date() if until else shanghai(storage.clock()).date()
        first = since.date() if since else last - timedelta(days=30)
        async with storage.open_uow() as uow:
            return await score_units(uow, rules, _midnight(first), _midnight(last + timedelta(days=1))), uow.reference

    judged, reference = asyncio.run(with_storage(settings, judge))
    write(file, as_csv(judged, reference), "utf-8-sig")  # the mark lets Excel read it as UTF-8
    tell("scores_written", units=len(judged), file=file)


def as_csv(scores: list[Score], reference: Reference) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(texts().render(key) for key in _COLUMNS.values())
    for one in scores:
        shares = (_percent(one.shares[name]) for name in _COLUMNS if name in one.shares)
        writer.writerow([unit_name(reference, one.unit_code), one.cases, *shares, _points(one.points)])
    return out.getvalue()


def _percent(share: Fraction | None) -> str:
    return "" if share is None else f"{round(100 * share)}%"


def _points(points: Fraction | None) -> str:
    return texts().render("too_few_cases") if points is None else f"{float(points):.1f}"


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)
