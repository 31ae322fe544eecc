"""The list of cases."""

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from community.core.staff import Staff
from community.services.ports import CasePage, CaseQuery, UnitOfWork
from console.access import staff_only, unit_of
from console.desk import desk_of, render
from console.filters import OVERDUE, REVIEW, REVISIT, Filters, filters_from, query_for
from console.views import cases as rows
from console.views import choices


@staff_only
async def list_cases(request: Request, uow: UnitOfWork, staff: Staff) -> Response:
    desk, now, reference = desk_of(request), uow.now(), uow.reference
    own = unit_of(staff)
    filters, found = await _search(uow, filters_from(request.query_params, reference), own)
    counts = await uow.cases.count_by_status(own)
    return render(
        request,
        "cases.html",
        staff=staff,
        filters=filters,
        tabs=rows.tabs(filters, counts, await _questions(uow, own), desk.texts),
        rows=[rows.row(case, reference, desk.texts, now) for case in found.cases],
        paging=rows.paging(filters, found, CaseQuery.page_size),
        service_groups=choices.service_groups(reference, whole_groups=True),
        area_groups=choices.area_groups(reference),
        unit_groups=[] if own else choices.unit_groups(reference),
        any_cases=bool(counts),
    )


async def _questions(uow: UnitOfWork, own: str) -> dict[str, int]:
    """How many cases answer each question that is asked all day."""
    queries = {
        OVERDUE: CaseQuery(overdue_at=uow.now(), unit_code=own, page_size=1),
        REVIEW: CaseQuery(to_review=True, unit_code=own, page_size=1),
        REVISIT: CaseQuery(to_revisit=True, unit_code=own, page_size=1),
    }
    return {name: (await uow.cases.search(query)).total for name, query in queries.items()}


async def _search(uow: UnitOfWork, filters: Filters, own: str) -> tuple[Filters, CasePage]:
    """What the filters ask for; beyond the last page, that page. `own`: the one unit somebody may see."""
    query = query_for(filters, uow.reference.taxonomy, uow.now())
    found = await uow.cases.search(replace(query, unit_code=own or query.unit_code))
    last = max(-(-found.total // CaseQuery.page_size), 1)
    if filters.page <= last:
        return filters, found
    return await _search(uow, replace(filters, page=last), own)


routes = [Route("/", list_cases, methods=["GET"], name="cases")]
