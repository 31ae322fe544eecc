from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import pytest
from structlog.testing import capture_logs

from community.services import workdays
from community.services.reference import load_texts
from community.services.workdays import calendar_gap, is_workday

TEXTS = Path(__file__).parents[3] / "data" / "texts"
UNKNOWN = 2190  # no calendar will reach as far


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    yield
    is_workday.cache_clear()
    workdays._warn.cache_clear()


@pytest.fixture
def known_until_2026(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the library is today, also when it will have grown."""

    def known(day: date) -> bool:
        if day.year > 2026:
            raise NotImplementedError
        return True

    monkeypatch.setattr(chinese_calendar, "is_workday", known)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 11, 23), True),
        (date(2026, 11, 21), False),
        (date(2026, 10, 1), False),  # a Thursday: National Day
        (date(2026, 2, 20), False),  # a Friday of the Spring Festival
        (date(2026, 2, 14), True),  # a Saturday made up for it
        (date(2026, 10, 10), True),
        (date(2025, 1, 26), True),  # a Sunday
    ],
)
def test_holidays_and_make_up_workdays(day: date, works: bool) -> None:
    with capture_logs() as events:
        assert is_workday(day) is works
    assert events == []


def test_an_unknown_year_has_weekends_only() -> None:
    week = [date(UNKNOWN, 10, 1) + timedelta(days=n) for n in range(7)]
    assert [is_workday(day) for day in week] == [day.weekday() < 5 for day in week]


def test_an_unknown_year_is_logged_once() -> None:
    with capture_logs() as events:
        for year in (UNKNOWN, UNKNOWN + 1):
            is_workday(date(year, 1, 4))
            is_workday(date(year, 5, 6))
    logged = [(event["event"], event["log_level"], event["year"]) for event in events]
    assert logged == [("calendar.year_unknown", "warning", year) for year in (UNKNOWN, UNKNOWN + 1)]


@pytest.mark.parametrize(
    ("today", "gap"),
    [
        (date(2026, 1, 1), None),
        (date(2026, 11, 1), None),
        (date(2026, 11, 2), 2027),
        (date(2026, 12, 31), 2027),
        (date(2025, 12, 31), None),
    ],
)
@pytest.mark.usefixtures("known_until_2026")
def test_the_gap_shows_in_november(today: date, gap: int | None) -> None:
    with capture_logs() as events:
        assert calendar_gap(today) == gap
    assert events == []


@pytest.mark.parametrize("name", ["console.yml", "cli.yml"])
def test_the_gap_can_be_told(name: str) -> None:
    assert "2027年" in load_texts(TEXTS / name).render("calendar_unknown", year=2027)
