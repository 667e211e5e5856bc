"""Logging in by link, by cookie and by token; logging out; who may use a cookie."""

import logging
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from server.people.tokens import Sessions, stamp
from tests.endpoints.serving import HEARING, Serving, serving
from tests.people.fakes import Disk

ORIGIN = {"Origin": "http://127.0.0.1:8000"}
EVIL = {"Origin": "http://evil.example"}


def secret_of(server: Serving, person: str) -> str:
    return server.app.state.sessions.link_secret(server.logins[person])


async def log_in(server: Serving, person: str, **more: object) -> httpx.Response:
    return await server.client.post("/api/login/link", json={"secret": secret_of(server, person), **more})


async def test_a_link_logs_in_with_a_cookie_and_works_again(server: Serving) -> None:
    clerk = server.person("clerk")
    session = server.logins[clerk]
    for _ in range(2):
        answer = await log_in(server, clerk)
        assert answer.status_code == 200
        assert answer.json() == {
            "session": session.id,
            "person": {"id": clerk, "name": "苏晓禾"},
            "expires_at": stamp(session.expires_at),
        }
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"yunting_{session.id}=")
    assert {"HttpOnly", "Path=/", "SameSite=strict"} <= set(cookie.split("; "))
    assert "Secure" not in cookie
    assert (await server.client.get("/api/session")).json() == answer.json()  # the client kept the cookie


async def test_a_token_is_given_on_request_only(server: Serving) -> None:
    judge = server.person("judge")
    assert "token" not in (await log_in(server, judge, bearer=False)).json()
    token = (await log_in(server, judge, bearer=True)).json()["token"]
    server.client.cookies.clear()
    answer = await server.client.get("/api/session", headers={"Authorization": f"Bearer {token}"})
    assert answer.json()["person"] == {"id": judge, "name": "顾明远"}


async def test_a_wrong_secret_tells_nothing(server: Serving) -> None:
    token = server.app.state.sessions.token(server.logins[server.person("clerk")])
    for secret in ("", "x", "x.y", token, secret_of(server, server.person("clerk"))[:-1]):
        answer = await server.client.post("/api/login/link", json={"secret": secret})
        assert (answer.status_code, answer.json()["code"]) == (401, "bad_link")
        assert "set-cookie" not in answer.headers


async def test_several_people_share_a_browser_and_a_tab_names_one(server: Serving) -> None:
    judge, clerk = server.person("judge"), server.person("clerk")
    both = server.cookie(judge, clerk)
    assert server.logins[clerk].created_at >= server.logins[judge].created_at

    async def me(query: str = "") -> str:
        answer = await server.client.get(f"/api/session{query}", headers=both)
        return answer.json().get("person", {}).get("id", answer.json().get("code"))

    assert await me(f"?as={server.logins[judge].id}") == judge
    assert await me(f"?as={server.logins[clerk].id}") == clerk
    assert await me(f"?as={server.logins[server.person('witness')].id}") == "unauthenticated"
    assert await me() in {judge, clerk}


async def test_without_a_login_nothing_of_the_api_answers(server: Serving) -> None:
    for path in ("/api/session", "/api/hearings", f"/api/hearings/{HEARING}", f"/api/hearings/{HEARING}/log"):
        answer = await server.client.get(path)
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
        assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_logout_is_for_good(server: Serving) -> None:
    clerk = server.person("clerk")
    answer = await server.client.post("/api/logout", headers=server.bearer(clerk))
    assert (answer.status_code, answer.content) == (204, b"")
    assert f"yunting_{server.logins[clerk].id}=" in answer.headers["set-cookie"]
    assert "Max-Age=0" in answer.headers["set-cookie"]
    assert (await server.get(clerk, "/api/session")).status_code == 401
    assert (await log_in(server, clerk)).json()["code"] == "bad_link"
    assert (await server.client.get("/api/session", headers=server.cookie(clerk))).status_code == 401


async def test_logout_survives_a_restart(tmp_path: Path) -> None:
    async with serving(tmp_path) as server:
        clerk, judge = server.person("clerk"), server.person("judge")
        gone, kept = server.bearer(clerk), server.bearer(judge)
        await server.client.post("/api/logout", headers=gone)
    async with serving(tmp_path) as server:
        assert (await server.client.get("/api/session", headers=kept)).json()["person"]["id"] == judge
        assert (await server.client.get("/api/session", headers=gone)).status_code == 401


async def test_a_logout_that_cannot_be_saved_says_so_and_is_none(server: Serving) -> None:
    disk = Disk()
    server.app.state.sessions = sessions = Sessions(b"k" * 32, disk)
    session = await sessions.start(server.person("clerk"))
    bearer = {"Authorization": f"Bearer {sessions.token(session)}"}
    disk.full = True
    answer = await server.client.post("/api/logout", headers=bearer)
    assert (answer.status_code, answer.json()["code"]) == (503, "storage_unavailable")
    assert (await server.client.get("/api/session", headers=bearer)).status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (ORIGIN, 204),
        ({"Sec-Fetch-Site": "same-origin"}, 204),
        (EVIL, 403),
        ({**EVIL, "Sec-Fetch-Site": "same-origin"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({}, 403),
    ],
)
async def test_a_cookie_changes_something_only_from_our_own_page(
    server: Serving, headers: dict[str, str], status: int
) -> None:
    clerk = server.person("clerk")
    answer = await server.client.post("/api/logout", headers={**server.cookie(clerk), **headers})
    assert answer.status_code == status
    assert (await server.get(clerk, "/api/session")).status_code == (401 if status == 204 else 200)


async def test_a_token_may_be_used_from_anywhere(server: Serving) -> None:
    answer = await server.client.post("/api/logout", headers={**server.bearer(server.person("clerk")), **EVIL})
    assert answer.status_code == 204


async def test_another_sites_page_cannot_log_its_visitor_in(server: Serving) -> None:
    body = {"secret": secret_of(server, server.person("clerk"))}
    answer = await server.client.post("/api/login/link", json=body, headers=EVIL)
    assert (answer.status_code, answer.json()["code"]) == (403, "cross_site")
    assert "set-cookie" not in answer.headers
    assert (await server.client.post("/api/login/link", json=body, headers=ORIGIN)).status_code == 200


@pytest.fixture
async def guessed_from_afar(tmp_path: Path) -> AsyncIterator[Serving]:
    async with serving(tmp_path, client_address="192.0.2.7", trusted_proxies=("192.0.2.7",)) as running:
        yield running


async def test_guessing_from_one_address_ends_after_ten_tries(guessed_from_afar: Serving) -> None:
    server = guessed_from_afar

    async def guess(secret: str, address: str) -> httpx.Response:
        forwarded = {"X-Forwarded-For": address}
        return await server.client.post("/api/login/link", json={"secret": secret}, headers=forwarded)

    for _ in range(10):
        assert (await guess("x.y", "203.0.113.5")).status_code == 401
    good = secret_of(server, server.person("clerk"))
    limited = await guess(good, "203.0.113.5")
    assert (limited.status_code, limited.json()["code"]) == (429, "too_many_tries")
    assert 0 < int(limited.headers["retry-after"]) <= 60
    assert (await guess(good, "203.0.113.6")).status_code == 200


async def test_with_an_https_address_the_cookie_is_secure(tmp_path: Path) -> None:
    async with serving(tmp_path, public_url="https://court.example") as server:
        body = {"secret": secret_of(server, server.person("clerk"))}
        answer = await server.client.post("/api/login/link", json=body, headers={"Origin": "https://court.example"})
        assert "Secure" in answer.headers["set-cookie"].split("; ")
        assert answer.headers["strict-transport-security"]


async def test_no_credential_is_logged_or_kept(
    server: Serving, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    caplog.set_level(logging.DEBUG)
    clerk, sessions = server.person("clerk"), server.app.state.sessions
    session = server.logins[clerk]
    answer = await log_in(server, clerk, bearer=True)
    await server.client.post("/api/login/link", json={"secret": secret_of(server, clerk)[:-2]})
    await server.client.get("/api/hearings", headers={"Authorization": f"Bearer {answer.json()['token']}x"})
    await server.client.post("/api/logout", headers={**server.cookie(clerk), **ORIGIN})
    for credential in (sessions.token(session), sessions.link_secret(session), sessions.cookie_value(session)):
        proof = credential.rpartition(".")[2]
        assert proof[:-2] not in caplog.text
        assert not any(proof.encode() in path.read_bytes() for path in tmp_path.iterdir() if path.is_file())
