"""`ketang staff bind`, as an operator meets it."""

import re
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app


@pytest.fixture(autouse=True)
def _database(sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = shutil.copy(sqlite_template, tmp_path / "ketang.db")
    monkeypatch.setenv("KETANG_DATABASE_URL", f"sqlite:///{path}")
    monkeypatch.setenv("KETANG_VAR_DIR", str(tmp_path))


def ketang(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments, catch_exceptions=False)


def test_a_code_is_printed_as_it_is_to_be_sent() -> None:
    ketang("admin", "create", "--username", "顾海燕", "--password", "a-long-password")
    result = ketang("staff", "bind", "顾海燕")
    assert result.exit_code == 0
    assert re.search(r"绑定 \d{6}$", result.output.strip())


def test_nobody_of_that_name() -> None:
    result = ketang("staff", "bind", "nobody")
    assert result.exit_code == 1
    assert "nobody" in result.output
