"""A list of the hotline, row by row."""

import asyncio
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from bot.cli import app
from community.core.cases import Case, Source
from community.services.imports import ImportReport, RowError
from community.services.reference import Reference, load_texts
from intake.hotline import CHINESE, import_hotline
from tests.fakes.backends import Backend
from tests.fakes.clock import SetClock
from tests.fakes.makers import OpenUow
from tests.fakes.store import Store
from tests.fakes.uow import FakeUnitOfWork
from tests.intake.counter import PHONE

HEAD = ",".join(CHINESE.values())
TEXTS = load_texts(Path(__file__).parents[2] / "data" / "texts" / "cli.yml")
GOOD = [
    f"12345-001,2026-11-23 09:15,楼下垃圾没人清，回电{PHONE},桂花苑3号楼,暴露垃圾,{PHONE}",
    "12345-002,2026/11/22 18:00:00,路灯不亮,梅园小区门口,street_light,021-59990000",
    "12345-003,,有个建议,,,",
]


def _list(*rows: str, head: str = HEAD) -> str:
    return "\n".join([head, *rows])


async def _take_in(open_uow: OpenUow, content: str) -> ImportReport:
    async with open_uow() as uow:
        return await import_hotline(uow, content)


async def _cases(open_uow: OpenUow) -> list[Case]:
    async with open_uow() as uow:
        found = [await uow.cases.by_origin(f"hotline:12345-{n:03d}") for n in range(1, 6)]
        return [case for case in found if case]


async def test_rows_become_cases(sqlite_backend: Backend) -> None:
    assert await _take_in(sqlite_backend.open_uow, "\ufeff" + _list(*GOOD)) == ImportReport(3)
    waste, light, idea = await _cases(sqlite_backend.open_uow)
    assert {case.source for case in (waste, light, idea)} == {Source.HOTLINE}
    assert [case.service_code for case in (waste, light, idea)] == ["exposed_waste", "street_light", "other"]
    assert [case.area_code for case in (waste, light, idea)] == ["nb-guihuayuan", "nb-meiyuan", None]
    assert [case.review_priority is None for case in (waste, light, idea)] == [True, True, False]
    assert PHONE not in waste.description
    async with sqlite_backend.open_uow() as uow:
        account = await uow.residents.account(waste.account_id)
        assert account is not None
        assert (account.channel, account.converses) == ("hotline", False)
        resident = await uow.residents.get(account.resident_id)
        opened = (await uow.cases.events(light.id))[0]
    assert resident is not None
    assert resident.contacts == [PHONE]
    assert opened.data["occurred_at"] == "2026-11-22T18:00:00+08:00"


async def test_the_same_list_again_writes_nothing(sqlite_backend: Backend) -> None:
    await _take_in(sqlite_backend.open_uow, _list(*GOOD[:2]))
    before = await _cases(sqlite_backend.open_uow)
    assert await _take_in(sqlite_backend.open_uow, _list(*GOOD)) == ImportReport(1, known=2)
    assert await _take_in(sqlite_backend.open_uow, _list(*GOOD)) == ImportReport(0, known=3)
    assert (await _cases(sqlite_backend.open_uow))[:2] == before


async def test_a_known_row_changes_nothing_beside_a_new_one(sqlite_backend: Backend) -> None:
    await _take_in(sqlite_backend.open_uow, _list(GOOD[0]))
    changed = GOOD[0].replace(f",{PHONE}", ",13900000000")
    assert await _take_in(sqlite_backend.open_uow, _list(changed, GOOD[1])) == ImportReport(1, known=1)
    (waste, _light) = await _cases(sqlite_backend.open_uow)
    async with sqlite_backend.open_uow() as uow:
        account = await uow.residents.account(waste.account_id)
        assert account is not None
        resident = await uow.residents.get(account.resident_id)
    assert resident is not None
    assert resident.contacts == [PHONE]


async def test_heads_in_english(fake_backend: Backend) -> None:
    assert (await _take_in(fake_backend.open_uow, _list(*GOOD, head=",".join(CHINESE)))).written == 3


BAD: list[tuple[str, str, str]] = [
    (",,话,,,", "工单编号", "import_missing"),
    ("1,明天,话,,,", "来电时间", "hotline_time_wrong"),
    ("1,2026-11-23 12:01,话,,,", "来电时间", "hotline_time_ahead"),
    ("1,,,,,", "诉求内容", "import_missing"),
    (f"1,,{'长' * 4001},,,", "诉求内容", "import_too_long"),
    (f"1,,话,{'长' * 501},,", "地址", "import_too_long"),
    ("1,,话,,不存在,", "类别", "hotline_category_unknown"),
    (f"1,,话,,,{'1' * 65}", "联系电话", "import_too_long"),
    ("12345-001,,话,,,", "工单编号", "hotline_number_repeated"),
    ("1,2", "", "import_row_uneven"),
]


@pytest.mark.parametrize(("row", "field", "reason"), BAD)
async def test_one_bad_row_and_nothing_is_written(fake_backend: Backend, row: str, field: str, reason: str) -> None:
    report = await _take_in(fake_backend.open_uow, _list(GOOD[0], row))
    assert report.written == 0
    assert [(error.row, error.field, error.reason_key) for error in report.errors] == [(3, field, reason)]
    assert all(TEXTS.render(error.reason_key, **error.values) for error in report.errors)
    assert await _cases(fake_backend.open_uow) == []


async def test_a_head_that_is_no_table(fake_backend: Backend) -> None:
    assert (await _take_in(fake_backend.open_uow, "长" * 200_000)).errors


async def test_a_column_is_missing(fake_backend: Backend) -> None:
    report = await _take_in(fake_backend.open_uow, "工单编号,诉求内容\n1,话")
    assert report.errors[0] == RowError(0, "来电时间", "import_column_missing")
    assert (await _take_in(fake_backend.open_uow, "")).errors


@given(st.text() | st.lists(st.text(), min_size=6, max_size=6).map(",".join))
def test_no_list_is_too_strange(reference: Reference, row: str) -> None:
    """Whatever stands in it is taken in or refused with a reason."""
    for content in (_list(row), row, f"{row}\n{GOOD[0]}"):
        store, clock = Store(), SetClock()
        report = asyncio.run(_take_in(lambda s=store, c=clock: FakeUnitOfWork(s, c, reference), content))
        assert report.errors or len(store.committed.cases) == report.written


def _ketang(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments], catch_exceptions=False)


@pytest.fixture
def terminal(sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = shutil.copy(sqlite_template, tmp_path / "ketang.db")
    monkeypatch.setenv("KETANG_DATABASE_URL", f"sqlite:///{path}")
    monkeypatch.setenv("KETANG_VAR_DIR", str(tmp_path))
    return tmp_path


def test_at_the_terminal(terminal: Path) -> None:
    file = terminal / "list.csv"
    file.write_text(_list(*[row.replace("2026", "2024") for row in GOOD]), encoding="utf-8")
    first, again = _ketang("hotline", "import", file), _ketang("hotline", "import", file)
    assert (first.exit_code, again.exit_code) == (0, 0)
    assert "已导入 3 条" in first.output
    assert "3 条以前导入过" in again.output
    file.write_text(_list("1,,,,,"), encoding="utf-8")
    refused = _ketang("hotline", "import", file)
    assert refused.exit_code == 1
    assert "第2行 诉求内容" in refused.output


def test_keys_at_the_terminal(terminal: Path) -> None:
    assert "还没有密钥" in _ketang("keys", "list").output
    created = _ketang("keys", "create", "city-road")
    secret = created.stdout.strip().splitlines()[-1]
    assert (created.exit_code, len(secret)) == (0, 43)
    listed = _ketang("keys", "list").output
    assert "city-road" in listed
    assert "在用" in listed
    assert secret not in listed
    for arguments, word in (
        (("create", "city-road"), "已经有一个"),
        (("create", "City Road"), "小写字母"),
        (("revoke", "nobody"), "没有叫"),
    ):
        refused = _ketang("keys", *arguments)
        assert refused.exit_code == 1
        assert word in refused.output
    assert _ketang("keys", "revoke", "city-road").exit_code == 0
    assert "停用" in _ketang("keys", "list").output
