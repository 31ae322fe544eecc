from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import bot.demo
from bot.app import Storage, with_storage
from bot.demo import Demo, DemoCase, Step, read_demo, story_end, timeline
from bot.settings import Settings
from community.core.messages import clean
from community.core.privacy import mask_contacts
from community.core.workflow import UNDER_LIMIT, Actor, Move, Status, check_move
from community.services.reference import Reference
from tests.fakes.clock import NOON

DATA = Path(__file__).parents[2] / "data"


@pytest.fixture(scope="module")
def demo() -> Demo:
    return read_demo(DATA)


@pytest.fixture(scope="module")
def rows(demo: Demo) -> tuple[DemoCase, ...]:
    return demo.cases


def _end(row: DemoCase) -> Status:
    return row.steps[-1].status if row.steps else Status.REPORTED


def test_three_hundred_cases_of_sixty_residents(rows: tuple[DemoCase, ...]) -> None:
    assert len(rows) == 300
    assert {row.resident for row in rows} == set(range(1, 61))


def test_no_two_say_the_same(rows: tuple[DemoCase, ...]) -> None:
    assert [text for text, times in Counter(row.text for row in rows).items() if times > 1] == []


def test_what_is_said_is_kept_word_for_word(rows: tuple[DemoCase, ...]) -> None:
    for row in rows:
        assert clean(row.text) == row.text
        assert mask_contacts(row.text) == (row.text, []), "no contact details"


def test_every_area_and_code_exists(rows: tuple[DemoCase, ...], reference: Reference) -> None:
    for row in rows:
        assert row.area_code in reference.areas.neighbourhoods, row.text
        for code in (row.service_code, *(guess.service_code for guess in row.alternatives)):
            assert reference.taxonomy[code].code == code


def test_every_group_is_covered(rows: tuple[DemoCase, ...], reference: Reference) -> None:
    groups = {reference.taxonomy[row.service_code].group_name for row in rows}
    assert groups == set(reference.taxonomy.groups())
    assert len(groups) == 16


def test_three_guesses_the_case_among_them(rows: tuple[DemoCase, ...]) -> None:
    for row in rows:
        confidences = [guess.confidence for guess in row.alternatives]
        assert len({guess.service_code for guess in row.alternatives}) == 3, row.text
        assert confidences == sorted(confidences, reverse=True), row.text
        assert min(confidences) > 0
        assert sum(confidences) <= 1 + 1e-9, row.text
        assert 0.35 <= row.confidence <= 0.99, row.text
        assert (row.service_code, row.confidence) in [(g.service_code, g.confidence) for g in row.alternatives]


def _move(status: Status, step: Step) -> Move:
    """As the story is told: an inspector sends back what was resolved, and suspensions are long enough."""
    sent_back = (status, step.status) == (Status.RESOLVED, Status.ASSIGNED)
    actor = Actor.INSPECTOR if sent_back else step.actor
    until = NOON + timedelta(days=60) if step.status is Status.SUSPENDED else None
    return Move(to=step.status, actor=actor, note=step.note, ground=step.ground, into=step.into, until=until)


def test_cases_are_merged_into_others_of_the_file(rows: tuple[DemoCase, ...]) -> None:
    texts = {row.text for row in rows}
    merged = [step for row in rows for step in row.steps if step.status is Status.MERGED]
    assert merged
    assert {step.into for step in merged} <= texts


def test_every_step_is_allowed(rows: tuple[DemoCase, ...]) -> None:
    for row in rows:
        status = Status.REPORTED
        for step in row.steps:
            check_move(status, _move(status, step), NOON)
            status = step.status


def test_every_step_is_in_the_past(rows: tuple[DemoCase, ...]) -> None:
    for row in rows:
        assert 0.3 <= row.hours_ago <= 1000
        assert all(step.hours_after > 0 for step in row.steps)
        assert sum(step.hours_after for step in row.steps) < row.hours_ago, row.text


def test_notes_are_not_from_a_template(rows: tuple[DemoCase, ...]) -> None:
    notes = Counter(step.note for row in rows for step in row.steps if step.note)
    assert max(notes.values()) <= 3


def test_cases_stand_everywhere_in_the_loop_and_some_are_late(rows: tuple[DemoCase, ...], reference: Reference) -> None:
    assert {_end(row) for row in rows} == set(Status)
    late = [
        row
        for row in rows
        if _end(row) in UNDER_LIMIT and row.hours_ago > reference.taxonomy[row.service_code].resolve_hours
    ]
    assert len(late) >= 10


def test_the_story_is_told_in_order_and_ends_in_an_afternoon(demo: Demo) -> None:
    now = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)  # eleven in the morning in Shanghai: not yet three
    end = story_end(now)
    assert end == datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
    told = timeline(demo, end)
    assert [happening.at for happening in told] == sorted(happening.at for happening in told)
    assert len(told) == len(demo.cases) + sum(len(row.steps) for row in demo.cases)


async def test_while_the_past_is_told_nothing_asks_the_watch_to_act(
    demo: Demo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The README loads it while the app runs: the watch would archive or hand over what the story still needs."""
    verified = [row for row in demo.cases if any(step.status is Status.VERIFIED for step in row.steps)][:5]
    monkeypatch.setattr("bot.demo.read_demo", lambda _: replace(demo, cases=tuple(verified)))
    settings = Settings(var_dir=tmp_path, database_url=f"sqlite:///{tmp_path / 'k.db'}", secret_key="x" * 40)
    tell = bot.demo._let_happen
    to_do: list[int] = []

    async def tell_and_look(storage: Storage, *rest: Any) -> None:
        await tell(storage, *rest)
        async with storage.open_uow() as uow:
            to_do.extend(await uow.cases.to_look_at(storage.clock(), 9))

    monkeypatch.setattr("bot.demo._let_happen", tell_and_look)

    async def work(storage: Storage) -> None:
        await bot.demo.load(storage, settings.data_dir)
        assert to_do == []
        async with storage.open_uow() as uow:
            counts = await uow.cases.count_by_status()
        assert sum(counts.values()) == 5

    await with_storage(settings, work)
