"""Reading request bodies: bounded, strict JSON objects with known members; knows no route."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NoReturn

from starlette.requests import Request

from server.endpoints.errors import ApiError

LARGEST = 64 * 1024  # bytes: the longest reason of a command is far below; nothing larger is read


async def json_object(request: Request, members: Mapping[str, type], required: frozenset[str]) -> dict[str, Any]:
    """The body as an object of typed members; raises `malformed`, `too_large`, `unsupported_media_type`."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise ApiError("unsupported_media_type")
    value = _parse(await _bounded(request))
    if not isinstance(value, dict):
        raise ApiError("malformed", "the body must be a JSON object")
    for name, given in value.items():
        _check(name, given, members)
    if missing := required - value.keys():
        raise ApiError("malformed", f"missing: {', '.join(sorted(missing))}")
    return value


def _check(name: str, given: Any, members: Mapping[str, type]) -> None:
    if name not in members:
        raise ApiError("malformed", f"unknown member; known are {', '.join(sorted(members))}")
    if not isinstance(given, members[name]):
        raise ApiError("malformed", f"{name} must be a {members[name].__name__}")


async def _bounded(request: Request) -> bytes:
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > LARGEST:
        raise ApiError("too_large")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST:
            raise ApiError("too_large")
    return bytes(body)


def _parse(body: bytes) -> Any:
    try:
        text = body.decode()
        value = json.loads(text, parse_constant=_no_constant)
        json.dumps(value, ensure_ascii=False).encode()  # a lone surrogate in an escape would fail far from here
    except (ValueError, RecursionError):
        raise ApiError("malformed", "the body is not valid JSON in UTF-8") from None
    return value


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
