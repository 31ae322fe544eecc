"""What cases can be about: services in groups, each with the unit that leads and the time it has."""

from collections.abc import Mapping
from dataclasses import dataclass

from community.core.errors import UnknownService


@dataclass(frozen=True)
class Unit:
    code: str
    name: str


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
