"""What the browser may do with our pages: show them, alone, from us only, and keep none."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
STATIC_CACHE = "public, max-age=86400"


class SecurityHeaders:
    """Every answer gets them; only the static files may be kept."""

    def __init__(self, app: ASGIApp, static_path: str) -> None:
        self._app = app
        self._static_path = static_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        is_static = scope["path"].startswith(scope.get("root_path", "") + self._static_path)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(SECURITY_HEADERS)
                if is_static and message["status"] in (200, 304):
                    headers["Cache-Control"] = STATIC_CACHE
            await send(message)

        await self._app(scope, receive, send_with_headers)
