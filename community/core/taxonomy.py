"""What cases can be about: services in groups, each with the unit that leads and the time it has."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from community.core.errors import UnknownService


@dataclass(frozen=True)
class Unit:
    """A kind of unit, such as 城管中队, or one of them that serves certain areas and then names its kind."""

    code: str
    name: str
    kind: str = ""
    areas: tuple[str, ...] = ()  # codes
    phone: str = ""


@dataclass(frozen=True)
class Service:
    code: str
    name: str
    group: str
    group_name: str
    covers: str
    gb_code: str  # minor class of GB/T 30428.2, empty where the standard has none
    unit: Unit
    resolve_hours: int


@dataclass(frozen=True)
class Taxonomy:
    services: Mapping[str, Service]
    units: Mapping[str, Unit] = field(default_factory=dict)  # kinds of units, also those that lead in no service

    def __getitem__(self, code: str) -> Service:
        try:
            return self.services[code]
        except KeyError:
            raise UnknownService(code) from None

    def __contains__(self, code: object) -> bool:
        return code in self.services

    def groups(self) -> dict[str, list[Service]]:
        """Services by group name, in the file's order."""
        grouped: dict[str, list[Service]] = {}
        for service in self.services.values():
            grouped.setdefault(service.group_name, []).append(service)
        return grouped
