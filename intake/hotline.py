"""Lists of the citizens' hotline 热线工单, as CSV: every row becomes a case, and a row known before changes nothing."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from community.core.cases import CaseDraft, Source
from community.core.clock import SHANGHAI
from community.core.errors import ValueRefused
from community.core.messages import MAX_TEXT, clean
from community.core.taxonomy import Taxonomy
from community.services.imports import (
    ImportReport,
    Row,
    RowError,
    csv_rows,
    one_line,
    optional_text,
    refuse_repeated,
    refused,
    text,
)
from community.services.ports import UnitOfWork
from intake.taking import Reporter, named_area, take_in

CHANNEL = "hotline"
UNSORTED = "other"
MAX_ADDRESS = 500

# What we call a column, and what the head of the list may call it.
CHINESE = {
    "number": "工单编号",
    "called_at": "来电时间",
    "description": "诉求内容",
    "address": "地址",
    "category": "类别",
    "phone": "联系电话",
}
ENGLISH = {name: name for name in CHINESE}


@dataclass(frozen=True)
class Call:
    draft: CaseDraft
    number: str
    contacts: list[str]


async def import_hotline(uow: UnitOfWork, csv_text: str) -> ImportReport:
    """Takes in all rows or none; `known` of the report counts those that had been taken in before."""
    errors: list[RowError] = []
    columns = _columns(csv_text)
    rows = csv_rows(csv_text, list(columns.values()), errors)
    calls = [call for row in rows if (call := _call(row, columns, uow))]
    refuse_repeated(rows, [columns["number"]], "hotline_number_repeated")
    if errors:
        return refused(errors)
    written = sum([(await take_in(uow, Reporter(call.number), call.draft, call.contacts))[1] for call in calls])
    if written:
        await uow.commit()
    return ImportReport(written, known=len(calls) - written)


def _columns(csv_text: str) -> Mapping[str, str]:
    """Those of the head; what cannot be read as a table is refused with the rows."""
    try:
        head = next(csv.reader(io.StringIO(csv_text.removeprefix("\ufeff"), newline="")), [])
    except csv.Error:
        head = []
    return CHINESE if any(clean(name) in CHINESE.values() for name in head) else ENGLISH


def _call(row: Row, columns: Mapping[str, str], uow: UnitOfWork) -> Call | None:
    taxonomy = uow.reference.taxonomy
    number = row.take(columns["number"], text)
    called_at = row.take(columns["called_at"], lambda value: _moment(value, uow.now()))
    description = row.take(columns["description"], _description)
    address = row.take(columns["address"], _address)
    category = row.take(columns["category"], lambda value: _category(value, taxonomy))
    phone = row.take(columns["phone"], optional_text)
    if not row.is_fine:
        return None
    draft = CaseDraft(
        account_id=0,  # until the caller has an account
        origin=f"{CHANNEL}:{number}",
        description=description,
        service_code=category or UNSORTED,
        area_code=named_area(uow.reference.areas, address),
        address=address,
        confidence=None if category else 0.0,  # nobody has said what it is about: first in line for review
        source=Source.HOTLINE,
        details={"occurred_at": called_at.isoformat()} if called_at else {},
    )
    return Call(draft, number, [phone] if phone else [])


def _moment(value: object, now: datetime) -> datetime | None:
    """2026-11-23 09:15, by the clock of Shanghai unless it names another zone."""
    said = optional_text(value).replace("/", "-")
    if not said:
        return None
    try:
        moment = datetime.fromisoformat(said)
    except ValueError:
        raise ValueRefused("hotline_time_wrong", value=said) from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)
    if moment > now:
        raise ValueRefused("hotline_time_ahead", value=said)
    return moment


def _description(value: object) -> str:
    said = clean(str(value or ""))
    if not said:
        raise ValueRefused("import_missing")
    if len(said) > MAX_TEXT:
        raise ValueRefused("import_too_long", length=len(said), limit=MAX_TEXT)
    return said


def _address(value: object) -> str:
    said = one_line(str(value or ""))
    if len(said) > MAX_ADDRESS:
        raise ValueRefused("import_too_long", length=len(said), limit=MAX_ADDRESS)
    return said


def _category(value: object, taxonomy: Taxonomy) -> str:
    """The code of a service, named by its code or its exact name; empty when nothing is said."""
    said = optional_text(value)
    if not said or said in taxonomy:
        return said
    codes = [service.code for service in taxonomy.services.values() if service.name == said]
    if not codes:
        raise ValueRefused("hotline_category_unknown", value=said)
    return codes[0]
