"""A hearing recorded in real processes, one of them killed: what is there and what is missing add up; it decodes."""

from __future__ import annotations

import hashlib
import io
from typing import Any

import av
import httpx
import numpy as np

from tests.harness import tones
from tests.harness.server import ServerProcess
from tests.harness.waiting import until
from tests.media_link.peers import PATIENCE
from tests.media_link.processes import kill_media
from tests.media_room.attendants import Room

ROLES = ("judge", "clerk", "plaintiff", "defendant")
ALLOWED = 1_000  # milliseconds between what is accounted for and the time from opening to closing
PACKETS = 150  # of sound, that each sends before and after the kill


async def test_segments_and_gaps_add_up_across_a_kill(fresh_server: ServerProcess, sockets_dropped: None) -> None:
    server, hearing = fresh_server, fresh_server.demo.scheduled
    room = await Room.gather(server, hearing, ROLES, before=True)
    await room.order("open")
    await spoken(room)
    await kill_media(server)
    for each in room.people.values():
        await each.signalling.wait_for("Restart")
        await each.connect()
    await spoken(room)
    await room.order("close")
    with server.http(hearing.judge.token) as client:
        index = await closed(client, hearing.id)
        assert abs(accounted(index) - (index["closed_ms"] - index["opened_ms"])) <= ALLOWED, index
        assert overlapping(index) <= ALLOWED
        assert index["gaps"], "the kill leaves a gap"
        files = [file for each in index["rounds"] for file in each["files"]]
        people = {each.person.id: each.frequency for each in room.people.values()}
        assert {(file["person"], file["kind"]) for file in files} == {
            (person, kind) for person in people for kind in ("audio", "video")
        }
        heard = {file["person"]: set[int]() for file in files}
        for file in files:
            content = client.get(file["url"]).raise_for_status().content
            assert (hashlib.sha256(content).hexdigest(), len(content)) == (file["sha256"], file["bytes"])
            found = decoded(content, file["kind"])
            if file["kind"] == "audio":
                heard[file["person"]].add(found)
    for person, frequency in people.items():
        assert any(tones.is_near(found, frequency) for found in heard[person]), (heard, people)
        assert all(found == 0 or tones.is_near(found, frequency) for found in heard[person]), (heard, people)
    await room.leave()


async def spoken(room: Room) -> None:
    """Nobody is muted, everybody hears everybody, and so many packets more have been sent."""
    for role in room.people:
        await room.unmute(role)
    await room.becomes(room.everybody())
    legs = [each.publish for each in room.people.values() if each.publish is not None]
    before = [leg.sent["audio"] for leg in legs]
    await until(
        lambda: all(leg.sent["audio"] >= count + PACKETS for leg, count in zip(legs, before, strict=True)),
        "everybody to speak",
        PATIENCE,
    )


async def closed(client: httpx.Client, hearing: str) -> dict[str, Any]:
    """The index once the last round is in the log."""

    def whole() -> dict[str, Any] | None:
        index = client.get(f"/api/hearings/{hearing}/recording").raise_for_status().json()
        is_over = (
            index["closed_ms"] and index["rounds"] and index["rounds"][-1]["to_ms"] >= index["closed_ms"] - ALLOWED
        )
        return index if is_over else None

    found = await until(whole, "the last round in the log", PATIENCE)
    assert found is not None
    return found


def spans(index: dict[str, Any]) -> list[tuple[int, int]]:
    """Of rounds and gaps in order; an open gap lasts until the closing."""
    parts = [*index["rounds"], *index["gaps"]]
    return sorted((each["from_ms"], each["to_ms"] or index["closed_ms"]) for each in parts)


def accounted(index: dict[str, Any]) -> int:
    return sum(end - start for start, end in spans(index))


def overlapping(index: dict[str, Any]) -> int:
    """Milliseconds that are accounted for twice."""
    found, reached = 0, 0
    for start, end in spans(index):
        found += max(0, min(end, reached) - start)
        reached = max(reached, end)
    return found


def decoded(content: bytes, kind: str) -> int:
    """The whole file decoded; the frequency of its sound (0: silence or none told), or how many pictures it has."""
    with av.open(io.BytesIO(content)) as container:
        frames = list(container.decode(**{kind: 0}))
    assert frames
    if kind == "video":
        return len(frames)
    sound = np.concatenate([frame.to_ndarray()[0] for frame in frames])[-tones.WINDOW :]
    power = np.abs(np.fft.rfft(sound * np.hanning(len(sound)))) ** 2
    return round(int(np.argmax(power)) * tones.RATE / len(sound)) if np.abs(sound).max() > tones.LEAST_LEVEL else 0
