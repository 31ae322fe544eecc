"""What can be set from outside: environment `KETANG_*`, or `.env` beside the project."""

import base64
import hashlib
import hmac
import os
import secrets
from datetime import datetime
from pathlib import Path
from typing import Literal, Self

from pydantic import model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from community.core.clock import Clock, clock_from, system_clock

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="KETANG_", env_file=ROOT / ".env", extra="ignore")

    environment: Literal["development", "production"] = "development"
    var_dir: Path = ROOT / "var"
    data_dir: Path = ROOT / "data"
    database_url: str = ""
    rasa_database_url: str = ""
    secret_key: str = ""
    now: datetime | None = None

    http_host: str = "127.0.0.1"
    http_port: int = 8000
    rasa_port: int = 5005
    rasa_url: str = ""

    telegram_token: str = ""
    telegram_api_base: str = "https://api.telegram.org"
    telegram_webhook_url: str = ""

    @model_validator(mode="after")
    def complete(self) -> Self:
        if self.environment == "production" and self.now is not None:
            raise ValueError("KETANG_NOW is for development and tests only")
        if self.environment == "production" and len(self.secret_key) < 32:
            raise ValueError("KETANG_SECRET_KEY must hold at least 32 characters in production")
        self.database_url = self.database_url or f"sqlite:///{self.var_dir / 'ketang.db'}"
        self.rasa_database_url = self.rasa_database_url or f"sqlite:///{self.var_dir / 'rasa.db'}"
        self.rasa_url = self.rasa_url or f"http://127.0.0.1:{self.rasa_port}"
        self.secret_key = self.secret_key or _own_secret(self.var_dir / "secret.key")
        return self

    @property
    def own_rasa(self) -> bool:
        """Whether Rasa is ours to start: an address of its own means that somebody else runs it."""
        return self.rasa_url == f"http://127.0.0.1:{self.rasa_port}"

    @property
    def actions_url(self) -> str:
        host = "127.0.0.1" if self.http_host == "0.0.0.0" else self.http_host  # noqa: S104 - compared, not bound
        return f"http://{host}:{self.http_port}/actions/webhook"

    @property
    def production(self) -> bool:
        return self.environment == "production"

    def clock(self) -> Clock:
        return clock_from(self.now) if self.now else system_clock

    def derived_key(self, purpose: str) -> str:
        """A key of its own for each purpose (URL-safe base64 of 32 bytes), so that one leak opens one door."""
        digest = hmac.digest(self.secret_key.encode(), purpose.encode(), hashlib.sha256)
        return base64.urlsafe_b64encode(digest).decode()


def _own_secret(path: Path) -> str:
    """Development needs no setting: the first start writes a random secret that only this user can read."""
    try:
        return path.read_text(encoding="ascii")
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        secret = secrets.token_urlsafe(32)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secret)
        return secret
