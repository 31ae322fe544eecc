"""`ketang grids` as an operator meets it: exit status, and one line for each thing that is wrong."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app

DEMO = Path(__file__).parents[2] / "data" / "demo"


@pytest.fixture(autouse=True)
def _database(sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = shutil.copy(sqlite_template, tmp_path / "ketang.db")
    monkeypatch.setenv("KETANG_DATABASE_URL", f"sqlite:///{path}")
    monkeypatch.setenv("KETANG_VAR_DIR", str(tmp_path))


def ketang(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["grids", *map(str, arguments)], catch_exceptions=False)


def _write(folder: Path, name: str, content: str) -> Path:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


def test_the_demonstration_goes_in_and_comes_out(tmp_path: Path) -> None:
    for command, name in (("rosters", "rosters.csv"), ("import", "grids.geojson"), ("members", "members.csv")):
        result = ketang(command, DEMO / name)
        assert (result.exit_code, result.output[:5]) == (0, "✓ 已导入")
    target = tmp_path / "out.geojson"
    assert ketang("export", target).exit_code == 0
    assert json.loads(target.read_text(encoding="utf-8"))["features"]
    assert ketang("import", target).exit_code == 0


def test_a_line_for_each_error(tmp_path: Path) -> None:
    rows = ["grid_code,name,role,service", "gd-[/x],[bold]周敏[/],boss,police", "gd-1,周敏", f"gd-1,{'长' * 90},,"]
    result = ketang("members", _write(tmp_path, "members.csv", "\n".join(rows)))
    heading, *lines = result.output.splitlines()
    assert result.exit_code == 1
    assert heading.startswith("✗ ")
    assert lines[0] == "第2行 grid_code：还没有网格“gd-[/x]”，请先导入网格。"
    assert [line.partition("：")[0] for line in lines[1:]] == [
        "第2行 role",
        "第3行",
        "第4行 grid_code",
        "第4行 name",
        "第4行 role",
        "第4行 service",
    ]


def test_what_is_wrong_with_the_file_as_a_whole(tmp_path: Path) -> None:
    assert "文件：不是GeoJSON" in ketang("import", _write(tmp_path, "grids.geojson", "{}")).output
    assert (
        "文件 crews：缺少这一列"
        in ketang("rosters", _write(tmp_path, "r.csv", "code,pattern,starts_on,change_at")).output
    )


def test_a_grid_is_named_by_its_number(tmp_path: Path) -> None:
    text = '{"type": "FeatureCollection", "features": [{}]}'
    assert "第1个网格 code：" in ketang("import", _write(tmp_path, "grids.geojson", text)).output


def test_files_that_cannot_be_read_or_written(tmp_path: Path) -> None:
    (tmp_path / "gbk.csv").write_bytes("网格".encode("gb18030"))
    for arguments in (
        ("members", tmp_path / "gbk.csv"),
        ("members", tmp_path / "missing.csv"),
        ("import", tmp_path),
        ("export", tmp_path),
    ):
        result = ketang(*arguments)
        assert (result.exit_code, result.output[0]) == (1, "✗")


@pytest.mark.parametrize(
    ("part", "command", "name"), [("members", "members", "members.csv"), ("rosters", "rosters", "rosters.csv")]
)
def test_people_and_rosters_come_out_as_they_went_in(tmp_path: Path, part: str, command: str, name: str) -> None:
    for given in ("rosters.csv", "grids.geojson", "members.csv"):
        ketang({"grids.geojson": "import"}.get(given, given.removesuffix(".csv")), DEMO / given)
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    assert ketang("export", first, "--part", part).exit_code == 0
    assert ketang(part, first).exit_code == 0
    ketang("export", second, "--part", part)
    assert first.read_text(encoding="utf-8") == second.read_text(encoding="utf-8")


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    result = ketang("export", tmp_path / "nowhere" / "out.geojson")
    assert (result.exit_code, result.output[:5]) == (1, "✗ 写不了")
