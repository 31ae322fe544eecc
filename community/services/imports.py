"""Tables that people bring along: every row is looked at, every error is told, and nothing is written beside one."""

import csv
import dataclasses
import io
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from community.core.errors import ValueRefused
from community.core.messages import clean

MAX_TEXT = 64  # characters, as the columns of the tables have them


@dataclass(frozen=True)
class RowError:
    """`row` is the line of a CSV file or the number of a GeoJSON feature from 1, and 0 for the file as a whole."""

    row: int
    field: str  # column or property, empty for the whole row
    reason_key: str
    values: Mapping[str, object] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True)
class ImportReport:
    """Everything was written, or nothing and why. `known` rows had been written before."""

    written: int
    errors: tuple[RowError, ...] = ()
    known: int = 0


@dataclass
class Row:
    """One row on its way in; what is wrong with it goes to `errors`, which it shares with the others."""

    number: int
    values: Mapping[str, object]
    errors: list[RowError]
    is_fine: bool = True

    def take(self, column: str, parse: Callable[[object], Any]) -> Any:
        """What the parser makes of the value; None after a ValueRefused, which is noted."""
        try:
            return parse(self.values.get(column))
        except ValueRefused as refused:
            self.refuse(column, refused.reason_key, **refused.values)
            return None

    def refuse(self, column: str, reason_key: str, **values: object) -> None:
        self.is_fine = False
        self.errors.append(RowError(self.number, column, reason_key, values))


def refused(errors: Iterable[RowError]) -> ImportReport:
    """In the order of the rows."""
    return ImportReport(0, tuple(sorted(errors, key=lambda error: error.row)))


def csv_rows(text: str, columns: Sequence[str], errors: list[RowError]) -> list[Row]:
    """The rows with something in them; missing columns and uneven rows go to `errors`."""
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    try:
        reader.fieldnames = [clean(name) for name in reader.fieldnames or ()]
        missing = [column for column in columns if column not in reader.fieldnames]
        errors += [RowError(0, column, "import_column_missing") for column in missing]
        return [] if missing else list(filter(None, (_row(reader.line_num, values, errors) for values in reader)))
    except csv.Error:
        errors.append(RowError(reader.line_num + 1, "", "import_csv_broken"))
        return []


def _row(number: int, values: dict[str, Any], errors: list[RowError]) -> Row | None:
    if None in values or None in values.values():
        errors.append(RowError(number, "", "import_row_uneven"))
        return None
    return Row(number, values, errors) if any(map(clean, values.values())) else None


def to_csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    target = io.StringIO(newline="")
    csv.writer(target, lineterminator="\n").writerows([columns, *rows])
    return target.getvalue()


def one_line(said: str) -> str:
    """Cleaned, every run of blanks and line breaks one blank."""
    return " ".join(clean(said).split())


def optional_text(value: object) -> str:
    """On one line, and no longer than a column holds."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ValueRefused("import_not_text")
    if len(cleaned := one_line(value)) > MAX_TEXT:
        raise ValueRefused("import_too_long", length=len(cleaned), limit=MAX_TEXT)
    return cleaned


def text(value: object) -> str:
    if cleaned := optional_text(value):
        return cleaned
    raise ValueRefused("import_missing")


def one_of(choices: Collection[str]) -> Callable[[object], str]:
    """A parser for values of which there are few."""

    def parse(value: object) -> str:
        if (chosen := text(value)) in choices:
            return chosen
        raise ValueRefused("import_not_a_choice", value=chosen, choices="、".join(choices))

    return parse


def known(codes: Collection[str], reason_key: str) -> Callable[[object], str]:
    """A parser for codes of things that have to exist; the text of `reason_key` is given the `code`."""

    def parse(value: object) -> str:
        if (code := text(value)) in codes:
            return code
        raise ValueRefused(reason_key, code=code)

    return parse


def refuse_repeated(rows: Iterable[Row], columns: Sequence[str], reason_key: str) -> None:
    """Notes each row that is the same as an earlier one in these columns; the text is given that `row`."""
    first: dict[tuple[str, ...], int] = {}
    for row in rows:
        key = tuple(one_line(str(row.values.get(column) or "")) for column in columns)
        if all(key) and (earlier := first.setdefault(key, row.number)) != row.number:
            row.refuse(columns[-1], reason_key, row=earlier)
