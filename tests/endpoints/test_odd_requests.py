"""Odd requests of every kind: none makes the server fail, each answer is one that the description knows."""

import json
import random
from typing import Any
from urllib.parse import quote

import pytest

from server.endpoints.routes import TABLE, ApiRoute
from tests.endpoints.serving import HEARING, Serving
from tests.endpoints.test_openapi import check, description

ROUNDS = 40
TEXTS = [
    "",
    "x",
    HEARING,
    "h-none",
    "../..",
    "%",
    "\0",
    "\n",
    "a" * 5_000,
    "审判员",
    "\U00020bb7",
    "'; drop table",
    "-1",
    "1e9",
]
VALUES: list[Any] = [None, True, 0, -1, 2**70, 1.5, [], {}, [[[]]], {"a": {"b": []}}, *TEXTS]
BODIES = [b"", b"{", b"null", b"[]", b'"x"', b"\xff\xfe", b'{"a":' * 9_000, b'{"secret":"\\ud800"}', b"{}" * 40_000]
MEMBERS = ["secret", "bearer", "command", "person", "reason", "until", "kind", "", "other"]
COMMANDS = ["open", "recess", "resume", "close", "isolate", "release"]
TYPES = ["application/json", "application/json; charset=utf-8", "text/plain", "", "multipart/form-data"]


def odd_body(random: random.Random) -> bytes:
    if random.random() < 0.3:
        return random.choice(BODIES)
    body = {name: random.choice(VALUES) for name in random.sample(MEMBERS, random.randint(0, 4))}
    if random.random() < 0.5:
        body["command"] = random.choice(COMMANDS)
    return json.dumps(body).encode()


def odd_url(random: random.Random, route: ApiRoute) -> str:
    url = route.path.replace("{hearing}", quote(random.choice([HEARING, *TEXTS]), safe="") or "none")
    query = {name: random.choice(TEXTS) for name in ("after", "limit", "as") if random.random() < 0.4}
    return url + ("?" + "&".join(f"{name}={quote(value)}" for name, value in query.items()) if query else "")


def odd_headers(random: random.Random, server: Serving) -> dict[str, str]:
    person = random.choice(list(server.logins))
    who = random.choice([server.bearer(person), server.cookie(person), {}, {"Authorization": "Bearer " + "x" * 999}])
    more = {"Content-Type": random.choice(TYPES), "Accept-Language": random.choice(["", "en", "zh;q=zz", "*"])}
    origin = {"Origin": random.choice(["http://127.0.0.1:8000", "http://evil.example", "null", "http://[", "x"])}
    return {**who, **more, **(origin if random.random() < 0.5 else {})}


@pytest.mark.parametrize("route", TABLE, ids=lambda route: f"{route.method} {route.path}")
async def test_no_request_makes_the_server_fail(server: Serving, route: ApiRoute) -> None:
    described, chance = await description(server), random.Random(f"{route.method} {route.path}")
    for _ in range(ROUNDS):
        url, headers, body = odd_url(chance, route), odd_headers(chance, server), odd_body(chance)
        content = body if route.method == "POST" else None
        answer = await server.client.request(route.method, url, headers=headers, content=content)
        assert answer.status_code < 500, (url, headers, body, answer.text)
        if answer.status_code not in (404, 405) and route.path not in ("/metrics", "/api/openapi.json"):
            check(described, route.method, route.path, answer)
