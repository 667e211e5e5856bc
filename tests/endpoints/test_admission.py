"""Who is asking on a WebSocket: a cookie counts with our own Origin only, a token from anywhere."""

from typing import Any

import pytest

from server.endpoints.admission import session_of
from tests.endpoints.serving import Serving


def upgrade(headers: dict[str, str], query: str = "", subprotocols: tuple[str, ...] = ()) -> dict[str, Any]:
    raw = [(name.lower().encode(), value.encode()) for name, value in {"Host": "127.0.0.1:8000", **headers}.items()]
    return {
        "type": "websocket",
        "path": "/control/h",
        "headers": raw,
        "query_string": query.encode(),
        "subprotocols": list(subprotocols),
    }


@pytest.mark.parametrize(
    ("origin", "admitted"),
    [
        ({"Origin": "http://127.0.0.1:8000"}, True),
        ({"Origin": "http://evil.example"}, False),
        ({"Origin": "http://127.0.0.1:8001"}, False),
        ({"Origin": "null"}, False),
        ({}, False),
    ],
)
async def test_an_upgrade_by_cookie_needs_our_own_origin(
    server: Serving, origin: dict[str, str], admitted: bool
) -> None:
    clerk = server.person("clerk")
    session = session_of(upgrade({**server.cookie(clerk), **origin}), server.app.http)
    assert session == (server.logins[clerk] if admitted else None)


@pytest.mark.parametrize("origin", [{}, {"Origin": "http://evil.example"}, {"Origin": "http://127.0.0.1:8000"}])
async def test_a_token_is_its_own_proof(server: Serving, origin: dict[str, str]) -> None:
    clerk = server.person("clerk")
    bearer = server.bearer(clerk)
    assert session_of(upgrade({**bearer, **origin}), server.app.http) == server.logins[clerk]
    offered = ("yunting", "bearer." + bearer["Authorization"].removeprefix("Bearer "))
    assert session_of(upgrade(origin, subprotocols=offered), server.app.http) == server.logins[clerk]


async def test_a_tab_names_its_session(server: Serving) -> None:
    judge, clerk = server.person("judge"), server.person("clerk")
    headers = {**server.cookie(judge, clerk), "Origin": "http://127.0.0.1:8000"}
    named = upgrade(headers, query=f"as={server.logins[judge].id}")
    assert session_of(named, server.app.http) == server.logins[judge]


async def test_a_wrong_token_beside_a_good_cookie_is_no_login(server: Serving) -> None:
    headers = {**server.cookie(server.person("clerk")), "Origin": "http://127.0.0.1:8000"}
    assert session_of(upgrade(headers, subprotocols=("yunting", "bearer.x.y")), server.app.http) is None


async def test_a_login_that_ended_admits_nobody(server: Serving) -> None:
    clerk = server.person("clerk")
    await server.app.state.sessions.end(server.logins[clerk])
    assert session_of(upgrade(server.bearer(clerk)), server.app.http) is None
