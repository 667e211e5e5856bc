"""The built page: its index everywhere, its files with caching, nothing from outside the build."""

import gzip
import json
import os
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from server.endpoints.errors import exception_handlers
from server.endpoints.headers import SecurityHeaders
from server.endpoints.pages import Pages
from server.settings import Settings

INDEX = "<!doctype html><title>云庭</title>"
SCRIPT = "console.log('庭审');\n" * 50


@pytest.fixture
def built(tmp_path: Path) -> Path:
    folder = tmp_path / "dist"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text(INDEX, "utf-8")
    (folder / "assets" / "main-3f2a.js").write_text(SCRIPT, "utf-8")
    (folder / "icon.svg").write_text("<svg/>", "utf-8")
    (folder / ".hidden.txt").write_text("secret", "utf-8")
    (tmp_path / "outside.txt").write_text("secret", "utf-8")
    (folder / "way-out.txt").symlink_to(tmp_path / "outside.txt")
    return folder


@pytest.fixture
async def client(built: Path) -> AsyncIterator[httpx.AsyncClient]:
    app = Starlette(
        routes=[Route("/{path:path}", Pages(built).serve, methods=["GET"])], exception_handlers=exception_handlers()
    )
    transport = httpx.ASGITransport(SecurityHeaders(app, Settings()))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
        yield client


@pytest.mark.parametrize("path", ["/", "/login", "/hearings/h-1", "/hearings/h-1/"])
async def test_every_path_without_an_extension_is_the_page(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    assert (answer.status_code, answer.text) == (200, INDEX)
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-type"] == "text/html; charset=utf-8"


async def test_hashed_files_are_kept_for_ever_and_others_asked_for_anew(client: httpx.AsyncClient) -> None:
    script = await client.get("/assets/main-3f2a.js")
    assert script.text == SCRIPT
    assert script.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert script.headers["content-type"] == "text/javascript; charset=utf-8"
    assert (await client.get("/icon.svg")).headers["cache-control"] == "no-cache"


async def test_the_description_of_the_application_and_its_pictures_have_their_types(
    client: httpx.AsyncClient, built: Path
) -> None:
    public = Path(__file__).parents[2] / "clients" / "web" / "public"
    manifest = json.loads((public / "manifest.webmanifest").read_text("utf-8"))
    names = ["manifest.webmanifest", *(icon["src"].removeprefix("/") for icon in manifest["icons"])]
    types = {".webmanifest": "application/manifest+json", ".png": "image/png", ".svg": "image/svg+xml"}
    for name in names:
        (built / name).write_bytes((public / name).read_bytes())
        answer = await client.get(f"/{name}")
        assert answer.status_code == 200
        assert answer.headers["content-type"].split(";")[0] == types[Path(name).suffix]
    assert {icon.get("purpose", "any") for icon in manifest["icons"]} == {"any", "maskable"}
    assert "manifest-src 'self'" in answer.headers["content-security-policy"]


async def test_a_file_that_has_not_changed_is_not_sent_again(client: httpx.AsyncClient, built: Path) -> None:
    etag = (await client.get("/icon.svg")).headers["etag"]
    again = await client.get("/icon.svg", headers={"if-none-match": f'"other", W/{etag}'})
    assert (again.status_code, again.content) == (304, b"")
    (built / "icon.svg").write_text("<svg></svg>", "utf-8")
    changed = await client.get("/icon.svg", headers={"if-none-match": etag})
    assert (changed.status_code, changed.text) == (200, "<svg></svg>")


async def test_text_travels_compressed_to_whom_can_read_it(client: httpx.AsyncClient) -> None:
    zipped = await client.get("/assets/main-3f2a.js", headers={"accept-encoding": "gzip"})
    plain = await client.get("/assets/main-3f2a.js", headers={"accept-encoding": "identity"})
    assert zipped.headers["content-encoding"] == "gzip" and int(zipped.headers["content-length"]) < len(SCRIPT)
    assert "content-encoding" not in plain.headers
    assert zipped.text == plain.text == SCRIPT
    assert zipped.headers["etag"] != plain.headers["etag"]
    assert len(gzip.compress(SCRIPT.encode())) < len(SCRIPT)


@pytest.mark.parametrize(
    "path",
    [
        "/missing.js",
        "/assets/",
        "/.hidden.txt",
        "/way-out.txt",
        "/..%2foutside.txt",
        "/assets/..%2f..%2foutside.txt",
        "/%00.js",
        "/api/nothing",
        "/api/nothing.json",
        "/assets/main-3f2a.js/x.js",
    ],
)
async def test_nothing_else_is_served(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    assert "secret" not in answer.text
    assert answer.status_code == (200 if path == "/assets/" else 404)


async def test_before_the_build_a_sentence_says_what_to_do(tmp_path: Path) -> None:
    app = Starlette(routes=[Route("/{path:path}", Pages(tmp_path).serve)])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://x") as client:
        answer = await client.get("/")
    assert answer.status_code == 503
    assert "make setup" in answer.text and "页面尚未构建" in answer.text


async def test_the_page_may_load_nothing_from_elsewhere(client: httpx.AsyncClient) -> None:
    headers = (await client.get("/")).headers
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["connect-src"] == "'self' ws://127.0.0.1:8000"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert policy["media-src"] == "'self' blob:"
    allowed = dict(part.split("=") for part in headers["permissions-policy"].split(", "))
    assert {name for name, to in allowed.items() if to == "(self)"} == {"camera", "microphone", "fullscreen"}
    assert {to for to in allowed.values()} == {"(self)", "()"}
    assert "strict-transport-security" not in headers


WORKER = "/assets/pdfjs-6.5.438/legacy/build/pdf.worker.min.mjs"


async def test_only_the_worker_that_reads_pdfs_may_compile_wasm(client: httpx.AsyncClient) -> None:
    allowed = {path for path in ("/", "/icon.svg", WORKER, WORKER + "/x", WORKER.replace("worker", "other"))
               if "wasm" in (await client.get(path)).headers["content-security-policy"]}  # fmt: skip
    assert allowed == {WORKER}
    policy = (await client.get(WORKER)).headers["content-security-policy"]
    assert "script-src 'self' 'wasm-unsafe-eval';" in policy
    assert "'unsafe-eval'" not in policy


async def test_what_a_pdf_needs_has_the_type_that_browsers_ask_for(client: httpx.AsyncClient, built: Path) -> None:
    for name, kind in (("a.wasm", "application/wasm"), ("b.mjs", "text/javascript")):
        (built / "assets" / name).write_bytes(b"x")
        answer = await client.get(f"/assets/{name}")
        assert answer.headers["content-type"].split(";")[0] == kind
        assert "immutable" in answer.headers["cache-control"]


async def test_with_an_https_address_browsers_are_told_to_stay_with_it(built: Path) -> None:
    app = Starlette(routes=[Route("/{path:path}", Pages(built).serve)])
    transport = httpx.ASGITransport(SecurityHeaders(app, Settings(public_url="https://court.example")))
    async with httpx.AsyncClient(transport=transport, base_url="http://10.0.0.5") as client:
        headers = (await client.get("/")).headers
    assert headers["strict-transport-security"] == "max-age=31536000"
    assert "connect-src 'self' wss://court.example;" in headers["content-security-policy"]


@pytest.mark.parametrize("host", ["evil.example; script-src *", "a b", "x'", "h\u00f6st"])
async def test_no_host_header_can_write_into_the_policy(client: httpx.AsyncClient, host: str) -> None:
    answer = await client.get("/", headers=[(b"host", host.encode("latin-1"))])
    assert "connect-src 'self';" in answer.headers["content-security-policy"]


def test_the_fixture_can_tell_inside_from_outside(built: Path) -> None:
    assert os.path.exists(built / "way-out.txt") and (built.parent / "outside.txt").read_text() == "secret"
