"""Who is asked again: everybody who was not content, and a sample that nobody can choose."""

import pytest

from community.core.revisits import Sampling, to_revisit
from community.core.workflow import Status
from tests.fakes.makers import a_case

NOBODY = Sampling(every=2**40, rated=2)  # by chance


@pytest.mark.parametrize(
    ("rating", "times", "asked"),
    [(None, 1, False), (1, 1, True), (2, 1, True), (3, 1, False), (5, 1, False), (5, 2, True), (None, 3, True)],
)
def test_who_was_not_content_is_asked(rating: int | None, times: int, asked: bool) -> None:
    case = a_case(number="KT20261123-0001", status=Status.ARCHIVED, rating=rating, round=times)
    assert to_revisit(case, NOBODY) is asked


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.ARCHIVED])
def test_only_what_is_archived(status: Status) -> None:
    assert not to_revisit(a_case(status=status, rating=1, round=2), Sampling(every=1, rated=5))


def test_one_in_ten_and_always_the_same() -> None:
    cases = [a_case(number=f"KT20261123-{n:04d}", status=Status.ARCHIVED) for n in range(5000)]
    drawn = [to_revisit(case, Sampling(every=10, rated=2)) for case in cases]
    assert 400 < sum(drawn) < 600
    assert drawn == [to_revisit(case, Sampling(every=10, rated=2)) for case in cases]
