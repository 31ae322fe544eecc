"""Proof that a body comes from who has the key, and came just now: `t=<unix seconds>,v1=<hex>`."""

import hmac
import re
from datetime import datetime, timedelta
from hashlib import sha256

from community.core.errors import KetangError

TOLERANCE = timedelta(minutes=5)  # either way, as clocks go
_HEADER = re.compile(r"t=(\d{1,12}),\s*v1=([0-9a-f]{64})", re.ASCII)


class BadSignature(KetangError):
    """Not from who has the key."""


class NoSignature(BadSignature):
    """No header of this form."""


class StaleSignature(BadSignature):
    """Signed `seconds` from now, whether before or after."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


def sign(secret: str, body: bytes, at: int) -> str:
    """The header; `at` in seconds since 1970."""
    return f"t={at},v1={_digest(secret, body, at)}"


def check_signature(header: str, secret: str, body: bytes, now: datetime) -> None:
    """Raises NoSignature, BadSignature or StaleSignature."""
    found = _HEADER.fullmatch(header.strip())
    if found is None:
        raise NoSignature
    at = int(found[1])
    if not hmac.compare_digest(_digest(secret, body, at), found[2]):
        raise BadSignature
    apart = abs(at - int(now.timestamp()))
    if apart > TOLERANCE.total_seconds():
        raise StaleSignature(apart)


def _digest(secret: str, body: bytes, at: int) -> str:
    return hmac.new(secret.encode(), f"{at}.".encode() + body, sha256).hexdigest()
