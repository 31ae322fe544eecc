"""Taking in a file at the terminal: all of it, or nothing and one line for each thing that is wrong."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import typer

from bot.app import Storage, with_storage
from bot.settings import Settings
from bot.terminal import tell, texts
from community.services.imports import ImportReport, RowError
from community.services.ports import UnitOfWork


def take_in_file(file: Path, take_in: Callable[[UnitOfWork, str], Awaitable[ImportReport]], row_key: str) -> None:
    """Tells what was written, or everything that is wrong and ends with status 1."""
    content = _content(file)
    report = asyncio.run(in_transaction(lambda uow: take_in(uow, content)))
    if not report.errors:
        tell("imported", rows=report.written, file=file)
        if report.known:
            tell("imported_known", rows=report.known)
        return
    tell("import_refused", file=file, count=len(report.errors))
    for error in report.errors:
        _tell_error(error, row_key if error.row else "import_file_error")
    raise typer.Exit(1)


def _content(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        tell("file_not_read", file=file, reason=error.strerror)
    except UnicodeDecodeError:
        tell("file_not_utf8", file=file)
    raise typer.Exit(1)


def _tell_error(error: RowError, key: str) -> None:
    field = f" {error.field}" if error.field else ""
    tell(key, row=error.row, field=field, reason=texts().render(error.reason_key, **error.values))


async def in_transaction[T](work: Callable[[UnitOfWork], Awaitable[T]]) -> T:
    async def within(storage: Storage) -> T:
        async with storage.open_uow() as uow:
            return await work(uow)

    return await with_storage(Settings(), within)
