"""DESIGN's paragraph "Folders, and who may import whom" as a table, held against every import statement."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
OURS = ("actions", "bot", "community", "console", "intake", "nlu")

# Longest matching row first decides. Values name what of ours may be imported besides the row's own folder.
DOMAIN = ("community.core", "community.services")
ALLOWED: dict[str, tuple[str, ...]] = {
    "nlu": (),
    "community": (),
    "community.core": (),
    "community.services": ("community.core",),
    "community.db": ("community.core", "community.services.ports"),
    "actions": DOMAIN,
    "console": DOMAIN,
    "intake": DOMAIN,
    "bot": ("bot", *DOMAIN),
    "bot.channels": ("bot.channels.ports", *DOMAIN),
    "bot.app": OURS,  # with bot.cli the composition root
    "bot.cli": OURS,
}
ONLY_STANDARD_LIBRARY = "community.core"


def _files() -> list[Path]:
    found = (path for folder in OURS for path in (ROOT / folder).rglob("*.py"))
    return sorted(path.relative_to(ROOT) for path in found if ".venv" not in path.parts)


def module_of(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(source: str, path: Path) -> Iterator[str]:
    """Every module that is named, also inside functions and TYPE_CHECKING; `from a import b` counts as a.b."""
    module = module_of(path)
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = _absolute(node, package)
            yield from (f"{base}.{alias.name}" for alias in node.names)


def _absolute(node: ast.ImportFrom, package: str) -> str:
    if not node.level:
        return node.module or ""
    parts = package.split(".")
    return ".".join([*parts[: len(parts) - node.level + 1], *filter(None, [node.module])])


def _within(module: str, folder: str) -> bool:
    return f"{module}.".startswith(f"{folder}.")


def _row(module: str) -> str:
    return max((row for row in ALLOWED if _within(module, row)), key=len)


def _own_folder(module: str) -> str:
    """A channel is a folder of its own: telegram may not lean on wechat."""
    return ".".join(module.split(".")[:3]) if _within(module, "bot.channels") else _row(module)


def is_allowed(module: str, imported: str) -> bool:
    if imported.partition(".")[0] not in OURS:
        foreign = imported.partition(".")[0] not in sys.stdlib_module_names
        return not (foreign and _within(module, ONLY_STANDARD_LIBRARY))
    row = _row(module)
    return any(_within(imported, folder) for folder in (_own_folder(module), *ALLOWED[row]))


def violations(source: str, path: Path) -> list[str]:
    module = module_of(path)
    return [imported for imported in imports(source, path) if not is_allowed(module, imported)]


@pytest.mark.parametrize("path", _files(), ids=str)
def test_every_import_keeps_the_table(path: Path) -> None:
    assert violations((ROOT / path).read_text(encoding="utf-8"), path) == []


def test_every_row_of_the_table_is_about_something() -> None:
    modules = [module_of(path) for path in _files()]
    missing = [row for row in ALLOWED if not any(_within(module, row) for module in modules)]
    assert missing == []


SAMPLES: list[tuple[str, str, list[str]]] = [
    ("community/core/cases.py", "import sqlalchemy", ["sqlalchemy"]),
    ("community/core/cases.py", "import yaml.nodes as n, json", ["yaml.nodes"]),
    ("community/core/cases.py", "from community.core.workflow import Status\nimport re", []),
    ("community/core/cases.py", "from community.services import cases", ["community.services.cases"]),
    ("community/core/cases.py", "from ..db.models import Base", ["community.db.models.Base"]),
    ("community/core/__init__.py", "from .cases import Case", []),
    ("community/core/__init__.py", "from .. import db", ["community.db"]),
    ("community/services/cases.py", "from community import db", ["community.db"]),
    ("community/services/cases.py", "import yaml\nfrom . import ports", []),
    ("community/services/cases.py", "def f():\n    import bot.app", ["bot.app"]),
    ("community/db/uow.py", "from community.services.ports import UnitOfWork", []),
    ("community/db/uow.py", "from community.services.portsmouth import x", ["community.services.portsmouth.x"]),
    ("community/db/uow.py", "from community.services.cases import open_case", ["community.services.cases.open_case"]),
    ("actions/cases.py", "if TYPE_CHECKING:\n    from community.db.uow import X", ["community.db.uow.X"]),
    ("actions/cases.py", "from community.services.cases import open_case\nimport rasa_sdk", []),
    ("actions/cases.py", "import bot.settings", ["bot.settings"]),
    ("console/app.py", "import console.access\nimport fastapi\nimport bot.app", ["bot.app"]),
    ("intake/webhook.py", "import intake.desk\nfrom community.services.keys import key_named", []),
    ("intake/webhook.py", "from community.db.uow import X\nimport bot.app", ["community.db.uow.X", "bot.app"]),
    ("bot/channels/web/page.py", "from bot.channels.ports import Dialogue", []),
    ("bot/channels/web/page.py", "from bot.channels.web.stream import Hub\nfrom . import stream", []),
    ("bot/channels/web/page.py", "from bot.channels.telegram import x", ["bot.channels.telegram.x"]),
    ("bot/channels/web/page.py", "from bot.dialogue import Dialogue", ["bot.dialogue.Dialogue"]),
    ("bot/dialogue.py", "from bot.rasa import RasaClient\nfrom bot.channels.ports import Incoming", []),
    ("bot/dialogue.py", "import community.db.engine, actions", ["community.db.engine", "actions"]),
    ("bot/app.py", "import community.db.engine, actions.cases, console.app, bot.channels.web", []),
    ("bot/applause.py", "import community.db.engine", ["community.db.engine"]),
    ("nlu/segment.py", "import rasa\nfrom nlu.text import clean\nfrom .places import find", []),
    ("nlu/segment.py", "from community.core.messages import clean", ["community.core.messages.clean"]),
]


@pytest.mark.parametrize(("path", "source", "bad"), SAMPLES)
def test_the_check_itself(path: str, source: str, bad: list[str]) -> None:
    assert violations(source, Path(path)) == bad
