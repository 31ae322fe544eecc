"""`ketang areas`: zones and building groups in and out; what residents name stands in the gazetteer, places.csv."""

import shutil
from pathlib import Path

import typer

from bot.settings import Settings
from bot.terminal import screen, tell, write
from community.core.errors import BadReferenceData
from community.services.areas import load_areas

areas_app = typer.Typer(no_args_is_help=True, help="District, towns, zones, neighbourhoods and building groups.")


@areas_app.command("import")
def import_(file: Path) -> None:
    """Take in areas from CSV (code, name, level, parent, also): all or none. Counts from the next start."""
    data_dir = Settings().data_dir
    try:
        areas = load_areas(data_dir / "dictionaries" / "places.csv", file)
    except BadReferenceData as refused:
        tell("areas_refused", file=file)
        screen.print(str(refused), soft_wrap=True)
        raise typer.Exit(1) from None
    target = data_dir / "areas" / "areas.csv"
    target.parent.mkdir(parents=True, exist_ok=True)
    write(target, file.read_text(encoding="utf-8-sig"))
    tell("areas_imported", count=len(areas.all), file=file)


@areas_app.command()
def export(file: Path) -> None:
    """Write the areas that were taken in to a CSV."""
    source = Settings().data_dir / "areas" / "areas.csv"
    try:
        shutil.copyfile(source, file)
    except OSError as error:
        tell("file_not_written", file=file, reason=error.strerror)
        raise typer.Exit(1) from None
    tell("areas_exported", file=file)
