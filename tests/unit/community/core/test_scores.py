from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.core.scores import Rules, Showing, score

RULES = Rules("property", 2, {"on_time": 40, "satisfied": 30, "lasting": 20, "taken_up": 10})
GOOD = Showing("p1", on_time=True, lasting=True, taken_up=True, rating=5)
BAD = Showing("p1", on_time=False, lasting=False, taken_up=False, rating=1)
UNRATED = Showing("p1", on_time=True, lasting=True, taken_up=True, rating=None)


@pytest.mark.parametrize(
    ("showings", "points"),
    [
        ([GOOD, GOOD], 100),
        ([BAD, BAD], 0),
        ([GOOD, BAD], 50),
        ([UNRATED, UNRATED], 100),  # satisfaction nobody expressed neither earns nor costs
        ([GOOD, GOOD, BAD], Fraction(200, 3)),
        ([GOOD], None),
        ([], None),
    ],
)
def test_points(showings: list[Showing], points: Fraction | int | None) -> None:
    judged = score("p1", showings, RULES)
    assert (judged.cases, judged.points) == (len(showings), points)


def test_what_is_not_known_is_not_shown() -> None:
    assert score("p1", [UNRATED, UNRATED], RULES).shares["satisfied"] is None


_ANY = st.builds(Showing, st.just("p1"), st.booleans(), st.booleans(), st.booleans(), st.none() | st.integers(1, 5))


@given(st.lists(_ANY, min_size=2))
def test_points_lie_between_0_and_100_and_no_case_done_better_lowers_them(showings: list[Showing]) -> None:
    points = score("p1", showings, RULES).points
    better = score("p1", [*showings[1:], Showing("p1", True, True, True, showings[0].rating)], RULES).points
    assert points is not None
    assert better is not None
    assert 0 <= points <= better <= 100
