from collections import Counter

import pytest

from bot.demo import DemoCase, _actor, read_rows
from community.core.messages import clean
from community.core.privacy import mask_contacts
from community.core.workflow import FINISHED, Status, check_transition
from community.services.reference import Reference


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> list[DemoCase]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KETANG_VAR_DIR", str(tmp_path_factory.mktemp("var")))  # Settings writes its secret there
        return read_rows()


def _end(row: DemoCase) -> Status:
    return row.steps[-1][0] if row.steps else Status.REPORTED


def test_three_hundred_cases_of_sixty_residents(rows: list[DemoCase]) -> None:
    assert len(rows) == 300
    assert {row.resident for row in rows} == set(range(1, 61))


def test_no_two_say_the_same(rows: list[DemoCase]) -> None:
    assert [text for text, times in Counter(row.text for row in rows).items() if times > 1] == []


def test_what_is_said_is_kept_word_for_word(rows: list[DemoCase]) -> None:
    for row in rows:
        assert clean(row.text) == row.text
        assert mask_contacts(row.text) == (row.text, []), "no contact details"


def test_every_area_and_code_exists(rows: list[DemoCase], reference: Reference) -> None:
    for row in rows:
        assert row.area_code in reference.areas, row.text
        for code in (row.service_code, *(guess.service_code for guess in row.alternatives)):
            assert reference.taxonomy[code].code == code


def test_every_group_is_covered(rows: list[DemoCase], reference: Reference) -> None:
    groups = {reference.taxonomy[row.service_code].group_name for row in rows}
    assert groups == set(reference.taxonomy.groups())
    assert len(groups) == 16


def test_three_guesses_the_case_among_them(rows: list[DemoCase]) -> None:
    for row in rows:
        confidences = [guess.confidence for guess in row.alternatives]
        assert len({guess.service_code for guess in row.alternatives}) == 3, row.text
        assert confidences == sorted(confidences, reverse=True), row.text
        assert min(confidences) > 0
        assert sum(confidences) <= 1 + 1e-9, row.text
        assert 0.35 <= row.confidence <= 0.99, row.text
        assert (row.service_code, row.confidence) in [(g.service_code, g.confidence) for g in row.alternatives]


def test_every_step_is_allowed(rows: list[DemoCase]) -> None:
    for row in rows:
        status = Status.REPORTED
        for to, _, note in row.steps:
            check_transition(status, to, _actor(to), note)
            status = to


def test_every_step_is_in_the_past(rows: list[DemoCase]) -> None:
    for row in rows:
        assert 0.3 <= row.hours_ago <= 1000
        assert all(hours > 0 for _, hours, _ in row.steps)
        assert sum(hours for _, hours, _ in row.steps) < row.hours_ago, row.text


def test_notes_are_not_from_a_template(rows: list[DemoCase]) -> None:
    notes = Counter(note for row in rows for _, _, note in row.steps if note)
    assert max(notes.values()) <= 3


def test_cases_stand_everywhere_in_the_loop_and_some_are_late(rows: list[DemoCase], reference: Reference) -> None:
    assert {_end(row) for row in rows} == set(Status)
    late = [
        row
        for row in rows
        if _end(row) not in FINISHED | {Status.RESOLVED, Status.VERIFIED}
        and row.hours_ago > reference.taxonomy[row.service_code].resolve_hours
    ]
    assert len(late) >= 10
