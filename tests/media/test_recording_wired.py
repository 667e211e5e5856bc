"""What the engine records: sound and large picture of those whom the server names, from packets as received."""

import asyncio
import io
import threading
from pathlib import Path

import av

from media.recorder import Recorder
from media.room import Room
from media.seam import Reach
from tests.media.engine_link import EngineLink, engine_process
from tests.media.raw_peer import DELTA, KEYFRAME, SOUND, RawPeer

PICTURE = b"\x10\x00\x00\x00\x9d\x01\x2a\x80\x02\x68\x01" + b"k" * 60


async def record(link: EngineLink, seq: int, folder: Path | None, *people: str, routes: dict | None = None) -> None:
    recorded = {"audio": list(people), "video": list(people)}
    recording = {"dir": str(folder), "segment_ms": 60_000} if folder else None
    await link.apply("room", seq, routes or {}, recorded=recorded, recording=recording)


async def test_what_is_recorded_is_sealed_when_recording_ends(tmp_path: Path) -> None:
    async with engine_process() as (link, _):
        await record(link, 1, tmp_path, "a")
        await link.notice("recording", state="started")
        a = await RawPeer(link, "room", "a").join(listen=0)
        b = await RawPeer(link, "room", "b").join(listen=0)
        for _ in range(30):
            await a.send("audio", SOUND)
            await a.send("large", PICTURE)
            await a.send("small", KEYFRAME)
            await b.send("audio", SOUND)
        received = {}
        while received.get("audio", {}).get("packets", 0) < 30 or received["small"]["packets"] < 30:
            received = (await link.ask("stats", room="room"))["peers"]["peer-a"]["received"]
        await record(link, 2, None)
        await a.send("audio", SOUND)
        sealed = await link.notice("sealed")
        assert [(file["person"], file["kind"]) for file in sealed["files"]] == [("a", "audio"), ("a", "video")]
        counts = {}
        for file in sealed["files"]:
            with av.open(io.BytesIO((tmp_path / file["name"]).read_bytes())) as container:
                counts[file["kind"]] = sum(1 for packet in container.demux() if packet.size)
        assert counts == {"audio": 30, "video": 30}
        await link.notice("recording", state="stopped")
        await a.close()
        await b.close()


async def test_the_end_of_the_link_seals_what_is_open(tmp_path: Path) -> None:
    async with engine_process() as (link, process):
        await record(link, 1, tmp_path, "a")
        a = await RawPeer(link, "room", "a").join(listen=0)
        for _ in range(30):
            await a.send("audio", SOUND)
        received = 0
        while received < 30:
            received = (await link.ask("stats", room="room"))["peers"]["peer-a"]["received"]["audio"]["packets"]
        link.writer.close()
        assert await process.wait() == 0
        (path,) = tmp_path.glob("*.webm")
        with av.open(str(path)) as container:
            assert sum(1 for packet in container.demux() if packet.size) == 30
        await a.close()


async def test_a_folder_that_cannot_be_written_is_told_and_hearing_goes_on(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    async with engine_process() as (link, _):
        await record(link, 1, tmp_path / "file" / "below", "a", routes={"b": ["a"]})
        failed = await link.notice("recording", state="failed")
        assert failed["reason"] == "write_failed"
        a = await RawPeer(link, "room", "a").join(listen=0)
        b = await RawPeer(link, "room", "b").join(publish=False)
        await a.send("audio", SOUND)
        await a.send("large", DELTA)
        await b.hears("audio", 0, SOUND)
        await a.close()
        await b.close()


async def test_a_room_that_is_closed_after_its_recording_leaves_no_thread(tmp_path: Path) -> None:
    before = set(threading.enumerate())
    states: list[str] = []
    recorder = Recorder(lambda sealed: None, lambda state, at_ms, reason: states.append(state), lambda person: None)
    room = Room("room", Reach(), lambda notice: None, recorder)
    room.set_recording({"dir": str(tmp_path), "segment_ms": 60_000})
    room.set_recording(None)
    assert "recorder" in [each.name for each in set(threading.enumerate()) - before]
    room.close()
    await asyncio.gather(*room.closing)
    assert "recorder" not in [each.name for each in set(threading.enumerate()) - before]
    assert states == ["started", "stopped"]
