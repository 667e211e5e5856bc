"""Errors: one table, problem documents in both languages."""

from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from server.endpoints.bodies import LARGEST, json_object
from server.endpoints.errors import ERRORS, ApiError, exception_handlers, problem_of
from server.hearing.reasons import REASONS


async def echo(request: Request) -> Response:
    return JSONResponse(await json_object(request, {"name": str, "loud": bool}, frozenset({"name"})))


async def fail(request: Request) -> Response:
    raise ApiError(request.query_params["code"], headers={"X-Own": "1"})


async def burst(_request: Request) -> Response:
    raise RuntimeError("with a secret inside")


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    routes = [Route("/echo", echo, methods=["POST"]), Route("/fail", fail), Route("/burst", burst)]
    app = Starlette(routes=routes, exception_handlers=exception_handlers())
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
        yield client


@pytest.mark.parametrize("code", [*ERRORS, *REASONS])
async def test_each_code_is_a_whole_problem_document(client: httpx.AsyncClient, code: str) -> None:
    answer = await client.get("/fail", params={"code": code})
    problem = problem_of(code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-own"] == "1"
    assert answer.status_code == problem.status
    assert answer.json() == {
        "type": f"urn:yunting:error:{code}",
        "title": problem.zh,
        "title_zh": problem.zh,
        "title_en": problem.en,
        "status": problem.status,
        "code": code,
        "detail": problem.en,
    }
    assert ("www-authenticate" in answer.headers) == (problem.status == 401)


def test_no_code_has_two_meanings() -> None:
    assert set(ERRORS).isdisjoint(REASONS)


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("isolated", 403),
        ("not_in_hearing", 403),
        ("not_presiding", 403),
        ("role_may_not_read", 403),
        ("already_opened", 409),
        ("already_isolated", 409),
        ("clerk_absent", 409),
        ("order_missing", 409),
    ],
)
def test_who_asks_is_403_and_how_things_stand_is_409(code: str, status: int) -> None:
    assert problem_of(code).status == status


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "zh"),
        ("en", "en"),
        ("en-GB,en;q=0.9", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en;q=0.5,zh;q=0.4", "en"),
        ("fr", "zh"),
        ("fr,en;q=0.1", "en"),
        ("en;q=x", "zh"),
        ("zh;q=0.3,en;q=0.3", "zh"),
        (";;,,", "zh"),
    ],
)
async def test_the_title_is_in_the_readers_language(client: httpx.AsyncClient, header: str, language: str) -> None:
    answer = await client.get("/fail", params={"code": "not_found"}, headers={"accept-language": header})
    assert answer.headers["content-language"] == language
    assert answer.json()["title"] == getattr(ERRORS["not_found"], language)


async def test_what_the_router_refuses_has_the_same_form(client: httpx.AsyncClient) -> None:
    assert (await client.get("/nowhere")).json()["code"] == "not_found"
    wrong = await client.get("/echo")
    assert (wrong.status_code, wrong.json()["code"], wrong.headers["allow"]) == (405, "method_not_allowed", "POST")


async def test_an_unforeseen_failure_tells_nothing_of_itself(
    client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await client.get("/burst")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert "secret" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "with a secret inside" in caplog.text


async def test_a_body_is_a_json_object_of_known_members(client: httpx.AsyncClient) -> None:
    good = await client.post("/echo", json={"name": "贺岚", "loud": True})
    assert good.json() == {"name": "贺岚", "loud": True}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "not valid JSON"),
        (b"{", "not valid JSON"),
        (b"\xff", "not valid JSON"),
        (b'{"name": NaN}', "not valid JSON"),
        (b'{"name": "\\ud800"}', "not valid JSON"),
        (b"[" * 60_000, "not valid JSON"),
        (b"[]", "must be a JSON object"),
        (b"{}", "missing: name"),
        (b'{"name": 1}', "name must be a str"),
        (b'{"name": "a", "loud": 1}', "loud must be a bool"),
        (b'{"name": "a", "more": 1}', "unknown member"),
    ],
)
async def test_any_other_body_is_refused_with_what_was_expected(
    client: httpx.AsyncClient, body: bytes, words: str
) -> None:
    answer = await client.post("/echo", content=body, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")
    assert words in answer.json()["detail"]


async def test_a_body_of_another_type_is_refused(client: httpx.AsyncClient) -> None:
    answer = await client.post("/echo", content=b"{}", headers={"content-type": "text/plain"})
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


async def test_a_body_is_read_up_to_its_bound_only(client: httpx.AsyncClient) -> None:
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        for _ in range(1_000):
            read += 4096
            yield b" " * 4096

    json_type = {"content-type": "application/json"}
    announced = await client.post("/echo", content=b" " * (LARGEST + 1), headers=json_type)
    streamed = await client.post("/echo", content=endless(), headers=json_type)
    assert announced.json()["code"] == streamed.json()["code"] == "too_large"
    assert announced.status_code == streamed.status_code == 413
    assert read <= LARGEST + 2 * 4096
