from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app

CREATE = ["admin", "create", "--username", "李强", "--password", "long enough"]


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KETANG_VAR_DIR", str(tmp_path))


@pytest.mark.parametrize(
    ("options", "words", "status"),
    [
        (["--role", "handler", "--unit", "police"], "可以登录", 0),
        (["--role", "inspector"], "可以登录", 0),
        (["--role", "handler"], "要写明是哪个单位", 1),
        (["--role", "handler", "--unit", "nonsense"], "没有单位“nonsense”", 1),
        (["--role", "dispatcher", "--unit", "nonsense"], "没有单位“nonsense”", 1),
    ],
)
def test_a_handler_needs_a_unit_that_exists(options: list[str], words: str, status: int) -> None:
    result = CliRunner().invoke(app, [*CREATE, *options])
    assert (result.exit_code, words in result.stderr) == (status, True)
