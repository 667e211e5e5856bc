"""The OpenAPI 3.1 document of the HTTP API, built from the route table; describes, never routes."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from server.endpoints.errors import MEDIA_TYPE, problem_of
from server.endpoints.schemas import SCHEMAS, named

if TYPE_CHECKING:
    from server.endpoints.api_route import ApiRoute

VERSION = "0.1.0"
AS = {
    "name": "as",
    "in": "query",
    "description": "With a cookie: which of the browser's sessions asks; without it the newest",
    "schema": {"type": "string"},
}
LANGUAGE = {
    "name": "Accept-Language",
    "in": "header",
    "schema": {"type": "string"},
    "description": "zh (default) or en",
}
SECURITY_SCHEMES = {
    "bearer": {"type": "http", "scheme": "bearer"},
    "cookie": {"type": "apiKey", "in": "cookie", "name": "yunting_<session id>"},
}


async def document(_request: Request) -> Response:
    """GET /api/openapi.json."""
    from server.endpoints.routes import TABLE  # the table lists this very endpoint

    return JSONResponse(described(TABLE), headers={"Cache-Control": "no-cache"})


@cache
def described(table: tuple[ApiRoute, ...]) -> dict[str, Any]:
    """The whole document of a route table."""
    paths: dict[str, dict[str, Any]] = {}
    for route in table:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {"title": "云庭 Yunting", "version": VERSION, "license": {"name": "AGPL-3.0-or-later"}},
        "paths": paths,
        "components": {"schemas": SCHEMAS, "securitySchemes": SECURITY_SCHEMES},
    }


def _operation(route: ApiRoute) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": route.endpoint.__name__,
        "summary": route.summary,
        "parameters": _parameters(route),
        "responses": _responses(route),
        "security": [] if route.open else [{"bearer": []}, {"cookie": []}],
    }
    if route.body:
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": named(route.body)}}}
    if route.upload:
        operation["requestBody"] = {"required": True, "content": {route.upload: {"schema": {}}}}
    return operation


def _parameters(route: ApiRoute) -> list[dict[str, Any]]:
    place = [{"name": name, "in": "path", "required": True, "schema": schema} for name, schema in route.place.items()]
    query = [{"name": name, "in": "query", "schema": schema} for name, schema in route.query.items()]
    return [*place, *query, LANGUAGE, *([] if route.open else [AS])]


def _responses(route: ApiRoute) -> dict[str, Any]:
    responses: dict[str, Any] = {str(status): _answer(route) for status in (route.status, route.again) if status}
    for status, codes in _refusals(route).items():
        content = {MEDIA_TYPE: {"schema": named("Problem")}}
        responses[status] = {"description": "code: " + " | ".join(codes), "content": content}
    if route.unavailable:
        content = {"application/json": {"schema": named(route.unavailable)}}
        responses["503"] = {"description": "Writes do not reach the disk", "content": content}
    return responses


def _answer(route: ApiRoute) -> dict[str, Any]:
    if route.status == 204:
        return {"description": "Done"}
    schema = named(route.answer) if route.answer else {"type": "string"}
    return {"description": route.summary, "content": {route.media_type: {"schema": schema}}}


def _refusals(route: ApiRoute) -> dict[str, list[str]]:
    """Codes by status: those of the route and those that follow from its form."""
    codes = [*route.refusals]
    if route.body:
        codes += ["malformed", "too_large", "unsupported_media_type"]
    if not route.open:
        codes.append("unauthenticated")
    found: dict[str, list[str]] = {}
    for code in dict.fromkeys(codes):
        found.setdefault(str(problem_of(code).status), []).append(code)
    return dict(sorted(found.items()))
