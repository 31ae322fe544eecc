"""The question in the address of the list: what the parameters mean, and the addresses of related questions."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode

from community.core.areas import Areas
from community.core.messages import clean
from community.core.taxonomy import Taxonomy
from community.core.workflow import FINISHED, Status
from community.services.ports import CaseQuery
from community.services.reference import Reference
from console.forms import number

OPEN, OVERDUE, REVIEW, REVISIT, ALL = "open", "overdue", "review", "revisit", "all"
GROUP_PREFIX = "group:"
MAX_TEXT = 100
MAX_PAGE = 100_000


@dataclass(frozen=True)
class Filters:
    """Only values that mean something. `status` is one of the five above, a Status, or empty when nobody chose one."""

    text: str = ""
    status: str = ""
    service: str = ""
    area: str = ""
    unit: str = ""
    page: int = 1

    @property
    def tab(self) -> str:
        """Unless one was chosen: work waits in the open cases, but who searches means all of them."""
        return self.status or (ALL if self.text else OPEN)

    @property
    def narrowed(self) -> bool:
        return bool(self.text or self.service or self.area or self.unit)

    def link(self, **changes: str | int) -> str:
        """The query string of the same question with these changes; a change starts at page 1."""
        other = replace(self, **{"page": 1, **changes})  # type: ignore[arg-type]
        values = {
            "q": other.text,
            "status": other.status,
            "service": other.service,
            "area": other.area,
            "unit": other.unit,
        }
        pairs = {name: value for name, value in values.items() if value}
        if other.page > 1:
            pairs["page"] = str(other.page)
        return f"?{urlencode(pairs)}"


def filters_from(params: Mapping[str, str], reference: Reference) -> Filters:
    text, named_area = _area_named_in(clean(params.get("q", ""))[:MAX_TEXT], reference.areas)
    area = params.get("area", "")
    return Filters(
        text=text,
        status=_known(params.get("status", ""), {OPEN, OVERDUE, REVIEW, REVISIT, ALL, *Status}),
        service=_known(params.get("service", ""), service_choices(reference.taxonomy)),
        area=area if area in reference.areas.neighbourhoods else named_area,
        unit=_known(params.get("unit", ""), set(reference.routes.units)),
        page=min(max(number(params.get("page", "")), 1), MAX_PAGE),
    )


def _known(value: str, choices: set[str]) -> str:
    return value if value in choices else ""


def _area_named_in(text: str, areas: Areas) -> tuple[str, str]:
    """A neighbourhood's name among the words becomes the filter: cases know their area by code, not by its name."""
    words = text.split()
    for word in words:
        meant = [area.code for area in areas.neighbourhoods.values() if word in (area.name, *area.aliases)]
        if len(meant) == 1:
            return " ".join(other for other in words if other != word), meant[0]
    return " ".join(words), ""


def service_choices(taxonomy: Taxonomy) -> set[str]:
    groups = {GROUP_PREFIX + service.group for service in taxonomy.services.values()}
    return groups | set(taxonomy.services)


def query_for(filters: Filters, taxonomy: Taxonomy, now: datetime) -> CaseQuery:
    return CaseQuery(
        text=filters.text,
        statuses=_statuses(filters.tab),
        service_codes=_service_codes(filters.service, taxonomy),
        area_code=filters.area,
        unit_code=filters.unit,
        overdue_at=now if filters.tab == OVERDUE else None,
        to_review=filters.tab == REVIEW,
        to_revisit=filters.tab == REVISIT,
        page=filters.page,
    )


def _statuses(tab: str) -> frozenset[Status]:
    if tab == OPEN:
        return frozenset(Status) - FINISHED
    return frozenset() if tab in (OVERDUE, REVIEW, REVISIT, ALL) else frozenset({Status(tab)})


def _service_codes(choice: str, taxonomy: Taxonomy) -> frozenset[str]:
    if not choice.startswith(GROUP_PREFIX):
        return frozenset({choice} - {""})
    group = choice.removeprefix(GROUP_PREFIX)
    return frozenset(service.code for service in taxonomy.services.values() if service.group == group)
