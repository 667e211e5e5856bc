"""Device tests over HTTP: kept and judged, one's own or the court's to see, survive a restart, nothing odd is taken."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from server.app import App
from server.settings import Settings
from server.storage.device_tests import device_tests_of
from server.storage.engine import open_engine
from tests.endpoints.serving import HEARING, OTHER, STRANGER, Serving, serving

FIGURES = {"loss": 0.0, "rtt_ms": 31.5, "jitter_ms": 4, "kbps": 512}
WELL = {"camera": "works", "microphone": "works", "speaker": "heard", "line": "measured", "figures": FIGURES}


async def put(server: Serving, person: str, hearing: str = HEARING, **changed: Any) -> httpx.Response:
    path = f"/api/hearings/{hearing}/device-test"
    return await server.client.put(path, headers=server.bearer(person), json={**WELL, **changed})


async def seen_by(server: Serving, person: str, hearing: str = HEARING) -> list[dict[str, Any]]:
    answer = await server.get(person, f"/api/hearings/{hearing}/device-tests")
    assert answer.status_code == 200, answer.text
    return answer.json()["tests"]


async def test_a_result_is_judged_and_kept_until_a_newer_one(server: Serving) -> None:
    party = server.person("plaintiff")
    first = (await put(server, party, camera="denied")).json()
    assert first["verdict"] == "poor"
    assert [each["code"] for each in first["findings"]] == ["camera_denied"]
    assert first["findings"][0]["advice_zh"] and first["findings"][0]["advice_en"]
    second = (await put(server, party)).json()
    assert (second["verdict"], second["findings"]) == ("good", [])
    assert await seen_by(server, party) == [second]


async def test_the_court_sees_everybody_and_a_party_only_itself(server: Serving) -> None:
    people = [server.person("plaintiff"), server.person("defendant"), server.person("clerk")]
    for person in people:
        assert (await put(server, person)).status_code == 200
    assert await seen_by(server, server.person("witness")) == []
    assert [each["person"] for each in await seen_by(server, people[0])] == [people[0]]
    for staff in (server.person("clerk"), server.person("judge")):
        assert {each["person"] for each in await seen_by(server, staff)} == set(people)


async def test_each_hearing_has_its_own(server: Serving) -> None:
    party = server.person("plaintiff")
    await put(server, party, OTHER)
    assert await seen_by(server, party) == []
    assert len(await seen_by(server, party, OTHER)) == 1


async def test_an_observer_needs_no_camera(server: Serving) -> None:
    observer = server.person("observer")
    kept = (await put(server, observer, camera="missing", microphone="missing")).json()
    assert kept["verdict"] == "good"


async def test_a_result_is_still_there_after_a_restart(tmp_path: Path) -> None:
    async with serving(tmp_path) as running:
        party = running.person("defendant")
        kept = (await put(running, party, line="unreachable", figures=None)).json()
    app = App(Settings(data=tmp_path), open_engine(Settings(data=tmp_path).database_url))
    await app.start()
    try:
        stored = await app.state.commit_thread.read(lambda connection: device_tests_of(connection, HEARING))
    finally:
        await app.close()
    assert [(each.person, each.verdict, each.result) for each in stored] == [(party, "poor", kept["result"])]


@pytest.mark.parametrize(
    "changed",
    [
        {"camera": "perfect"},
        {"figures": None},
        {"figures": {"loss": 2}},
        {"camera": 1},
        {"note": "x"},
        {"line": "skipped"},
    ],
)
async def test_what_is_no_result_is_refused_and_not_kept(server: Serving, changed: dict[str, Any]) -> None:
    party = server.person("plaintiff")
    answer = await put(server, party, **changed)
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")
    assert await seen_by(server, party) == []


async def test_a_hearing_of_others_takes_and_shows_none(server: Serving) -> None:
    foreign = await put(server, STRANGER.id)
    absent = await put(server, STRANGER.id, "h-none")
    assert foreign.status_code == absent.status_code == 404
    assert foreign.json() == absent.json()
    assert (await server.get(STRANGER.id, f"/api/hearings/{HEARING}/device-tests")).status_code == 404


async def test_an_isolated_person_is_told_nothing_else(server: Serving) -> None:
    await server.open_session()
    witness = server.person("witness")
    assert (await server.command(server.person("judge"), command="isolate", person=witness)).status_code == 200
    assert (await put(server, witness)).json()["code"] == "isolated"
    assert (await server.get(witness, f"/api/hearings/{HEARING}/device-tests")).json()["code"] == "isolated"
