"""Rosters against what their patterns are known for, and against turns written out by hand."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.core.clock import SHANGHAI
from community.core.errors import BadChangeTime, CrewMemberRepeated, EmptyCrew, SwapNotPossible, WrongCrewCount
from community.core.rosters import CYCLES, SHIFT_NAMES, Duty, Pattern, Roster, Shift, Swap, check_swap, on_duty
from community.services.reference import load_texts

DAY = timedelta(days=1)
TICK = timedelta(microseconds=1)
MONDAY = date(2026, 11, 23)
CREWS = (("zhao", "qian"), ("sun",), ("li", "zhou"), ("wu",))

# What each crew does on the days of a cycle: 全 whole, 白 day, 中 middle, 夜 night, 休 off
TURNS = {
    Pattern.TWO_CREWS: ("全休", "休全"),
    Pattern.THREE_CREWS: ("白夜休", "休白夜", "夜休白"),
    Pattern.FOUR_CREWS: ("白中夜休", "休白中夜", "夜休白中", "中夜休白"),
}
SIGNS = {Shift.WHOLE: "全", Shift.DAY: "白", Shift.MIDDLE: "中", Shift.NIGHT: "夜"}

PATTERNS = st.sampled_from(Pattern)
MOMENTS = st.datetimes(datetime(2026, 11, 25), datetime(2032, 1, 1)).map(  # noqa: DTZ001  made aware next
    lambda moment: moment.replace(tzinfo=SHANGHAI)
)


def roster_of(pattern: Pattern, change_at: time = time(8)) -> Roster:
    return Roster("patrol", pattern, MONDAY, change_at, CREWS[: len(TURNS[pattern])])


rosters = st.builds(roster_of, PATTERNS, st.times().map(lambda moment: moment.replace(second=0, microsecond=0)))


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


def duty_at(roster: Roster, moment: datetime) -> Duty:
    duty = on_duty(roster, moment)
    assert duty is not None
    return duty


def a_cycle(roster: Roster, moment: datetime) -> list[Duty]:
    """As many shifts from this moment on as a cycle has."""
    duties = [duty_at(roster, moment)]
    for _ in range(sum(len(row) for row in CYCLES[roster.pattern]) - 1):
        duties.append(duty_at(roster, duties[-1].until))
    return duties


@pytest.mark.parametrize("pattern", Pattern)
def test_the_table_says_what_the_pattern_means(pattern: Pattern) -> None:
    written = {
        (day, sign, crew) for crew, turns in enumerate(TURNS[pattern]) for day, sign in enumerate(turns) if sign != "休"
    }
    cycle = CYCLES[pattern]
    assert {(day, SIGNS[shift], crew) for day, row in enumerate(cycle) for shift, crew in row.items()} == written
    assert {tuple(row) for row in cycle} == {tuple(cycle[0])}  # the same shifts in the same order every day


@pytest.mark.parametrize(
    ("pattern", "moment", "shift", "members", "since", "until"),
    [
        (Pattern.TWO_CREWS, at(23, 8), Shift.WHOLE, CREWS[0], at(23, 8), at(24, 8)),
        (Pattern.TWO_CREWS, at(25, 7, 59), Shift.WHOLE, CREWS[1], at(24, 8), at(25, 8)),
        (Pattern.THREE_CREWS, at(23, 19), Shift.DAY, CREWS[0], at(23, 8), at(23, 20)),
        (Pattern.THREE_CREWS, at(24, 3), Shift.NIGHT, CREWS[2], at(23, 20), at(24, 8)),
        (Pattern.THREE_CREWS, at(24, 20), Shift.NIGHT, CREWS[0], at(24, 20), at(25, 8)),
        (Pattern.FOUR_CREWS, at(23, 16), Shift.MIDDLE, CREWS[3], at(23, 16), at(24, 0)),
        (Pattern.FOUR_CREWS, at(24, 3), Shift.NIGHT, CREWS[2], at(24, 0), at(24, 8)),
        (Pattern.FOUR_CREWS, at(27, 9).astimezone(UTC), Shift.DAY, CREWS[0], at(27, 8), at(27, 16)),
    ],
)
def test_who_is_on_duty(
    pattern: Pattern, moment: datetime, shift: Shift, members: tuple[str, ...], since: datetime, until: datetime
) -> None:
    duty = duty_at(roster_of(pattern), moment)
    assert (duty.shift, duty.members, duty.since, duty.until) == (shift, members, since, until)
    assert duty.shift_name_key == SHIFT_NAMES[shift]


def test_every_shift_has_a_name() -> None:
    texts = load_texts(Path(__file__).parents[4] / "data" / "texts" / "console.yml")
    names = {texts.render(SHIFT_NAMES[shift]) for shift in Shift}
    assert len(names) == len(Shift)


@pytest.mark.parametrize("moment", [at(22, 12), at(23, 7, 59)])
def test_nobody_is_on_duty_before_the_first_change(moment: datetime) -> None:
    assert on_duty(roster_of(Pattern.THREE_CREWS), moment) is None


@given(rosters, MOMENTS)
def test_one_crew_at_every_moment(roster: Roster, moment: datetime) -> None:
    duty = duty_at(roster, moment)
    assert duty.since <= moment < duty.until
    assert duty.members == roster.crews[duty.crew_index]
    assert duty_at(roster, duty.since) == duty_at(roster, duty.until - TICK) == duty


@given(rosters, MOMENTS)
def test_one_shift_begins_where_the_other_ends(roster: Roster, moment: datetime) -> None:
    duty = duty_at(roster, moment)
    follower, forerunner = duty_at(roster, duty.until), duty_at(roster, duty.since - TICK)
    assert (follower.since, forerunner.until) == (duty.until, duty.since)
    assert duty.day == (duty.since - timedelta(hours=roster.change_at.hour, minutes=roster.change_at.minute)).date()


@given(rosters, MOMENTS)
def test_every_crew_has_every_shift_equally_often(roster: Roster, moment: datetime) -> None:
    turns = Counter((duty.crew_index, duty.shift) for duty in a_cycle(roster, moment))
    assert set(turns.values()) == {1}
    assert len(turns) == len(roster.crews) * len(CYCLES[roster.pattern][0])


@given(rosters, MOMENTS)
def test_nobody_has_two_shifts_in_a_row(roster: Roster, moment: datetime) -> None:
    assert all(one.crew_index != other.crew_index for one, other in pairwise(a_cycle(roster, moment)))


@given(rosters, MOMENTS)
def test_everybody_has_a_day_between_two_shifts(roster: Roster, moment: datetime) -> None:
    """Between the end of one and the beginning of the next, whatever the pattern."""
    duties = a_cycle(roster, moment)
    for crew in range(len(roster.crews)):
        own = [duty for duty in duties if duty.crew_index == crew]
        assert all(other.since - one.until >= DAY for one, other in pairwise(own))


SWAP = Swap(MONDAY, Shift.NIGHT, "li", "sun")
ROSTER = roster_of(Pattern.THREE_CREWS)


@pytest.mark.parametrize(
    ("swaps", "members"),
    [
        ([], ("li", "zhou")),
        ([SWAP], ("sun", "zhou")),
        ([SWAP, Swap(MONDAY, Shift.NIGHT, "zhou", "outsider")], ("sun", "outsider")),
        ([SWAP, Swap(MONDAY, Shift.NIGHT, "sun", "zhao")], ("zhao", "zhou")),  # passed on
        ([SWAP, SWAP], ("sun", "zhou")),
        ([Swap(MONDAY, Shift.NIGHT, "li", "zhou")], ("zhou",)),
        ([Swap(MONDAY, Shift.DAY, "li", "sun")], ("li", "zhou")),
        ([Swap(MONDAY + DAY, Shift.NIGHT, "li", "sun")], ("li", "zhou")),
        ([Swap(MONDAY, Shift.NIGHT, "qian", "sun")], ("li", "zhou")),
    ],
)
def test_a_swap_lasts_one_shift(swaps: list[Swap], members: tuple[str, ...]) -> None:
    night = on_duty(ROSTER, at(24, 3), swaps)  # past midnight, it is still Monday's
    assert night is not None
    assert (night.crew_index, night.members) == (2, members)


def test_a_swap_may_be_planned() -> None:
    check_swap(ROSTER, SWAP)
    check_swap(ROSTER, Swap(MONDAY, Shift.NIGHT, "sun", "li"), [SWAP])


@pytest.mark.parametrize(
    "swap",
    [
        SWAP,  # done already
        Swap(MONDAY, Shift.NIGHT, "qian", "wu"),
        Swap(MONDAY, Shift.NIGHT, "zhou", "sun"),
        Swap(MONDAY, Shift.NIGHT, "zhou", "zhou"),
        Swap(MONDAY, Shift.MIDDLE, "zhou", "qian"),
        Swap(MONDAY - DAY, Shift.NIGHT, "sun", "zhao"),
    ],
)
def test_a_swap_that_cannot_be(swap: Swap) -> None:
    with pytest.raises(SwapNotPossible):
        check_swap(ROSTER, swap, [SWAP])


@pytest.mark.parametrize(
    ("change_at", "crews", "error"),
    [
        (time(8), CREWS[:2], WrongCrewCount),
        (time(8), CREWS, WrongCrewCount),
        (time(8), (*CREWS[:2], ()), EmptyCrew),
        (time(8), (*CREWS[:2], ("sun",)), CrewMemberRepeated),
        (time(8), (*CREWS[:2], ("li", "li")), CrewMemberRepeated),
        (time(8, 0, 1), CREWS[:3], BadChangeTime),
        (time(8, 0, 0, 1), CREWS[:3], BadChangeTime),
        (time(8, tzinfo=UTC), CREWS[:3], BadChangeTime),
    ],
)
def test_a_roster_that_cannot_work(change_at: time, crews: tuple[tuple[str, ...], ...], error: type[Exception]) -> None:
    with pytest.raises(error):
        Roster("patrol", Pattern.THREE_CREWS, MONDAY, change_at, crews)
