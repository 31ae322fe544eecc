"""`ketang grids`: grids, their members and rosters in and out."""

import asyncio
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bot.importing import in_transaction, take_in_file
from bot.terminal import tell, write
from community.services.grid_members import export_members, import_members
from community.services.grid_rosters import export_rosters, import_rosters
from community.services.grids import export_grids, import_grids

grids_app = typer.Typer(no_args_is_help=True, help="Grids on the map, who works in them, and who is on duty.")


@grids_app.command("import")
def import_(file: Path) -> None:
    """Take in grids from GeoJSON: all of them, or none and why. Rosters that they name come first."""
    take_in_file(file, import_grids, "import_grid_error")


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
    write(file, asyncio.run(in_transaction(_EXPORTS[part])))
    tell("grids_exported", file=file)


@grids_app.command()
def members(file: Path) -> None:
    """Take in who works in the grids from CSV: grid_code, name, role, service."""
    take_in_file(file, import_members, "import_row_error")


@grids_app.command()
def rosters(file: Path) -> None:
    """Take in duty rosters from CSV: code, pattern, starts_on, change_at, crews."""
    take_in_file(file, import_rosters, "import_row_error")
