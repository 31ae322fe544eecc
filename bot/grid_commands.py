"""`ketang grids`: grids, their members and rosters in and out."""

import asyncio
from collections.abc import Awaitable, Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bot.app import Storage, with_storage
from bot.settings import Settings
from bot.terminal import tell, texts, write
from community.services.grid_members import export_members, import_members
from community.services.grid_rosters import export_rosters, import_rosters
from community.services.grids import export_grids, import_grids
from community.services.imports import ImportReport, RowError
from community.services.ports import UnitOfWork

grids_app = typer.Typer(no_args_is_help=True, help="Grids on the map, who works in them, and who is on duty.")


@grids_app.command("import")
def import_(file: Path) -> None:
    """Take in grids from GeoJSON: all of them, or none and why. Rosters that they name come first."""
    _import(file, import_grids, "import_grid_error")


class Part(StrEnum):
    GRIDS = "grids"
    MEMBERS = "members"
    ROSTERS = "rosters"


_EXPORTS = {Part.GRIDS: export_grids, Part.MEMBERS: export_members, Part.ROSTERS: export_rosters}


@grids_app.command()
def export(
    file: Path, part: Annotated[Part, typer.Option(help="GeoJSON of the grids, or a CSV.")] = Part.GRIDS
) -> None:
    """Write all grids, their members or their rosters to a file that can be taken in again."""
    write(file, asyncio.run(_in_transaction(_EXPORTS[part])))
    tell("grids_exported", file=file)


@grids_app.command()
def members(file: Path) -> None:
    """Take in who works in the grids from CSV: grid_code, name, role, service."""
    _import(file, import_members, "import_row_error")


@grids_app.command()
def rosters(file: Path) -> None:
    """Take in duty rosters from CSV: code, pattern, starts_on, change_at, crews."""
    _import(file, import_rosters, "import_row_error")


def _import(file: Path, take_in: Callable[[UnitOfWork, str], Awaitable[ImportReport]], row_key: str) -> None:
    content = _content(file)
    report = asyncio.run(_in_transaction(lambda uow: take_in(uow, content)))
    if not report.errors:
        tell("imported", rows=report.written, file=file)
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


async def _in_transaction[T](work: Callable[[UnitOfWork], Awaitable[T]]) -> T:
    async def within(storage: Storage) -> T:
        async with storage.open_uow() as uow:
            return await work(uow)

    return await with_storage(Settings(), within)
