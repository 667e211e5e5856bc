"""The API's description: as many operations as there are routes, and answers that are what it says."""

import re
from typing import Any

import pytest
from starlette.routing import Route

from server.endpoints.errors import ERRORS, problem_of
from server.endpoints.routes import TABLE, http_routes
from server.hearing.reasons import REASONS
from tests.endpoints.json_schema import faults
from tests.endpoints.serving import HEARING, Serving


async def description(server: Serving) -> dict[str, Any]:
    answer = await server.client.get("/api/openapi.json")
    assert answer.status_code == 200
    return answer.json()


async def test_every_route_is_described_and_nothing_else(server: Serving) -> None:
    described = await description(server)
    assert described["openapi"] == "3.1.0"
    operations = {(method.upper(), path) for path, item in described["paths"].items() for method in item}
    routed = {
        (method, route.path)
        for route in server.app.http.routes
        if isinstance(route, Route) and route.path != "/{path:path}"
        for method in route.methods or ()
        if method != "HEAD"
    }
    assert operations == routed
    assert [route.path for route in http_routes()][-1] == "/{path:path}"


async def test_every_reference_leads_somewhere_and_every_schema_is_used(server: Serving) -> None:
    described = await description(server)
    named = set(re.findall(r"'#/components/schemas/(\w+)'", str(described)))
    assert named == set(described["components"]["schemas"])


async def test_operations_have_names_of_their_own(server: Serving) -> None:
    described = await description(server)
    names = [operation["operationId"] for item in described["paths"].values() for operation in item.values()]
    assert len(names) == len(set(names))


def test_every_code_a_route_names_has_a_sentence_and_a_status() -> None:
    for route in TABLE:
        for code in route.refusals:
            assert 400 <= problem_of(code).status <= 503


ANSWERS = [
    ("GET", "/api/session", "/api/session", None),
    ("GET", "/api/hearings", "/api/hearings", None),
    ("GET", "/api/hearings/{hearing}", f"/api/hearings/{HEARING}", None),
    ("GET", "/api/hearings/{hearing}/log", f"/api/hearings/{HEARING}/log", None),
    ("GET", "/api/hearings/{hearing}/transcript", f"/api/hearings/{HEARING}/transcript", None),
    ("POST", "/api/hearings/{hearing}/commands", f"/api/hearings/{HEARING}/commands", {"command": "recess"}),
    ("POST", "/api/hearings/{hearing}/commands", f"/api/hearings/{HEARING}/commands", {"command": "resume"}),
    ("POST", "/api/hearings/{hearing}/commands", f"/api/hearings/{HEARING}/commands", {"command": "dance"}),
    ("GET", "/api/hearings/{hearing}", "/api/hearings/h-none", None),
    ("GET", "/api/hearings/{hearing}/log", f"/api/hearings/{HEARING}/log?after=x", None),
    ("GET", "/api/hearings/{hearing}/exhibits", f"/api/hearings/{HEARING}/exhibits", None),
    ("GET", "/api/hearings/{hearing}/exhibits/{exhibit}", f"/api/hearings/{HEARING}/exhibits/loan-contract", None),
    ("GET", "/api/hearings/{hearing}/exhibits/{exhibit}", f"/api/hearings/{HEARING}/exhibits/none", None),
    ("PATCH", "/api/hearings/{hearing}/exhibits/{exhibit}", f"/api/hearings/{HEARING}/exhibits/loan-contract", {}),
    ("GET", "/api/hearings/{hearing}/exhibits/{exhibit}/served", f"/api/hearings/{HEARING}/exhibits/none/served", None),
    ("PUT", "/api/hearings/{hearing}/device-test", f"/api/hearings/{HEARING}/device-test", {"camera": "works"}),
    ("GET", "/api/hearings/{hearing}/device-tests", f"/api/hearings/{HEARING}/device-tests", None),
    ("GET", "/healthz", "/healthz", None),
    ("POST", "/api/logout", "/api/logout", None),
]


@pytest.mark.parametrize(("method", "path", "url", "body"), ANSWERS)
async def test_an_answer_is_what_the_description_says(
    server: Serving, method: str, path: str, url: str, body: dict[str, str] | None
) -> None:
    await server.open_session()
    await server.command(server.person("judge"), command="isolate", person=server.person("defendant"))
    if path == "/api/hearings/{hearing}":
        await server.command(server.person("judge"), command="recess", reason="休息", until="10:30")
    described = await description(server)
    answer = await server.client.request(method, url, headers=server.bearer(server.person("judge")), json=body)
    check(described, method, path, answer)


async def test_the_isolated_get_answers_as_described(server: Serving) -> None:
    await server.open_session()
    defendant = server.person("defendant")
    await server.command(server.person("judge"), command="isolate", person=defendant)
    described = await description(server)
    check(described, "GET", "/api/hearings", await server.get(defendant, "/api/hearings"))
    check(described, "GET", "/api/hearings/{hearing}", await server.get(defendant, f"/api/hearings/{HEARING}"))


async def test_a_login_is_answered_as_described(server: Serving) -> None:
    described = await description(server)
    secret = server.app.state.sessions.link_secret(server.logins[server.person("clerk")])
    for body in ({"secret": secret}, {"secret": secret, "bearer": True}, {"secret": "x"}, {}, {"secret": 1}):
        answer = await server.client.post("/api/login/link", json=body)
        check(described, "POST", "/api/login/link", answer)


def check(described: dict[str, Any], method: str, path: str, answer: Any) -> None:
    responses = described["paths"][path][method.lower()]["responses"]
    assert str(answer.status_code) in responses, answer.text
    response = responses[str(answer.status_code)]
    if "content" not in response:
        assert answer.content == b""
        return
    media_type = answer.headers["content-type"].partition(";")[0]
    schema = response["content"][media_type]["schema"]
    assert list(faults(answer.json(), schema, described["components"]["schemas"])) == []
    if media_type == "application/problem+json":
        assert answer.json()["code"] in response["description"].removeprefix("code: ").split(" | ")


def test_the_checker_finds_faults() -> None:
    schema = {
        "type": "object",
        "properties": {"n": {"type": "integer", "minimum": 0}, "s": {"type": "string", "pattern": "^a$"}},
        "required": ["n"],
        "additionalProperties": False,
    }
    assert list(faults({"n": 1, "s": "a"}, schema, {})) == []
    for wrong in ({}, {"n": -1}, {"n": True}, {"n": 1, "s": "b"}, {"n": 1, "x": 1}, [], None):
        assert list(faults(wrong, schema, {}))


def test_error_codes_are_one_table_for_the_whole_server() -> None:
    assert {code for route in TABLE for code in route.refusals} <= set(ERRORS) | set(REASONS)
