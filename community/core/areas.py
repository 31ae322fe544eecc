"""The ground in five levels, from the district 区 down to the building group 楼组."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property

from community.core.errors import NotFound


class Level(IntEnum):
    """A smaller number lies above a greater one."""

    DISTRICT = 1
    TOWN = 2
    ZONE = 3
    NEIGHBOURHOOD = 4
    BUILDING = 5


@dataclass(frozen=True)
class Area:
    code: str
    name: str
    aliases: tuple[str, ...] = ()
    town: str = ""  # the town's name
    level: Level = Level.NEIGHBOURHOOD
    parent: str = ""  # code of the area it lies in, empty at the top
    also: tuple[str, ...] = ()  # border area 插花地: codes of the other towns that answer for it, too
    point: tuple[float, float] | None = None  # WGS-84 longitude and latitude somewhere in its middle


@dataclass(frozen=True)
class Areas:
    """Areas of all levels by code; none lies in itself, which the loader sees to."""

    all: Mapping[str, Area]

    def __getitem__(self, code: str) -> Area:
        try:
            return self.all[code]
        except KeyError:
            raise NotFound(f"no area {code}") from None

    def __contains__(self, code: object) -> bool:
        return code in self.all

    @cached_property
    def neighbourhoods(self) -> Mapping[str, Area]:
        """What residents name and cases are counted by."""
        return {code: area for code, area in self.all.items() if area.level is Level.NEIGHBOURHOOD}

    def name(self, code: str | None) -> str:
        area = self.all.get(code or "")
        return area.name if area else ""

    def ancestors(self, code: str) -> tuple[Area, ...]:
        """The areas it lies in, the nearest first. Raises NotFound."""
        return tuple(self._above(self[code]))

    def _above(self, area: Area) -> Iterator[Area]:
        while above := self.all.get(area.parent):
            yield above
            area = above

    def within(self, code: str, ancestor: str) -> bool:
        """Whether it is that area or lies in it; joint responsibility does not count. Raises NotFound."""
        return code == self[ancestor].code or any(area.code == ancestor for area in self.ancestors(code))

    def town_of(self, code: str) -> Area | None:
        """The town it is or lies in; None above the towns. Raises NotFound."""
        return next((area for area in self._with_ancestors(code) if area.level is Level.TOWN), None)

    def responsible_towns(self, code: str) -> tuple[Area, ...]:
        """Its town, then the towns that answer with it for a border area 插花地. Raises NotFound."""
        own = self.town_of(code)
        joint = (self[town] for area in self._with_ancestors(code) for town in area.also)
        return tuple(dict.fromkeys((*([own] if own else []), *joint)))

    def _with_ancestors(self, code: str) -> tuple[Area, ...]:
        return (self[code], *self.ancestors(code))
