"""Reading a posted form: bounded, decoded without failing, and only with our own token in it."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from community.core.errors import KetangError
from community.services.photos import MAX_BYTES
from console import session

MAX_BODY = 64 * 1024
MAX_FIELDS = 100
MAX_PHOTOS = 4


class FormTooLarge(KetangError):
    """Nothing that our pages send is as long."""


class FormRefused(KetangError):
    """The CSRF token is missing or not of this session, or the form is broken."""


@dataclass(frozen=True)
class Form:
    """What was typed, in its order, and the photos chosen, as they came."""

    fields: tuple[tuple[str, str], ...] = ()
    files: tuple[bytes, ...] = ()

    def get(self, name: str, default: str = "") -> str:
        return next((value for key, value in reversed(self.fields) if key == name), default)

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.fields if key == name]


async def checked_form(request: Request, *, with_photos: bool = False) -> Form:
    """The form; `with_photos` also one that brings files, up to four. Raises FormTooLarge or FormRefused."""
    multipart = request.headers.get("content-type", "").startswith("multipart/form-data")
    form = await _multipart(request) if with_photos and multipart else _fields(await _body(request))
    if not session.csrf_matches(request, form.get("csrf_token")):
        raise FormRefused
    return form


async def _body(request: Request) -> str:
    body = bytearray()
    async for chunk in _bounded(request, MAX_BODY):
        body += chunk
    return body.decode("utf-8", "replace")


async def _bounded(request: Request, most: int) -> AsyncGenerator[bytes, None]:
    length = 0
    async for chunk in request.stream():
        length += len(chunk)
        if length > most:
            raise FormTooLarge
        yield chunk


def _fields(body: str) -> Form:
    try:
        return Form(tuple(parse_qsl(body, keep_blank_values=True, max_num_fields=MAX_FIELDS)))
    except ValueError as too_many_fields:
        raise FormTooLarge from too_many_fields


async def _multipart(request: Request) -> Form:
    """A file that is one byte too large still comes through, so that the page can say so."""
    parser = MultiPartParser(
        request.headers,
        _bounded(request, MAX_PHOTOS * (MAX_BYTES + 1) + MAX_BODY),
        max_files=MAX_PHOTOS,
        max_fields=MAX_FIELDS,
        max_part_size=MAX_BODY,
    )
    try:
        parsed = await parser.parse()
    except MultiPartException as broken:
        raise FormRefused from broken
    fields = [(name, value) for name, value in parsed.multi_items() if isinstance(value, str)]
    files = [await value.read() for _, value in parsed.multi_items() if isinstance(value, UploadFile)]
    await parsed.close()
    return Form(tuple(fields), tuple(data for data in files if data))  # a field left empty sends a file of nothing


def number(text: str) -> int:
    """A whole number of the form, 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
