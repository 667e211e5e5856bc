"""The built page: its files with the right caching, its index for every path that is no file."""

from __future__ import annotations

import gzip
import mimetypes
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from server.endpoints.errors import ApiError

BUILT = Path(__file__).resolve().parents[2] / "clients" / "web" / "dist"
INDEX = "index.html"
HASHED = "assets/"  # the build puts files there whose names change with their content
IMMUTABLE = "public, max-age=31536000, immutable"
COMPRESSED = ("text/", "application/javascript", "application/json", "application/manifest+json", "image/svg+xml")
NOT_BUILT = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>云庭</title>
<p>页面尚未构建：请在项目目录运行 <code>make setup</code>，然后刷新。</p>
<p lang="en">The page has not been built: run <code>make setup</code> in the project's directory, then reload.</p>
</html>
"""
MEDIA_TYPES = {
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
}


@dataclass(frozen=True, slots=True)
class Built:
    """One file of the build in memory, valid while the file on disk is the same."""

    stamp: tuple[int, int]
    body: bytes
    zipped: bytes
    etag: str
    media_type: str


class Pages:
    """Serves one folder. A file is read once and again when it changed."""

    def __init__(self, folder: Path = BUILT) -> None:
        self._folder = folder.resolve()
        self._files: dict[str, Built] = {}

    async def serve(self, request: Request) -> Response:
        """GET of anything that no other route took."""
        path: str = request.path_params.get("path", "")
        if path.startswith("api/"):
            raise ApiError("not_found")
        if "." in path.rsplit("/", 1)[-1]:
            return self._answer(request, path)
        return self._index(request)

    def _index(self, request: Request) -> Response:
        if self._find(INDEX) is None:
            return HTMLResponse(NOT_BUILT, 503, {"Cache-Control": "no-store"})
        return self._answer(request, INDEX)

    def _answer(self, request: Request, name: str) -> Response:
        built = self._find(name)
        if built is None:
            raise ApiError("not_found")
        zipped = bool(built.zipped) and "gzip" in request.headers.get("accept-encoding", "")
        etag = f'"{built.etag}{"-gz" if zipped else ""}"'
        headers = {"ETag": etag, "Cache-Control": _caching(name), "Vary": "Accept-Encoding"}
        if etag in (each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")):
            return Response(status_code=304, headers=headers)
        if zipped:
            headers["Content-Encoding"] = "gzip"
        return Response(built.zipped if zipped else built.body, headers=headers, media_type=built.media_type)

    def _find(self, name: str) -> Built | None:
        path = self._path(name)
        if path is None:
            return None
        stat = path.stat()
        known = self._files.get(name)
        if known is None or known.stamp != (stat.st_mtime_ns, stat.st_size):
            known = self._files[name] = _read(path, (stat.st_mtime_ns, stat.st_size))
        return known

    def _path(self, name: str) -> Path | None:
        """The file of that name inside the folder; None for what is missing, hidden or outside."""
        if "\0" in name or any(part.startswith(".") for part in name.split("/")):
            return None
        path = (self._folder / name).resolve()
        return path if path.is_relative_to(self._folder) and path.is_file() else None


def _caching(name: str) -> str:
    if name == INDEX:
        return "no-store"
    return IMMUTABLE if name.startswith(HASHED) else "no-cache"


def _read(path: Path, stamp: tuple[int, int]) -> Built:
    body = path.read_bytes()
    media_type = MEDIA_TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    zipped = gzip.compress(body, mtime=0) if media_type.startswith(COMPRESSED) else b""
    etag = sha256(body).hexdigest()[:32]
    return Built(stamp, body, zipped if 0 < len(zipped) < len(body) else b"", etag, media_type)
