"""What is asked for in an address, checked."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from community.core.messages import clean
from community.core.workflow import FINISHED, Status
from community.services.ports import PublicQuery
from intake.desk import Desk
from intake.moments import moment_of
from intake.open311.errors import CallRefused, problem

SPAN = timedelta(days=90)
MAX_PAGE_SIZE = 1000
MAX_PAGE = 100_000
MAX_IDS = 100
STATUSES = {"open": frozenset(Status) - FINISHED, "closed": FINISHED}


def several(value: str) -> list[str]:
    """Between commas, cleaned: PostgreSQL takes no zero bytes, not even to look for them."""
    return [part for part in map(clean, value.split(",")) if part]


def ids_of(params: Mapping[str, str]) -> list[str]:
    """Raises CallRefused."""
    ids = several(params.get("service_request_id", ""))
    if len(ids) > MAX_IDS:
        raise CallRefused(400, problem("too_many_ids", limit=MAX_IDS))
    return ids


def public_query(params: Mapping[str, str], desk: Desk) -> PublicQuery:
    """The private services are left out, asked for or not. Raises CallRefused."""
    start, end = span(params, desk.clock())
    size = _whole(params, "page_size", MAX_PAGE_SIZE, MAX_PAGE_SIZE)
    page = _whole(params, "page", MAX_PAGE, 1)
    asked = several(params.get("service_code", "")) or desk.reference.taxonomy.services
    codes = frozenset(asked) - desk.publicity.private
    return PublicQuery(start, end, _statuses(params), codes, limit=size, offset=(page - 1) * size)


def span(params: Mapping[str, str], now: datetime) -> tuple[datetime, datetime]:
    """The last 90 days, or 90 days from or up to the one moment given. Raises CallRefused."""
    start, end = _moment(params, "start_date"), _moment(params, "end_date")
    if start and end and start > end:
        raise CallRefused(400, problem("dates_reversed"))
    if start and end and end - start > SPAN:
        raise CallRefused(400, problem("dates_too_far", days=SPAN.days))
    if start:
        return start, end or start + SPAN
    end = end or now
    return end - SPAN, end


def _moment(params: Mapping[str, str], field: str) -> datetime | None:
    value = params.get(field, "").strip()
    if not value:
        return None
    try:
        return moment_of(value)
    except ValueError:
        raise CallRefused(400, problem("date_wrong", field=field)) from None


def _statuses(params: Mapping[str, str]) -> frozenset[Status]:
    asked = several(params.get("status", "")) or list(STATUSES)
    if any(status not in STATUSES for status in asked):
        raise CallRefused(400, problem("status_unknown"))
    return frozenset().union(*(STATUSES[status] for status in asked))


def _whole(params: Mapping[str, str], field: str, limit: int, default: int) -> int:
    value = params.get(field, "").strip()
    if not value:
        return default
    number = int(value) if value.isascii() and value.isdigit() and len(value) < 9 else 0
    if not 1 <= number <= limit:
        raise CallRefused(400, problem("number_wrong", field=field, limit=limit))
    return number
