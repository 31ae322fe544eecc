"""`ketang areas`: the whole table or nothing of it."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app

DATA = Path(__file__).parents[2] / "data"


@pytest.fixture(autouse=True)
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "data"
    (folder / "dictionaries").mkdir(parents=True)
    shutil.copy(DATA / "dictionaries" / "places.csv", folder / "dictionaries")
    monkeypatch.setenv("KETANG_DATA_DIR", str(folder))
    monkeypatch.setenv("KETANG_VAR_DIR", str(tmp_path))
    return folder


def ketang(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["areas", *map(str, arguments)], catch_exceptions=False)


def test_in_and_out_again(tmp_path: Path) -> None:
    shipped = DATA / "areas" / "areas.csv"
    assert ketang("import", shipped).exit_code == 0
    out = tmp_path / "out.csv"
    assert ketang("export", out).exit_code == 0
    assert out.read_text(encoding="utf-8") == shipped.read_text(encoding="utf-8")


def test_every_wrong_line_is_named_and_the_old_table_stays(data_dir: Path, tmp_path: Path) -> None:
    ketang("import", DATA / "areas" / "areas.csv")
    before = (data_dir / "areas" / "areas.csv").read_bytes()
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("code,name,level,parent,also\nzn-1,甲片区,zone,zn-2,\nzn-2,乙片区,galaxy,tn-nowhere,\n", "utf-8")
    result = ketang("import", wrong)
    assert result.exit_code == 1
    assert "wrong.csv:2" in result.output
    assert "wrong.csv:3" in result.output
    assert (data_dir / "areas" / "areas.csv").read_bytes() == before


def test_nothing_to_write_yet(tmp_path: Path) -> None:
    assert ketang("export", tmp_path / "out.csv").exit_code == 1
