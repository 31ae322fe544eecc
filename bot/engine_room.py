"""Running things in Rasa's own Python environment: training, parsing, serving."""

import hashlib
import json
import os
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.app import rasa_token
from bot.settings import ROOT, Settings

PYTHON = ROOT / "nlu" / ".venv" / "bin" / "python"
MODEL = ROOT / "models" / "ketang.tar.gz"
UNDERSTANDING = ROOT / "models" / "understanding"
WORSE = 3  # exit status of `nlu train`: the model in use was kept
_STAMP = ROOT / "models" / "trained.json"
_INPUTS = ("config.yml", "domain.yml", "nlu/*.py", "nlu/requirements.lock")
_DATA_INPUTS = ("nlu/**/*.yml", "rules/*.yml", "stories/*.yml", "terms/*.yml", "dictionaries/*", "places/*")


def environment(settings: Settings) -> dict[str, str]:
    """What a process of the other environment needs to know, and what keeps its libraries quiet."""
    known = {
        "KETANG_DATA_DIR": str(settings.data_dir),
        "KETANG_RASA_TOKEN": rasa_token(settings),
        "KETANG_RASA_DATABASE_URL": settings.rasa_database_url,
        "KETANG_ACTIONS_URL": settings.actions_url,
        "PYTHONUNBUFFERED": "1",
        "PYTHONWARNINGS": "ignore",
        "RASA_TELEMETRY_ENABLED": "false",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "LOG_LEVEL": "WARNING",
    }
    if settings.now is not None:
        known["KETANG_NOW"] = settings.now.isoformat()
    return os.environ | known


def run_nlu(settings: Settings, arguments: Sequence[str]) -> int:
    """`python -m nlu ...` with our terminal; returns its exit status."""
    return subprocess.call([PYTHON, "-m", "nlu", *arguments], cwd=ROOT, env=environment(settings))  # noqa: S603


def training_digest(settings: Settings) -> str:
    """Changes exactly when something that training reads has changed."""
    files = [path for pattern in _INPUTS for path in ROOT.glob(pattern)]
    files += [path for pattern in _DATA_INPUTS for path in settings.data_dir.glob(pattern)]
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(f"{path.name}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def is_trained(settings: Settings) -> bool:
    try:
        stamp = json.loads(_STAMP.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return False
    return MODEL.exists() and UNDERSTANDING.exists() and stamp.get("digest") == training_digest(settings)


def train_rasa(settings: Settings) -> Iterator[str]:
    """Trains the dialogue model, yielding what Rasa prints. Raises CalledProcessError."""
    digest = training_digest(settings)
    data = [str(settings.data_dir / folder) for folder in ("nlu", "rules", "stories")]
    command = [
        *(str(PYTHON), "-m", "rasa", "train", "--domain", "domain.yml", "--config", "config.yml"),
        *("--data", *data, "--out", str(MODEL.parent), "--fixed-model-name", MODEL.name.removesuffix(".tar.gz")),
    ]
    with subprocess.Popen(  # noqa: S603
        command, cwd=ROOT, env=environment(settings), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout is not None
        yield from process.stdout
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    _STAMP.write_text(json.dumps({"digest": digest}), encoding="utf-8")


def serve_command(settings: Settings) -> list[str]:
    return [
        *(str(PYTHON), "-m", "nlu.serve", "--model", str(MODEL), "--port", str(settings.rasa_port)),
        *("--interface", "127.0.0.1", "--endpoints", "endpoints.yml", "--credentials", "credentials.yml"),
    ]


def log_file(settings: Settings, name: str) -> Path:
    folder = settings.var_dir / "log"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{name}.log"
