"""`ketang`: everything an operator does from a terminal."""

import asyncio
import subprocess
from pathlib import Path
from typing import Annotated

import typer
import uvloop

from bot import demo, logs
from bot.app import Storage, with_storage
from bot.area_commands import areas_app
from bot.corrections import write_corrections
from bot.engine_room import WORSE, is_trained, log_file, run_nlu, train_rasa
from bot.grid_commands import grids_app
from bot.importing import take_in_file
from bot.key_commands import keys_app
from bot.score_commands import scores
from bot.settings import Settings
from bot.staff_commands import staff_app
from bot.supervisor import PortTaken, serve
from bot.terminal import screen, tell, texts
from community.core.clock import shanghai
from community.core.errors import UnitRequired, UnknownUnit
from community.core.staff import Role
from community.services.staff import create_staff
from community.services.workdays import calendar_gap
from intake.hotline import import_hotline

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_show_locals=False)
demo_app = typer.Typer(no_args_is_help=True, help="A believable neighbourhood to look around in.")
admin_app = typer.Typer(no_args_is_help=True, help="People who may enter the console.")
hotline_app = typer.Typer(no_args_is_help=True, help="Cases of the citizens' hotline.")
app.add_typer(demo_app, name="demo")
app.add_typer(admin_app, name="admin")
app.add_typer(areas_app, name="areas")
app.add_typer(staff_app, name="staff")
app.add_typer(grids_app, name="grids")
app.command()(scores)
app.add_typer(keys_app, name="keys")
app.add_typer(hotline_app, name="hotline")

MIN_PASSWORD = 8


@app.command()
def up() -> None:
    """Train when something changed, migrate, start Rasa and the app, and print the addresses."""
    settings = Settings()
    logs.configure()
    if year := calendar_gap(shanghai(settings.clock()()).date()):
        tell("calendar_unknown", year=year)
    if not is_trained(settings):
        _train(settings)
    try:
        uvloop.run(serve(settings, tell))
    except PortTaken as taken:
        tell("port_taken", port=taken.port)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:  # uvicorn hands the signal on after it has stopped
        raise typer.Exit(0) from None


@app.command()
def train(
    extra: Annotated[Path | None, typer.Option(help="CSV of staff corrections: text, service_code.")] = None,
    even_if_worse: Annotated[
        bool, typer.Option("--even-if-worse", help="Use the new model whatever it loses.")
    ] = False,
) -> None:
    """Train the understanding and the dialogue anew; a worse understanding does not replace the one in use."""
    _train(Settings(), extra, even_if_worse)


def _train(settings: Settings, extra: Path | None = None, even_if_worse: bool = False) -> None:
    tell("training_understanding")
    options = [*(["--extra", str(extra)] if extra else []), *(["--even-if-worse"] if even_if_worse else [])]
    status = run_nlu(settings, ["train", *options])
    if status == WORSE:
        tell("understanding_kept")
    elif status:
        raise typer.Exit(status)
    log = log_file(settings, "train")
    stage = texts().render("training_dialogue")
    try:
        with log.open("w", encoding="utf-8") as file, screen.status(stage) as shown:
            for line in train_rasa(settings):
                file.write(line)
                if line.strip():
                    shown.update(f"{stage}  {line.strip()[:80]}")
    except subprocess.CalledProcessError as error:
        tell("training_failed", log=log)
        raise typer.Exit(error.returncode) from None
    tell("trained")


@app.command()
def corrections(target: Path) -> None:
    """Write what staff corrected or confirmed to a CSV file for ketang train --extra."""
    written = asyncio.run(with_storage(Settings(), lambda storage: write_corrections(storage, target)))
    tell("corrections_written", rows=written, target=target)


_FORWARDED = {"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []}


@app.command(context_settings=_FORWARDED)
def parse(context: typer.Context) -> None:
    """Print how one text is understood, as JSON: ketang parse "..." [--now ISO]"""
    _nlu("parse", context)


@app.command(context_settings=_FORWARDED)
def classify(context: typer.Context) -> None:
    """Classify a file: ketang classify in.csv out.csv --text-column text [--now-column now]"""
    _nlu("classify", context)


@app.command(context_settings=_FORWARDED)
def evaluate(context: typer.Context) -> None:
    """Measure on labelled rows: ketang evaluate file.csv --text-column text --label-column service_code"""
    _nlu("evaluate", context)


def _nlu(command: str, context: typer.Context) -> None:
    raise typer.Exit(run_nlu(Settings(), [command, *context.args]))


@demo_app.command("load")
def demo_load() -> None:
    """Fill the database with grids' worth of neighbours and their cases."""
    added = asyncio.run(with_storage(Settings(), lambda storage: demo.load(storage, Settings().data_dir)))
    tell("demo_loaded", **added) if added else tell("demo_there_already")


@admin_app.command("create")
def admin_create(
    username: Annotated[str, typer.Option(prompt=True)] = "admin",
    password: Annotated[str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True)] = "",
    role: Annotated[Role, typer.Option()] = Role.ADMIN,
    unit: Annotated[str | None, typer.Option(help="Code of the unit whose cases a handler deals with.")] = None,
) -> None:
    """Let somebody into the console, or give them a new password, role and unit."""
    if len(password) < MIN_PASSWORD:
        tell("password_too_short", length=MIN_PASSWORD)
        raise typer.Exit(1)

    async def create(storage: Storage) -> None:
        async with storage.open_uow() as uow:
            await create_staff(uow, username, password, role, unit)

    try:
        asyncio.run(with_storage(Settings(), create))
    except UnitRequired:
        tell("unit_required")
        raise typer.Exit(1) from None
    except UnknownUnit:
        tell("unit_unknown", unit=unit)
        raise typer.Exit(1) from None
    tell("admin_created", username=username)


@hotline_app.callback()
def hotline() -> None:
    """Keeps `import` a word of its own while it is the only command."""


@hotline_app.command("import")
def hotline_import(file: Path) -> None:
    """Take in a list of the hotline from CSV: all rows, or none and why. What was taken in before stays as it is."""
    take_in_file(file, import_hotline, "import_row_error")


def main() -> None:
    app()
