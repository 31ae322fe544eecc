"""What the operator reads, and nothing in it taken for markup: it may quote a file."""

from functools import cache

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
