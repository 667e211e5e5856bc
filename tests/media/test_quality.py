"""Who speaks, how well it goes, and pictures that make way for the sound."""

import asyncio
from typing import Any

from media import rtp
from media.peer import Peer, Subscription
from media.quality import CALM_SECONDS, LONGEST_CALM, Observer
from media.room import Room
from media.seam import Reach
from tests.media.engine_link import EngineLink, engine
from tests.media.raw_peer import KEYFRAME, SOUND, RawPeer


def watched_room() -> tuple[Room, Peer, Observer, list[dict[str, Any]]]:
    notices: list[dict[str, Any]] = []
    room = Room("room", Reach(), notices.append)
    room.join("peer-a", "a")
    peer = room.peer("peer-a")
    peer.subscription = Subscription(Reach(), lambda state: None)
    return room, peer, Observer(room), notices


def look(observer: Observer, peer: Peer, now: float, loss: float) -> None:
    peer.subscription.blocks = {1: ("audio", loss, now)}
    observer.tick(now)


async def test_lasting_loss_takes_the_large_picture_then_all_and_calm_gives_them_back() -> None:
    _, peer, observer, notices = watched_room()
    now, steps = 100.0, []
    while peer.thrift < 2:
        look(observer, peer, now := now + 2.5, 0.3)
        steps.append(peer.thrift)
        assert len(steps) < 20
    assert steps == [0, 1, 1, 2]
    quality = [notice["people"]["a"] for notice in notices if notice["notice"] == "quality"]
    assert quality[-1]["level"] == "poor" and quality[-1]["video_paused"] is True
    begun = now
    while peer.thrift:
        look(observer, peer, now := now + 2.5, 0.0)
        assert now - begun < 4 * LONGEST_CALM
    assert now - begun >= 2 * CALM_SECONDS
    assert [notice["people"]["a"]["video_paused"] for notice in notices if notice["notice"] == "quality"][-1] is False
    await peer.subscription.connection.close()


async def test_one_bad_moment_takes_nothing_and_an_old_report_counts_no_more() -> None:
    _, peer, observer, notices = watched_room()
    look(observer, peer, 100.0, 0.5)
    look(observer, peer, 103.0, 0.0)
    look(observer, peer, 106.0, 0.5)
    assert peer.thrift == 0
    observer.tick(120.0)
    observer.tick(123.0)
    assert peer.thrift == 0
    assert notices[-1]["people"]["a"]["level"] == "good"
    await peer.subscription.connection.close()


async def loud(peer: RawPeer, level: int, packets: int = 40) -> None:
    """Sound packets that say how loud they are (RFC 6464): `level` in -dBov."""
    transceiver = peer.publishing.pc.getTransceivers()[0]
    number = next(each.id for each in transceiver._headerExtensions if each.uri.endswith("ssrc-audio-level"))
    for _ in range(packets):
        sequence, timestamp = next(peer._sequences["audio"]) & 0xFFFF, next(peer._timestamps["audio"])
        header = rtp.HEADER.pack(0x90, transceiver._codecs[0].payloadType, sequence, timestamp, peer.ssrc("audio"))
        extension = bytes([0xBE, 0xDE, 0, 1, number << 4, level, 0, 0])
        await transceiver.sender.transport._send_rtp(header + extension + SOUND)


async def until_told(link: EngineLink, since: int, speaker: str, peer: RawPeer, level: int) -> None:
    """The peer sends sound of this level until that person is told as speaking."""
    told = asyncio.create_task(link.notice("speaking", since, person=speaker))
    while not told.done():
        await loud(peer, level, 10)
        await asyncio.sleep(0.02)
    await told


async def test_the_loudest_who_is_heard_is_told_as_speaking_and_who_is_not_heard_never() -> None:
    async with engine() as link:
        table = {"a": ["b"], "b": ["a"], "c": ["a", "b"]}
        await link.apply("room", 1, table, table)
        a, b, c = [await RawPeer(link, "room", name).join() for name in "abc"]
        await loud(c, 5)
        await until_told(link, 0, "a", a, 20)
        await b.hears("audio", 0, SOUND)
        assert b.heard("audio")[0].payload == SOUND, "the extension stays behind"
        since = len(link.notices)
        await until_told(link, since, "b", b, 3)
        since = len(link.notices)
        await until_told(link, since, "", b, 127)
        assert (await link.ask("stats", room="room"))["speaking"] == "", "b sends on, and says nothing"
        since = len(link.notices)
        await until_told(link, since, "b", b, 3)
        await link.apply("room", 2, {}, {})
        await link.notice("speaking", since, person="")
        assert "c" not in [notice.get("person") for notice in link.notices if notice["notice"] == "speaking"]
        for peer in (a, b, c):
            await peer.close()


async def test_reports_of_a_receiver_become_loss_and_round_trip_time() -> None:
    async with engine() as link:
        await link.apply("room", 1, {"b": ["a"]}, {"b": ["a"]})
        a, b = [await RawPeer(link, "room", name).join() for name in "ab"]
        await a.send("large", KEYFRAME)
        await b.hears("video", 0, KEYFRAME)
        await a.publishing.send_report(rtp.sender_report(a.ssrc("large"), rtp.ntp_time(1000.0), 5_000_000, 1, 1, b"a"))
        ssrc = b.slots["video"][0]

        def told() -> list[rtp.SenderReport]:
            return [report for report in b.listening.reports if isinstance(report, rtp.SenderReport)]

        await b.listening.until(lambda: bool(told()))
        report = told()[-1]
        assert report.ssrc == ssrc
        last = report.ntp >> 16 & 0xFFFFFFFF
        block = rtp.receiver_block(ssrc, 64, 1, 1, 0, last, 0)

        async def report_on_and_on() -> None:
            while True:  # the same again comes back later each time: the round trip grows
                await b.listening.send_report(rtp.receiver_report(1, [block]))
                await asyncio.sleep(0.1)

        reporting = asyncio.create_task(report_on_and_on())
        seen, quality = 0, {"loss": 0.0, "rtt_ms": 0}
        while quality["loss"] != 0.25 or not quality["rtt_ms"]:
            found = await link.notice("quality", seen)
            seen = link.notices.index(found) + 1
            quality = found["people"].get("b", quality)
        reporting.cancel()
        assert quality["level"] == "poor"
        for peer in (a, b):
            await peer.close()
