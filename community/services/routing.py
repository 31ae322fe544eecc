"""Reads data/routing: who serves where, and the rules that say who handles what; every mistake is told at once."""

from collections.abc import Container, Mapping, Sequence
from pathlib import Path
from typing import Annotated

from pydantic import Field, model_validator

from community.core.cases import Urgency
from community.core.limits import LimitSpec
from community.core.procedures import Procedures
from community.core.routing import Default, Routes
from community.core.routing_rules import Conditions, Days, Rule
from community.core.taxonomy import Taxonomy, Unit
from community.core.worktime import Basis
from community.services.problems import FILLED, Problems, Row, known, twice
from community.services.route_checks import undecided

Service = Annotated[str, known("service")]
Group = Annotated[str, known("group")]
AreaCode = Annotated[str, known("area")]
Kind = Annotated[str, known("kind")]
AnyUnit = Annotated[str, known("unit")]
Hour = Annotated[int, Field(strict=True, ge=0, le=23)]
Amount = Annotated[int, Field(strict=True, gt=0)]


class _Limit(Row):
    """Written in hours or in minutes, always whole."""

    hours: Amount | None = None
    minutes: Amount | None = None
    basis: Basis

    @model_validator(mode="after")
    def _either(self) -> "_Limit":
        if (self.hours is None) is (self.minutes is None):
            raise ValueError("give either hours or minutes")
        return self

    def spec(self) -> LimitSpec:
        return LimitSpec(self.minutes or (self.hours or 0) * 60, self.basis)


def _spec(limit: _Limit | None) -> LimitSpec | None:
    return limit.spec() if limit else None


class _When(Row):
    codes: Annotated[tuple[Service, ...], FILLED] = ()
    groups: Annotated[tuple[Group, ...], FILLED] = ()
    areas: Annotated[tuple[AreaCode, ...], FILLED] = ()
    hours: tuple[Hour, Hour] | None = None
    days: Days | None = None
    urgency: Annotated[tuple[Urgency, ...], FILLED] = ()

    @model_validator(mode="after")
    def _some_hours(self) -> "_When":
        if self.hours and self.hours[0] == self.hours[1]:
            raise ValueError("hours end when they begin")
        return self


class _Rule(Row):
    name: str
    when: _When = _When()
    lead: AnyUnit | None = None
    co_units: tuple[AnyUnit, ...] | None = None
    response: _Limit | None = None
    resolve: _Limit | None = None
    fallback: AnyUnit | None = None
    needs_photo: Annotated[bool, Field(strict=True)] | None = None

    @model_validator(mode="after")
    def _says_something(self) -> "_Rule":
        if self.model_fields_set <= {"name", "when"}:
            raise ValueError("says nothing")
        if self.lead is not None and self.lead in (self.fallback, *(self.co_units or ())):
            raise ValueError("names its lead twice")
        return self


class _Routes(Row):
    response: _Limit  # where no rule says otherwise
    routes: tuple[_Rule, ...]


class _Unit(Row):
    code: str
    name: str
    kind: Kind
    areas: Annotated[tuple[AreaCode, ...], FILLED]
    phone: str = ""


class _Units(Row):
    units: tuple[_Unit, ...]


def load_routes(folder: Path, taxonomy: Taxonomy, areas: Mapping[str, Sequence[str]], procedures: Procedures) -> Routes:
    """`areas` has each area's code with those of what it lies in, the smallest first.

    Raises BadReferenceData with a line `file: reason` for everything that is wrong.
    """
    problems, path = Problems(), folder / "routes.yml"
    units = {**taxonomy.units, **_load_units(folder / "units.yml", taxonomy, areas, problems)}
    groups = {service.group for service in taxonomy.services.values()}
    content = problems.read(path, _Routes, service=taxonomy.services, group=groups, area=areas, unit=units)
    if content is None:
        raise problems.refusal()
    rules = tuple(_rule(row) for row in content.routes)
    doubles = twice(rule.name for rule in rules)
    problems.add(path, *(f"rule {name} stands there twice" for name in doubles), *undecided(rules, taxonomy, areas))
    problems.refuse()
    return Routes(rules, _defaults(content.response.spec(), taxonomy, procedures), units)


def _load_units(path: Path, taxonomy: Taxonomy, areas: Container[str], problems: Problems) -> dict[str, Unit]:
    content = problems.read(path, _Units, kind=taxonomy.units, area=areas)
    units = [Unit(row.code, row.name, row.kind, row.areas, row.phone) for row in content.units] if content else []
    problems.add(path, *(f"unit {code} stands there twice" for code in twice(unit.code for unit in units)))
    problems.add(path, *(f"unit {unit.code} is a kind of unit" for unit in units if unit.code in taxonomy.units))
    served = twice(f"{unit.kind} units serve {area}" for unit in units for area in unit.areas)
    problems.add(path, *(f"several {reason}" for reason in served))
    return {unit.code: unit for unit in units}


def _rule(row: _Rule) -> Rule:
    when = row.when
    return Rule(
        name=row.name,
        when=Conditions(
            codes=frozenset(when.codes),
            groups=frozenset(when.groups),
            areas=frozenset(when.areas),
            hours=when.hours,
            days=when.days,
            urgency=frozenset(when.urgency),
        ),
        lead=row.lead,
        co_units=row.co_units,
        response=_spec(row.response),
        resolve=_spec(row.resolve),
        fallback=row.fallback,
        needs_photo=row.needs_photo,
    )


def _defaults(response: LimitSpec, taxonomy: Taxonomy, procedures: Procedures) -> dict[str, Default]:
    """Unit and hours of the taxonomy, and the procedure that names the service."""
    return {
        code: Default(
            lead=service.unit.code,
            response=response,
            resolve=LimitSpec.of_hours(service.resolve_hours),
            procedure=found.code if (found := procedures.for_service(code)) else None,
        )
        for code, service in taxonomy.services.items()
    }
