from fractions import Fraction
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.score_commands import as_csv
from community.core.scores import Score
from community.services.reference import Reference


def test_the_table_that_a_committee_opens_in_excel(reference: Reference) -> None:
    company = next(unit for unit in reference.routes.units.values() if unit.kind == "property")
    shares = {"on_time": Fraction(2, 3), "satisfied": None, "lasting": Fraction(1), "taken_up": Fraction(0)}
    scores = [Score(company.code, 6, shares, Fraction(200, 3)), Score("gone", 1, shares, None)]
    lines = as_csv(scores, reference).splitlines()
    assert lines[0] == "物业企业,工单数,按时解决,居民满意,没有重办,及时接单,得分"
    assert lines[1] == f"{company.name},6,67%,,100%,0%,66.7"
    assert lines[2] == "gone,1,67%,,100%,0%,件数太少，不评"


def test_an_empty_period(sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KETANG_DATABASE_URL", f"sqlite:///{sqlite_template}")
    monkeypatch.setenv("KETANG_VAR_DIR", str(tmp_path))
    target = tmp_path / "scores.csv"
    result = CliRunner().invoke(app, ["scores", str(target), "--since", "2026-01-01", "--until", "2026-01-31"])
    assert result.exit_code == 0, result.output
    assert len(target.read_text(encoding="utf-8-sig").splitlines()) == 1
