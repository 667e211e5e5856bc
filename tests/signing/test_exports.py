"""Bundles on demand: how many at once, how much memory, what becomes of a right that is lost while one waits."""

import asyncio
import secrets
import tracemalloc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256

import httpx
import pytest

from crdt_docs.signing import container
from crdt_docs.signing.verify import verify
from server.signing import bundles
from server.storage.exhibits import Exhibit
from tests.endpoints.serving import HEARING
from tests.harness.waiting import until
from tests.signing.court import Court

LARGE = 24 * 1024 * 1024


@asynccontextmanager
async def nobody_s_turn(court: Court) -> AsyncIterator[bundles.Bundles]:
    """Whoever asks for a bundle within it waits."""
    service: bundles.Bundles = court.serving.app.state.bundles
    for _ in range(bundles.AT_ONCE):
        await service.slots.acquire()
    try:
        yield service
    finally:
        for _ in range(bundles.AT_ONCE):
            service.slots.release()


def asked(court: Court, role: str) -> asyncio.Task[httpx.Response]:
    return asyncio.create_task(court.serving.get(court.serving.person(role), f"/api/hearings/{HEARING}/bundle"))


def left_behind(court: Court) -> list[str]:
    return [path.name for path in (court.data / "exhibits").iterdir() if path.name.startswith(".")]


@pytest.mark.parametrize(("command", "code"), [("isolate", "isolated"), ("remove", "removed")])
async def test_a_right_that_is_lost_while_the_bundle_is_made_is_seen(court: Court, command: str, code: str) -> None:
    signer = await court.bound(court.signer("defendant"))
    assert (await court.sign(signer)).status_code == 201
    async with nobody_s_turn(court) as service:
        answer = asked(court, "defendant")
        await until(lambda: service.asked == 1, "the request")
        await court.order("judge", command, person=signer.person.id, reason="扰乱法庭秩序")
    assert ((await answer).status_code, answer.result().json()["code"]) == (403, code)
    assert left_behind(court) == []


async def test_one_a_person_and_few_in_all_and_the_others_are_told_to_come_back(
    court: Court, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundles, "MOST_ASKED", 2)
    async with nobody_s_turn(court) as service:
        first = asked(court, "judge")
        await until(lambda: service.asked == 1, "the first")
        again = await asked(court, "judge")
        second = asked(court, "clerk")
        await until(lambda: service.asked == 2, "the second")
        third = await court.serving.get(court.serving.person("clerk", 1), f"/api/hearings/{HEARING}/bundle")
    for busy in (again, third):
        assert (busy.status_code, busy.json()["code"], int(busy.headers["retry-after"]) > 0) == (
            503,
            "exports_busy",
            True,
        )
    assert [(await each).status_code for each in (first, second)] == [200, 200]
    assert (await asked(court, "judge")).status_code == 200
    assert left_behind(court) == []


async def test_what_no_archive_can_hold_is_said_so(court: Court, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(container, "MOST_BYTES", 10_000)
    answer = await asked(court, "judge")
    assert (answer.status_code, answer.json()["code"]) == (409, "bundle_too_large")
    assert left_behind(court) == []


async def test_an_original_never_stands_whole_in_memory(court: Court) -> None:
    exhibits, noise = court.serving.app.state.exhibits, secrets.token_bytes(LARGE)

    async def chunks() -> AsyncIterator[bytes]:
        yield noise

    received = await exhibits.files.receive(chunks(), LARGE)
    handed_in = Exhibit(HEARING, "e-large", 0, "录像", sha256=received.sha256, size=received.size)
    await exhibits.seed(handed_in)
    service: bundles.Bundles = court.serving.app.state.bundles
    control, clerk = await court.control(), court.serving.person("clerk")
    tracemalloc.start()
    try:
        async with service.of(control, clerk) as made:
            peak, archive = tracemalloc.get_traced_memory()[1], made.path.read_bytes()
    finally:
        tracemalloc.stop()
    assert len(archive) > LARGE and peak < LARGE / 2
    assert sha256(noise).hexdigest() == received.sha256
    assert noise in archive
    assert verify(archive, court_key=court.serving.app.state.court_key.vkey).failed == ()
    assert not made.path.parent.exists()
