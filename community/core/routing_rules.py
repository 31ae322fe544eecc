"""Rules of routing: when each holds and what it says.

Urgency weighs most, since danger goes before everything; then code before group, then the smaller area, then the time.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from community.core.cases import Urgency
from community.core.clock import shanghai
from community.core.limits import LimitSpec

Rank = tuple[int, int, int, int]


class Days(StrEnum):
    WORKDAY = "workday"
    HOLIDAY = "holiday"  # weekends too


@dataclass(frozen=True)
class Situation:
    service_code: str
    group: str
    area_codes: tuple[str, ...]  # the area, then what it lies in, the largest last
    moment: datetime
    is_workday: bool
    urgency: Urgency


@dataclass(frozen=True)
class Conditions:
    """All that are given must hold; codes and groups are one condition, which either fulfils."""

    codes: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    areas: frozenset[str] = frozenset()
    hours: tuple[int, int] | None = None  # from one full hour to before another in Shanghai, also across midnight
    days: Days | None = None
    urgency: frozenset[Urgency] = frozenset()

    def rank(self, situation: Situation) -> Rank | None:
        """How specific they are here, or None when they do not hold."""
        service, area = self._service(situation), self._area(situation)
        if service is None or area is None or not self._is_time(situation) or not self._is_urgency(situation):
            return None
        return bool(self.urgency), service, area, (self.hours is not None) + (self.days is not None)

    def _service(self, situation: Situation) -> int | None:
        if situation.service_code in self.codes:
            return 2
        if situation.group in self.groups:
            return 1
        return None if self.codes or self.groups else 0

    def _area(self, situation: Situation) -> int | None:
        smallest = next((at for at, code in enumerate(situation.area_codes) if code in self.areas), None)
        if smallest is not None:
            return len(situation.area_codes) - smallest
        return None if self.areas else 0

    def _is_time(self, situation: Situation) -> bool:
        day = Days.WORKDAY if situation.is_workday else Days.HOLIDAY
        return self.days in (None, day) and self._is_hour(shanghai(situation.moment).hour)

    def _is_hour(self, hour: int) -> bool:
        if self.hours is None:
            return True
        start, end = self.hours
        return start <= hour < end if start < end else hour >= start or hour < end

    def _is_urgency(self, situation: Situation) -> bool:
        return not self.urgency or situation.urgency in self.urgency


@dataclass(frozen=True)
class Rule:
    """What is None is left to less specific rules. Units are codes, of one unit or of a kind."""

    name: str
    when: Conditions = field(default_factory=Conditions)
    lead: str | None = None
    co_units: tuple[str, ...] | None = None
    response: LimitSpec | None = None
    resolve: LimitSpec | None = None
    fallback: str | None = None
    needs_photo: bool | None = None


def ranked(rules: Iterable[Rule], situation: Situation) -> list[tuple[Rank, Rule]]:
    """The rules that hold here, the most specific first."""
    holding = [(rank, rule) for rule in rules if (rank := rule.when.rank(situation)) is not None]
    return sorted(holding, key=lambda pair: pair[0], reverse=True)
