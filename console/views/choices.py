"""What a select offers."""

from dataclasses import dataclass

from community.core.cases import Case
from community.core.routing import Routes
from community.core.taxonomy import Unit
from community.services.reference import Reference
from community.services.wording import unit_name
from console.filters import GROUP_PREFIX


@dataclass(frozen=True)
class Choice:
    value: str
    name: str
    chosen: bool = False


@dataclass(frozen=True)
class ChoiceGroup:
    name: str
    choices: list[Choice]


def service_groups(reference: Reference, *, whole_groups: bool) -> list[ChoiceGroup]:
    """The services for a select; with `whole_groups` each group can be chosen too."""
    groups = []
    for name, services in reference.taxonomy.groups().items():
        whole = [Choice(GROUP_PREFIX + services[0].group, "")] if whole_groups else []
        groups.append(ChoiceGroup(name, whole + [Choice(service.code, service.name) for service in services]))
    return groups


def area_groups(reference: Reference) -> list[ChoiceGroup]:
    towns: dict[str, list[Choice]] = {}
    for area in reference.areas.neighbourhoods.values():
        towns.setdefault(area.town, []).append(Choice(area.code, area.name))
    return [ChoiceGroup(town, choices) for town, choices in towns.items()]


def unit_groups(reference: Reference) -> list[ChoiceGroup]:
    """Every unit, each kind with those of its kind."""
    groups: dict[str, list[Choice]] = {}
    for unit in reference.routes.units.values():
        kind = unit.kind or unit.code
        groups.setdefault(kind, []).append(Choice(unit.code, unit.name))
    return [ChoiceGroup(unit_name(reference, kind), choices) for kind, choices in groups.items()]


def units_for(case: Case, reference: Reference, chosen: tuple[str, ...]) -> list[Choice]:
    """Those chosen first, then who serves the place of the case, then the kinds of units."""
    areas = _places(case, reference)
    serving = [unit.code for unit in reference.routes.units.values() if areas.intersection(unit.areas)]
    codes = dict.fromkeys((*chosen, *serving, *(unit.code for unit in _kinds(reference.routes))))
    return [Choice(code, unit_name(reference, code), code in chosen) for code in codes if code]


def _kinds(routes: Routes) -> list[Unit]:
    return [unit for unit in routes.units.values() if not unit.areas]


def _places(case: Case, reference: Reference) -> set[str]:
    code, areas = case.area_code, reference.areas
    if code is None or code not in areas:
        return set()
    around = {code, *(area.code for area in areas.ancestors(code))}
    return around | {area.code for area in areas.responsible_towns(code)}
