"""Packets reach exactly whom the route table names, over real SRTP through an engine of its own."""

import asyncio

from media import limits
from tests.media.engine_link import EngineLink, engine
from tests.media.raw_peer import DELTA, KEYFRAME, SOUND, RawPeer


async def people(link: EngineLink, *names: str) -> list[RawPeer]:
    return list(await asyncio.gather(*(RawPeer(link, "room", name).join() for name in names)))


async def test_sound_and_picture_reach_whom_the_table_names_and_nobody_else() -> None:
    async with engine() as link:
        await link.apply("room", 1, {"b": ["a"]}, {"b": ["a"]})
        a, b, c = await people(link, "a", "b", "c")
        for number in range(5):
            await a.send("audio", SOUND + bytes([number]))
            await a.send("large", KEYFRAME + bytes([number]))
        await b.hears("audio", 0, SOUND + b"\4")
        await b.hears("video", 0, KEYFRAME + b"\4")
        slots = await link.notice("slots", peer="peer-b", seq=1)
        assert slots["audio"][0] == "a"
        assert [packet.payload[-1] for packet in b.heard("audio")] == [0, 1, 2, 3, 4]
        assert c.listening.packets == [] and a.listening.packets == []
        for peer in (a, b, c):
            await peer.close()


async def test_picture_starts_at_a_key_frame_that_was_asked_for() -> None:
    async with engine() as link:
        await link.apply("room", 1, {}, {})
        a, b = await people(link, "a", "b")
        await a.send("large", DELTA)
        await link.apply("room", 2, {}, {"b": ["a"]})
        await a.publishing.until(lambda: bool(a.publishing.reports))
        await a.send("large", DELTA + b"not yet")
        await a.send("large", KEYFRAME + b"first")
        await a.send("large", DELTA + b"next")
        await b.hears("video", 0, DELTA + b"next")
        assert [packet.payload for packet in b.heard("video")] == [KEYFRAME + b"first", DELTA + b"next"]
        for peer in (a, b):
            await peer.close()


async def test_of_a_flood_no_more_is_carried_than_a_publisher_may_send() -> None:
    """Counted where nothing is lost: the engine has answered before more is sent."""
    async with engine() as link:
        await link.apply("room", 1, {"b": ["a"]}, {"b": ["a"]})
        a, b = await people(link, "a", "b")
        clock, size, sent = asyncio.get_running_loop().time, 1_300, 0
        began = clock()
        while sent * size < 4 * limits.OCTETS_PER_SECOND:
            for _ in range(40):
                await a.send("large", KEYFRAME + bytes(size - len(KEYFRAME)))
            sent += 40
            await link.ask("stats", room="room")
        stats = (await link.ask("stats", room="room"))["peers"]
        seconds = clock() - began
        received = stats["peer-a"]["received"]["large"]["packets"]
        assert received * size <= limits.OCTETS_PER_SECOND * (seconds + 2), (received, sent, seconds)
        assert 0 < stats["peer-b"]["sent"]["octets"] <= limits.OCTETS_PER_SECOND * (seconds + 2)
        for peer in (a, b):
            await peer.close()
