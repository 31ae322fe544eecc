"""Reading what is posted, up to a bound."""

from starlette.requests import ClientDisconnect, Request

from community.core.errors import KetangError

MAX_BODY = 64 * 1024  # bytes: 4,000 Chinese characters take 36,000 in a form


class BodyTooLarge(KetangError):
    """Longer than anything a report needs."""


async def bounded_body(request: Request) -> bytes:
    """Raises BodyTooLarge. Half a body is none: the sender has gone, and nobody reads the answer."""
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAX_BODY:
                raise BodyTooLarge
    except ClientDisconnect:
        return b""
    return bytes(body)
