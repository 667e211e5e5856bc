"""The cut: what `apply` reports is the last packet that leaves, answers to NACKs included."""

import asyncio
from functools import partial

import pytest

from media import rtp
from tests.media.engine_link import PATIENCE, engine
from tests.media.raw_peer import DELTA, KEYFRAME, SOUND, RawPeer

CUTS = 30
BOTH = {"b": ["a"]}


async def _talk(a: RawPeer, stop: asyncio.Event) -> None:
    """Sound and picture without end, a key frame every 20 packets."""
    count = 0
    while not stop.is_set():
        await a.send("audio", SOUND)
        await a.send("large", KEYFRAME if count % 20 == 0 else DELTA)
        count += 1
        await asyncio.sleep(0.002)


async def _demand(b: RawPeer, stop: asyncio.Event) -> None:
    """NACKs without end, for the last 60 packets of each slot."""
    while not stop.is_set():
        for kind in ("audio", "video"):
            if heard := b.heard(kind):
                top = heard[-1].sequence
                lost = sorted((top - back) & 0xFFFF for back in range(60))
                await b.listening.send_report(rtp.nack(1, b.slots[kind][0], lost))
        await asyncio.sleep(0.003)


def _after(sequence: int, told: int) -> bool:
    return 0 < (sequence - told) & 0xFFFF < 0x8000


async def test_no_packet_arrives_after_the_reported_one_under_nacks() -> None:
    async with engine() as link:
        await link.apply("room", 1, BOTH, BOTH)
        a, b = await asyncio.gather(*(RawPeer(link, "room", name).join() for name in "ab"))
        stop = asyncio.Event()
        running = [asyncio.create_task(_talk(a, stop)), asyncio.create_task(_demand(b, stop))]
        leaked, cut_streams, repairs = 0, 0, 0
        for number in range(CUTS):
            before, wired = len(b.listening.packets), len(b.listening.wire)
            await link.apply("room", 2 * number + 2, BOTH, BOTH)
            for kind in ("audio", "video"):
                await b.listening.until(partial(_flows, b, kind, before))
            answer = await link.apply("room", 2 * number + 3, {}, {})
            assert answer["applied_seq"] == 2 * number + 3
            told = {cut["ssrc"]: cut for cut in answer["cuts"]}
            assert {(cut["from"], cut["to"]) for cut in answer["cuts"]} == {("a", "b")}
            cut_streams += len(told)
            await b.listening.until(lambda told=told: all(_reached(b, cut) for cut in told.values()))
            settled = await _drained(b)
            repairs += settled - wired - len(set(b.listening.wire[wired:settled]))
            await asyncio.sleep(0.03)
            leaked += sum(_after(number, told[ssrc]["sequence"]) for ssrc, number in b.listening.wire[wired:])
            leaked += len(b.listening.wire) - settled
        stop.set()
        await asyncio.gather(*running)
        assert leaked == 0
        assert cut_streams == 2 * CUTS
        assert repairs > 0, "no NACK was answered while the streams ran: the test would show nothing"
        stats = await link.ask("stats", room="room")
        assert stats["legs"] == 0 and stats["peers"]["peer-b"]["failures"] == 0
        for peer in (a, b):
            await peer.close()


def _flows(b: RawPeer, kind: str, before: int) -> bool:
    return sum(packet.ssrc == b.slots[kind][0] for packet in b.listening.packets[before:]) > 3


async def _drained(b: RawPeer) -> int:
    """How many packets had come when, for the first time, none came for a while: what was under way before the cut.

    NACKs go on meanwhile; were they answered, this would not end.
    """
    async with asyncio.timeout(PATIENCE):
        while True:
            count = len(b.listening.wire)
            await asyncio.sleep(0.03)
            if len(b.listening.wire) == count:
                return count


def _reached(b: RawPeer, cut: dict) -> bool:
    return any(packet.ssrc == cut["ssrc"] and packet.sequence == cut["sequence"] for packet in b.listening.packets)


@pytest.mark.parametrize("kind", ["audio", "video"])
async def test_nacks_after_the_cut_are_answered_with_nothing(kind: str) -> None:
    async with engine() as link:
        await link.apply("room", 1, BOTH, BOTH)
        a, b = await asyncio.gather(*(RawPeer(link, "room", name).join() for name in "ab"))
        layer, payload = ("audio", SOUND) if kind == "audio" else ("large", KEYFRAME)
        for _ in range(20):
            await a.send(layer, payload)
        await b.listening.until(lambda: len(b.heard(kind)) == 20)
        sequences = [packet.sequence for packet in b.heard(kind)]
        await b.listening.send_report(rtp.nack(1, b.slots[kind][0], sequences[:5]))
        await b.listening.until(lambda: len(b.listening.wire) == 25)
        answer = await link.apply("room", 2, {}, {})
        assert [cut["sequence"] for cut in answer["cuts"]] == [sequences[-1]]
        assert [cut["packets"] for cut in answer["cuts"]] == [20]
        for _ in range(50):
            await b.listening.send_report(rtp.nack(1, b.slots[kind][0], sequences))
        await link.apply("room", 3, BOTH, BOTH)
        await a.send(layer, payload + b"again")
        await b.hears(kind, 0, payload + b"again")
        assert len(b.listening.wire) == 26, "a packet from before the cut came again"
        assert b.heard(kind)[-1].sequence == (sequences[-1] + 1) & 0xFFFF
        for peer in (a, b):
            await peer.close()
