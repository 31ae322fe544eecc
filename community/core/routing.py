"""Who handles a case, with whom and in what time.

The most specific rule that says something decides, for each part of a route by itself; so a rule says only what it
wants to be different.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from community.core.cases import Urgency
from community.core.errors import UnknownService, UnknownUnit
from community.core.limits import LimitSpec
from community.core.routing_rules import Rule, Situation, ranked
from community.core.taxonomy import Unit


@dataclass(frozen=True)
class Default:
    """What holds for a service where no rule says otherwise."""

    lead: str
    response: LimitSpec
    resolve: LimitSpec
    procedure: str | None = None


@dataclass(frozen=True)
class Route:
    lead: str
    co_units: tuple[str, ...]  # joint handling 联勤: each gets a task, the lead answers for the whole
    response: LimitSpec
    resolve: LimitSpec
    fallback: str | None  # takes over when the lead has not resolved it in time 管执联动
    procedure: str | None
    needs_photo: bool


@dataclass(frozen=True)
class Routes:
    rules: tuple[Rule, ...]
    defaults: Mapping[str, Default]  # by service code
    units: Mapping[str, Unit]  # kinds, and the units that serve some area

    def unit(self, code: str) -> Unit:
        try:
            return self.units[code]
        except KeyError:
            raise UnknownUnit(code) from None

    @cached_property
    def serving(self) -> Mapping[tuple[str, str], str]:
        """The unit by its kind and an area it serves."""
        return {(unit.kind, area): unit.code for unit in self.units.values() for area in unit.areas}


def route(
    routes: Routes,
    *,
    service_code: str,
    group: str,
    area_codes: Sequence[str],
    towns: Sequence[str],
    moment: datetime,
    is_workday: bool,
    urgency: Urgency,
) -> Route:
    """`area_codes` are the area and what it lies in, smallest first; of several `towns` (插花地带) the first one leads.

    Raises UnknownService.
    """
    if service_code not in routes.defaults:
        raise UnknownService(service_code)
    places = _places(area_codes, towns)
    situation = Situation(service_code, group, places[0], moment, is_workday, urgency)
    rules = [rule for _, rule in ranked(routes.rules, situation)]
    default = routes.defaults[service_code]
    lead_kind, fallback_kind = _pick(rules, lambda rule: rule.lead) or default.lead, _pick(rules, lambda r: r.fallback)
    lead, *others = _joint(routes, (lead_kind, *(_pick(rules, lambda rule: rule.co_units) or ())), places)
    return Route(
        lead=lead,
        co_units=tuple(others),
        response=_pick(rules, lambda rule: rule.response) or default.response,
        resolve=_pick(rules, lambda rule: rule.resolve) or default.resolve,
        fallback=_concrete(routes, fallback_kind, places[0]) if fallback_kind else None,
        procedure=default.procedure,
        needs_photo=_pick(rules, lambda rule: rule.needs_photo) or False,
    )


def _pick[Value](rules: Iterable[Rule], part: Callable[[Rule], Value | None]) -> Value | None:
    return next((value for rule in rules if (value := part(rule)) is not None), None)


def _places(area_codes: Sequence[str], towns: Sequence[str]) -> list[tuple[str, ...]]:
    """The area as each of its towns sees it, the leading town's first."""
    own = tuple(area_codes or towns[:1])
    return [own, *(_seen_from(town, towns[0], own) for town in towns[1:])]


def _seen_from(town: str, first: str, own: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(town if code == first else code for code in own) if first in own else (town, *own)


def _joint(routes: Routes, kinds: Iterable[str], places: Sequence[tuple[str, ...]]) -> list[str]:
    """The units of these kinds in each of the places, each once, the lead first."""
    return list(dict.fromkeys(_concrete(routes, kind, place) for kind in kinds for place in places))


def _concrete(routes: Routes, kind: str, area_codes: Iterable[str]) -> str:
    """The unit of this kind that serves the smallest of the areas, else the kind itself."""
    return next((routes.serving[kind, code] for code in area_codes if (kind, code) in routes.serving), kind)
