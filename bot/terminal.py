"""What the operator reads, and nothing in it taken for markup: it may quote a file."""

from functools import cache
from pathlib import Path

import typer
from rich.console import Console

from bot.settings import ROOT
from community.core.texts import Texts
from community.services.reference import load_texts

screen = Console(stderr=True, highlight=False, markup=False, emoji=False)


@cache
def texts() -> Texts:
    return load_texts(ROOT / "data" / "texts" / "cli.yml")


def tell(key: str, **values: object) -> None:
    """One text, never broken into lines of our own making."""
    screen.print(texts().render(key, **values), soft_wrap=True)


def write(file: Path, content: str, encoding: str = "utf-8") -> None:
    """Leaves the old file whole when writing fails, says why, and ends with status 1."""
    beside = file.with_name(f"{file.name}.part")
    try:
        beside.write_text(content, encoding=encoding)
        beside.replace(file)
    except OSError as error:
        tell("file_not_written", file=file, reason=error.strerror)
        raise typer.Exit(1) from None
