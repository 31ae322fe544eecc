"""Time reckoned the slow way, five minutes at a step, and inputs on that grid."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from hypothesis import strategies as st

from community.core.clock import SHANGHAI
from community.core.worktime import Basis, Schedule

STEP = timedelta(minutes=5)
FIRST = datetime(2026, 2, 12, tzinfo=SHANGHAI)
_DAYS = [date(2026, 2, 12) + timedelta(days=n) for n in range(6)]
_STEPS_A_DAY = 288

MOMENTS = st.integers(0, len(_DAYS) * _STEPS_A_DAY).map(lambda n: FIRST + n * STEP)
AMOUNTS = st.integers(0, _STEPS_A_DAY).map(lambda n: n * STEP)


def is_weekday(day: date) -> bool:
    return day.weekday() < 5


OFFICE = Schedule(is_weekday, ((time(9), time(12)), (time(13, 30), time(17, 30))))


def _wall(step: int) -> time:
    return time(step // 12, step % 12 * 5)


@st.composite
def schedules(draw: st.DrawFn) -> Schedule:
    """Any holidays in the first days, one to three stretches a day; some of these touch."""
    free = draw(st.frozensets(st.sampled_from(_DAYS)))
    edges = draw(st.lists(st.integers(0, _STEPS_A_DAY - 1), min_size=2, max_size=4, unique=True).map(sorted))
    touching = draw(st.booleans()) or len(edges) == 3
    pairs = pairwise(edges) if touching else zip(edges[::2], edges[1::2], strict=True)
    return Schedule(lambda day: day not in free, tuple((_wall(opens), _wall(closes)) for opens, closes in pairs))


def counts(basis: Basis, schedule: Schedule, moment: datetime) -> bool:
    """Whether the step that begins at this moment counts."""
    local = moment.astimezone(SHANGHAI)
    at_work = schedule.is_workday(local.date()) and any(
        opens <= local.time() < closes for opens, closes in schedule.hours
    )
    return basis is Basis.CLOCK or at_work


def steps(start: datetime, end: datetime) -> Iterable[datetime]:
    return (start + n * STEP for n in range((end - start) // STEP))


def slowly(basis: Basis, schedule: Schedule, start: datetime, end: datetime) -> timedelta:
    return sum((STEP for moment in steps(start, end) if counts(basis, schedule, moment)), timedelta(0))
