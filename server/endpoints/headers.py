"""Security headers on every HTTP answer: what the page may load, who may frame it, what leaves with a link."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.settings import Settings

_HOST = re.compile(r"[A-Za-z0-9.-]+(:\d{1,5})?|\[[0-9a-fA-F:.]+\](:\d{1,5})?")

FIXED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(self), fullscreen=(self), "
    "display-capture=(), geolocation=(), payment=(), usb=()",
}
WASM_WORKER = re.compile(r"/assets/pdfjs-[0-9.]+/legacy/build/pdf\.worker\.min\.mjs")
HSTS = "max-age=31536000"
PRIVATE = {"Cache-Control": "no-store"}  # of answers that are one person's


def content_security_policy(host: str, secure: bool, *, wasm: bool = False) -> str:
    """Nothing but our own origin. The WebSocket address is named: not every browser counts it as 'self'.

    `wasm` is for the worker that reads PDFs alone, which decodes pictures (JPEG 2000, JBIG2) by WebAssembly: it may
    compile that, still no text to script. The page itself, its own document, never may.
    """
    sockets = f" {'wss' if secure else 'ws'}://{host}" if _HOST.fullmatch(host) else ""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self' 'wasm-unsafe-eval'" if wasm else "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data: blob:",
            "media-src 'self' blob:",
            "font-src 'self'",
            f"connect-src 'self'{sockets}",
            "manifest-src 'self'",
            "worker-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


class SecurityHeaders:
    """ASGI middleware; an answer's own headers stay as they are."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._secure = settings.secure
        self._host = urlsplit(settings.public_url).netloc

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                wasm = WASM_WORKER.fullmatch(scope["path"]) is not None
                self._add(MutableHeaders(scope=message), Headers(scope=scope), wasm)
            await send(message)

        await self._app(scope, receive, send_with_headers)

    def _add(self, answer: MutableHeaders, asked: Headers, wasm: bool) -> None:
        for name, value in FIXED.items():
            answer.setdefault(name, value)
        host = self._host or asked.get("host", "")
        answer.setdefault("Content-Security-Policy", content_security_policy(host, self._secure, wasm=wasm))
        if self._secure:
            answer.setdefault("Strict-Transport-Security", HSTS)
