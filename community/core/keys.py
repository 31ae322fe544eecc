"""Keys that other systems report with."""

import re
from dataclasses import dataclass
from datetime import datetime

KEY_NAME = re.compile(r"[a-z0-9][a-z0-9-]{1,31}")  # it becomes part of every origin, and goes into a header


@dataclass(kw_only=True)
class ApiKey:
    """`secret` is what signatures are made with; `secret_hash`, its SHA-256 in hex, is what a shown key is known by."""

    id: int = 0
    name: str
    secret_hash: str
    secret: str
    created_at: datetime
    revoked_at: datetime | None = None
