"""What the signed cookie holds: who signed in and when, the CSRF token, one message for the next page."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from starlette.requests import Request

from community.core.staff import Staff

LIFE = timedelta(hours=12)


@dataclass(frozen=True)
class SignIn:
    staff_id: int
    stamp: str
    at: datetime

    def holds_for(self, staff: Staff, now: datetime) -> bool:
        """Not longer than LIFE, and not after the password has changed."""
        return now - self.at < LIFE and hmac.compare_digest(self.stamp, _stamp(staff))


def sign_in(request: Request, staff: Staff, now: datetime) -> None:
    """Starts from nothing, so that whatever somebody planted before the login is worth nothing after it."""
    request.session.clear()
    request.session.update(staff=staff.id, stamp=_stamp(staff), at=now.timestamp())


def sign_out(request: Request) -> None:
    request.session.clear()


def sign_in_of(request: Request) -> SignIn | None:
    session = request.session
    if "staff" not in session:
        return None
    return SignIn(session["staff"], session["stamp"], datetime.fromtimestamp(session["at"], UTC))


def csrf_token(request: Request) -> str:
    token: str = request.session.setdefault("csrf", secrets.token_urlsafe(24))
    return token


def csrf_matches(request: Request, token: str) -> bool:
    expected = request.session.get("csrf")
    return expected is not None and hmac.compare_digest(expected.encode(), token.encode())


def leave_message(request: Request, text_key: str) -> None:
    request.session["message"] = text_key


def take_message(request: Request) -> str | None:
    text_key: str | None = request.session.pop("message", None)
    return text_key


def _stamp(staff: Staff) -> str:
    return hashlib.sha256(staff.password_hash.encode()).hexdigest()[:16]
