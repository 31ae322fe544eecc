"""物业履职评价: how well a unit did its part, from the cases it had and what people said of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Showing:
    """How one unit did in one case; `rating` 1 to 5, None when nobody rated."""

    unit_code: str
    on_time: bool
    lasting: bool
    taken_up: bool
    rating: int | None


@dataclass(frozen=True)
class Rules:
    """`points` by criterion, 100 in all; a unit with fewer than `least` cases is not judged."""

    kind: str
    least: int
    points: Mapping[str, int]


@dataclass(frozen=True)
class Score:
    """`points` out of 100, exact; None with too few cases. The shares are None when nothing is known of them."""

    unit_code: str
    cases: int
    shares: Mapping[str, Fraction | None]
    points: Fraction | None


def score(unit_code: str, showings: Sequence[Showing], rules: Rules) -> Score:
    """What nobody could judge, such as satisfaction without any rating, neither earns nor costs."""
    shares = {
        "on_time": _share(one.on_time for one in showings),
        "satisfied": _share(Fraction(one.rating - 1, 4) for one in showings if one.rating is not None),
        "lasting": _share(one.lasting for one in showings),
        "taken_up": _share(one.taken_up for one in showings),
    }
    known = {name: share for name, share in shares.items() if share is not None}
    possible = sum(rules.points[name] for name in known)
    judged = len(showings) >= rules.least and possible > 0
    earned = sum((share * rules.points[name] for name, share in known.items()), Fraction(0))
    return Score(unit_code, len(showings), shares, 100 * earned / possible if judged else None)


def _share(values: Iterable[bool | Fraction]) -> Fraction | None:
    known = [Fraction(value) for value in values]
    return sum(known, Fraction(0)) / len(known) if known else None
