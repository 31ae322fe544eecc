"""Reading a posted form: bounded, decoded without failing, and only with our own token in it."""

from urllib.parse import parse_qsl

from starlette.requests import Request

from community.core.errors import KetangError
from console import session

MAX_BODY = 64 * 1024
MAX_FIELDS = 50


class FormTooLarge(KetangError):
    """Nothing that our pages send is as long."""


class FormRefused(KetangError):
    """The CSRF token is missing or not of this session."""


async def checked_form(request: Request) -> dict[str, str]:
    """The fields of the form. Raises FormTooLarge or FormRefused."""
    form = _fields(await _body(request))
    if not session.csrf_matches(request, form.get("csrf_token", "")):
        raise FormRefused
    return form


async def _body(request: Request) -> str:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            raise FormTooLarge
    return body.decode("utf-8", "replace")


def _fields(body: str) -> dict[str, str]:
    try:
        return dict(parse_qsl(body, keep_blank_values=True, max_num_fields=MAX_FIELDS))
    except ValueError as too_many_fields:
        raise FormTooLarge from too_many_fields


def number(text: str) -> int:
    """A whole number of the form, 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
