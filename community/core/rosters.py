"""Duty rosters 班次: crews that take turns around the clock, and who is on duty at a moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import chain

from community.core.clock import SHANGHAI, shanghai
from community.core.errors import BadChangeTime, CrewMemberRepeated, EmptyCrew, SwapNotPossible, WrongCrewCount

_DAY = timedelta(days=1)


class Shift(StrEnum):
    WHOLE = "whole"
    DAY = "day"
    MIDDLE = "middle"
    NIGHT = "night"


SHIFT_NAMES: dict[Shift, str] = {
    Shift.WHOLE: "shift_whole",
    Shift.DAY: "shift_day",
    Shift.MIDDLE: "shift_middle",
    Shift.NIGHT: "shift_night",
}


class Pattern(StrEnum):
    """How crews take turns.

    `two_crews` 2班24小时: two crews, each on duty for 24 hours in turn.
    `three_crews` 3班2运转: two of three crews share a day, 12 hours each; each has day, night shift, a day off.
    `four_crews` 4班3运转: three of four crews share a day, 8 hours each; each has day, middle, night shift, a day off.
    """

    TWO_CREWS = "two_crews"
    THREE_CREWS = "three_crews"
    FOUR_CREWS = "four_crews"


# One row a day of the cycle: which crew, counted from 0, has which shift. Shifts follow each other from the change time
# on and are equally long; the last one may end on the next date.
CYCLES: dict[Pattern, tuple[Mapping[Shift, int], ...]] = {
    Pattern.TWO_CREWS: (
        {Shift.WHOLE: 0},
        {Shift.WHOLE: 1},
    ),
    Pattern.THREE_CREWS: (
        {Shift.DAY: 0, Shift.NIGHT: 2},
        {Shift.DAY: 1, Shift.NIGHT: 0},
        {Shift.DAY: 2, Shift.NIGHT: 1},
    ),
    Pattern.FOUR_CREWS: (
        {Shift.DAY: 0, Shift.MIDDLE: 3, Shift.NIGHT: 2},
        {Shift.DAY: 1, Shift.MIDDLE: 0, Shift.NIGHT: 3},
        {Shift.DAY: 2, Shift.MIDDLE: 1, Shift.NIGHT: 0},
        {Shift.DAY: 3, Shift.MIDDLE: 2, Shift.NIGHT: 1},
    ),
}


@dataclass(frozen=True)
class Roster:
    """Crews of usernames in the pattern's order; crew 0 begins on `starts_on` at `change_at`, Shanghai wall time.

    Raises WrongCrewCount, EmptyCrew, CrewMemberRepeated or BadChangeTime.
    """

    code: str
    pattern: Pattern
    starts_on: date
    change_at: time
    crews: tuple[tuple[str, ...], ...]

    def __post_init__(self) -> None:
        _check_crews(self.code, self.pattern, self.crews)
        if self.change_at.tzinfo is not None or self.change_at.second or self.change_at.microsecond:
            raise BadChangeTime(f"{self.code}: {self.change_at}")


@dataclass(frozen=True)
class Swap:
    """A planned change 换班: on that roster day, which begins at the change time, `leaver`'s shift is `stand_in`'s."""

    day: date
    shift: Shift
    leaver: str
    stand_in: str


@dataclass(frozen=True)
class Duty:
    """Who is on duty from `since` up to, not including, `until`; `day` is the roster day the shift belongs to."""

    day: date
    shift: Shift
    crew_index: int
    members: tuple[str, ...]
    since: datetime
    until: datetime

    @property
    def shift_name_key(self) -> str:
        return SHIFT_NAMES[self.shift]


def crew_count(pattern: Pattern) -> int:
    return len(set(chain.from_iterable(row.values() for row in CYCLES[pattern])))


def on_duty(roster: Roster, moment: datetime, swaps: Sequence[Swap] = ()) -> Duty | None:
    """None before the roster's first change; a swap whose leaver is not in that shift (any more) does nothing."""
    first = datetime.combine(roster.starts_on, roster.change_at, SHANGHAI)
    shifts = tuple(CYCLES[roster.pattern][0])
    length = _DAY / len(shifts)
    number = (shanghai(moment) - first) // length
    if number < 0:
        return None
    day, shift = roster.starts_on + number // len(shifts) * _DAY, shifts[number % len(shifts)]
    since = first + number * length
    members = _members(roster, day, shift, swaps)
    return Duty(day, shift, _crew_index(roster, day, shift), members, since, since + length)


def check_swap(roster: Roster, swap: Swap, swaps: Sequence[Swap] = ()) -> None:
    """Raises SwapNotPossible unless, after the earlier `swaps`, the leaver has that shift and the stand-in has not."""
    if swap.day < roster.starts_on or swap.shift not in CYCLES[roster.pattern][0]:
        raise SwapNotPossible(f"{roster.code}: no {swap.shift} shift on {swap.day}")
    members = _members(roster, swap.day, swap.shift, swaps)
    if swap.leaver not in members or swap.stand_in in members:
        raise SwapNotPossible(f"{roster.code}: {swap.stand_in} cannot stand in for {swap.leaver} on {swap.day}")


def _crew_index(roster: Roster, day: date, shift: Shift) -> int:
    cycle = CYCLES[roster.pattern]
    return cycle[(day - roster.starts_on).days % len(cycle)][shift]


def _members(roster: Roster, day: date, shift: Shift, swaps: Sequence[Swap]) -> tuple[str, ...]:
    """The crew after its swaps, in their order, nobody twice."""
    members = roster.crews[_crew_index(roster, day, shift)]
    for swap in swaps:
        if (swap.day, swap.shift) == (day, shift):
            members = tuple(swap.stand_in if member == swap.leaver else member for member in members)
    return tuple(dict.fromkeys(members))


def _check_crews(code: str, pattern: Pattern, crews: tuple[tuple[str, ...], ...]) -> None:
    needed = crew_count(pattern)
    if len(crews) != needed:
        raise WrongCrewCount(f"{code}: {len(crews)} crews instead of {needed}")
    if not all(crews):
        raise EmptyCrew(code)
    members = list(chain.from_iterable(crews))
    if len(set(members)) < len(members):
        raise CrewMemberRepeated(f"{code}: {', '.join(members)}")
