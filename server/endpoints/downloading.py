"""Sends a part of a file or a text as one answer, in pieces, and no piece more once the right to it is lost."""

from __future__ import annotations

import asyncio
import gzip
import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from server.endpoints.errors import ApiError
from server.evidence.copy_verdicts import BUSY
from server.evidence.downloads import Downloads
from server.evidence.export import ExportFailed
from server.hearing.state import HearingState

PIECE = 64 * 1024
RETRY_SECONDS = "10"
ABORT = "yunting.abort"  # extension of an HTTP scope: drops the connection
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
_PLAIN = re.compile(r"[^A-Za-z0-9._ ()-]")


@dataclass(frozen=True, slots=True)
class Span:
    """Bytes of a whole: from `start` up to `end`, of `size`."""

    start: int
    end: int
    size: int

    @property
    def whole(self) -> bool:
        return self.end - self.start == self.size


def span_of(request: Request, size: int, etag: str) -> Span:
    """What is asked for; the whole where no single range is, or where it is one of an earlier copy. Raises
    `range_not_satisfiable`."""
    asked = _RANGE.fullmatch(request.headers.get("range", "").replace(" ", ""))
    if asked is None or asked[0] == "bytes=-" or request.headers.get("if-range", etag) != etag:
        return Span(0, size, size)
    first, last = asked[1], asked[2]
    start = int(first) if first else max(0, size - int(last))
    end = min(size, int(last) + 1) if first and last else size
    if start >= size or end <= start:
        raise ApiError("range_not_satisfiable", headers={"Content-Range": f"bytes */{size}"})
    return Span(start, end, size)


def is_known(request: Request, etag: str) -> bool:
    """Whether the asker has this very copy."""
    known = (each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(","))
    return etag in known


def disposition(name: str) -> str:
    """`attachment` with a name for every client (RFC 6266)."""
    plain = _PLAIN.sub("_", name) or "_"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


@dataclass(frozen=True, slots=True)
class Watch:
    """Whose download it is, of which hearing, and how to ask whether it may go on."""

    downloads: Downloads
    hearing: str
    allowed: Callable[[HearingState], bool]


class Sent(Response):
    """A body of pieces; the connection is dropped when the right ends meanwhile."""

    def __init__(
        self,
        pieces: AsyncIterator[bytes],
        size: int | None,
        watch: Watch,
        headers: Mapping[str, str],
        status: int = 200,
    ) -> None:
        length = {} if size is None else {"Content-Length": str(size)}  # None: sent in chunks, to its own end
        super().__init__(None, status, {**headers, **length})
        if size is None:
            del self.headers["Content-Length"]
        self._pieces = pieces
        self._watch = watch

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        abort = scope.get("extensions", {}).get(ABORT, lambda: None)
        with self._watch.downloads.running(self._watch.hearing, self._watch.allowed, abort) as download:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            if scope["method"] != "HEAD":
                async for piece in self._pieces:
                    if download.ended:
                        return
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
            if not download.ended:
                await send({"type": "http.response.body", "body": b""})


class Whole(Sent):
    """A whole file."""

    def __init__(self, path: Path, watch: Watch, headers: Mapping[str, str]) -> None:
        size = path.stat().st_size
        super().__init__(pieces_of(path, Span(0, size, size)), size, watch, headers)


class Borrowed(Whole):
    """A file that goes when the answer has ended, however it ended: what lets go of it is taken out of `lent`."""

    def __init__(self, path: Path, watch: Watch, headers: Mapping[str, str], lent: AsyncExitStack) -> None:
        super().__init__(path, watch, headers)
        self._stack = lent.pop_all()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with self._stack:
            await super().__call__(scope, receive, send)


@asynccontextmanager
async def lending() -> AsyncIterator[AsyncExitStack]:
    """For a file that is made to be borrowed once: it goes at once where no answer takes it. Raises ApiError for the
    file that could not be made."""
    try:
        async with AsyncExitStack() as lent:
            yield lent
    except ExportFailed as failed:
        headers = {"Retry-After": RETRY_SECONDS} if failed.code == BUSY else {}
        raise ApiError(failed.code, headers=headers) from None


def send_file(request: Request, path: Path, watch: Watch, headers: dict[str, str]) -> Response:
    """A file, or the part of it that is asked for; `headers` hold its ETag."""
    etag = headers["ETag"]
    if is_known(request, etag):
        return Response(status_code=304, headers=_caching(headers))
    span = span_of(request, path.stat().st_size, etag)
    described = {**headers, "Accept-Ranges": "bytes"}
    if span.whole:
        return Sent(pieces_of(path, span), span.size, watch, described)
    described["Content-Range"] = f"bytes {span.start}-{span.end - 1}/{span.size}"
    return Sent(pieces_of(path, span), span.end - span.start, watch, described, 206)


def send_zipped(request: Request, zipped: bytes, watch: Watch, headers: dict[str, str]) -> Response:
    """A gzipped text, unzipped for whoever does not take it so."""
    takes_it = "gzip" in request.headers.get("accept-encoding", "")
    headers["ETag"] = headers["ETag"][:-1] + ('-gz"' if takes_it else '"')
    if is_known(request, headers["ETag"]):
        return Response(status_code=304, headers=_caching(headers))
    if takes_it:
        return Sent(only(zipped), len(zipped), watch, {**headers, "Content-Encoding": "gzip"})
    plain = gzip.decompress(zipped)
    return Sent(only(plain), len(plain), watch, headers)


def _caching(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name in ("ETag", "Cache-Control", "Vary")}


async def pieces_of(path: Path, span: Span) -> AsyncIterator[bytes]:
    """The bytes of a span of a file."""
    file: Any = await asyncio.to_thread(path.open, "rb")
    with file:
        file.seek(span.start)
        left = span.end - span.start
        while left > 0:
            piece = await asyncio.to_thread(file.read, min(PIECE, left))
            if not piece:
                return
            left -= len(piece)
            yield piece


async def only(content: bytes) -> AsyncIterator[bytes]:
    """What is at hand already."""
    yield content
