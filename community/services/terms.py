"""Who deals with a case and in what time, decided when it is opened and whenever what it is about changes."""

from dataclasses import replace
from datetime import datetime, timedelta

from community.core.cases import Case
from community.core.clock import shanghai
from community.core.clocks import Limit
from community.core.limits import LimitSpec
from community.core.routing import route
from community.core.terms import Terms
from community.services.reference import Reference


def decide_terms(reference: Reference, case: Case, moment: datetime) -> Terms:
    """Raises UnknownService."""
    areas, code = reference.areas, case.area_code
    known = code is not None and code in areas
    chosen = route(
        reference.routes,
        service_code=case.service_code,
        group=reference.taxonomy[case.service_code].group,
        area_codes=(code, *(area.code for area in areas.ancestors(code))) if code and known else (),
        towns=tuple(area.code for area in areas.responsible_towns(code)) if code and known else (),
        moment=moment,
        is_workday=reference.loop.schedule.is_workday(shanghai(moment).date()),
        urgency=case.urgency,
    )
    return Terms(
        lead=chosen.lead,
        co_units=chosen.co_units,
        response=_limit(chosen.response),
        resolve=_limit(chosen.resolve),
        fallback=chosen.fallback,
        needs_photo=chosen.needs_photo,
        procedure=chosen.procedure,
    )


def next_in_line(terms: Terms) -> Terms | None:
    """管执联动: who takes over, with as much time again, the first unit beside it; None when nobody does."""
    if terms.fallback is None or terms.fallback == terms.lead:
        return None
    return replace(terms, lead=terms.fallback, co_units=(terms.lead,), fallback=None)


def _limit(spec: LimitSpec) -> Limit:
    return Limit(timedelta(minutes=spec.minutes), spec.basis)
