"""Duty rosters in and out as CSV."""

import re
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, time

from community.core.errors import ValueRefused
from community.core.rosters import Pattern, Roster, crew_count
from community.services.imports import (
    ImportReport,
    Row,
    RowError,
    csv_rows,
    one_line,
    one_of,
    refuse_repeated,
    refused,
    text,
    to_csv,
)
from community.services.ports import UnitOfWork

COLUMNS = ("code", "pattern", "starts_on", "change_at", "crews")
_DATE = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})")  # with strokes, as spreadsheets like to write it
_TIME = re.compile(r"(\d{1,2})[:：](\d{2})")
_CREW_MARK, _NAME_MARK = "|", ";"
_NAME_MARKS = re.compile("[;；、]")


async def import_rosters(uow: UnitOfWork, csv_text: str) -> ImportReport:
    """Takes in all rows or none, each in the place of the roster with its code.

    Crews are parted by |, names within a crew by ; or 、. How many crews there are follows from the pattern.
    """
    errors: list[RowError] = []
    rows = csv_rows(csv_text, COLUMNS, errors)
    rosters = [roster for row in rows if (roster := _roster(row))]
    refuse_repeated(rows, ["code"], "import_code_repeated")
    if errors:
        return refused(errors)
    await uow.grids.save_rosters(rosters)
    await uow.commit()
    return ImportReport(len(rosters))


def _roster(row: Row) -> Roster | None:
    code, pattern = row.take("code", text), row.take("pattern", one_of(Pattern))
    starts_on, change_at = row.take("starts_on", _date), row.take("change_at", _time)
    crews = row.take("crews", _crews)
    if row.is_fine and len(crews) != (needed := crew_count(Pattern(pattern))):
        row.refuse("crews", "roster_crew_count", count=len(crews), needed=needed)
    return Roster(code, Pattern(pattern), starts_on, change_at, crews) if row.is_fine else None


def _date(value: object) -> date:
    if match := _DATE.fullmatch(said := text(value)):
        with suppress(ValueError):
            return date(*map(int, match.groups()))
    raise ValueRefused("roster_date_wrong", value=said)


def _time(value: object) -> time:
    if match := _TIME.fullmatch(said := text(value)):
        with suppress(ValueError):
            hour, minute = map(int, match.groups())
            return time(hour, minute)
    raise ValueRefused("roster_time_wrong", value=said)


def _crews(value: object) -> tuple[tuple[str, ...], ...]:
    crews = [_NAME_MARKS.split(crew) for crew in str(value).split(_CREW_MARK)]
    read = tuple(tuple(filter(None, map(one_line, crew))) for crew in crews)
    if not all(read):
        raise ValueRefused("roster_crew_empty")
    names = [text(name) for crew in read for name in crew]  # none too long
    if repeated := [name for name, times in Counter(names).items() if times > 1]:
        raise ValueRefused("roster_person_repeated", name=repeated[0])
    return read


async def export_rosters(uow: UnitOfWork) -> str:
    """All rosters as import_rosters takes them."""
    return to_csv(COLUMNS, map(_columns, await uow.grids.rosters()))


def _columns(roster: Roster) -> Sequence[str]:
    crews = _CREW_MARK.join(map(_NAME_MARK.join, roster.crews))
    return roster.code, roster.pattern, roster.starts_on.isoformat(), f"{roster.change_at:%H:%M}", crews
