"""People come late, come again, change layers, are replaced and go; the engine keeps its promises through it."""

import asyncio
import itertools

from media import rtp
from tests.media.engine_link import PATIENCE, EngineLink, engine, engine_process
from tests.media.raw_peer import DELTA, KEYFRAME, SOUND, RawPeer

BOTH = {"b": ["a"]}


async def pair(link: EngineLink) -> tuple[RawPeer, RawPeer]:
    a, b = await asyncio.gather(*(RawPeer(link, "room", name).join() for name in "ab"))
    return a, b


async def close(*peers: RawPeer) -> None:
    for peer in peers:
        await peer.close()


async def test_who_joins_late_hears_at_once_and_sees_from_a_key_frame_on() -> None:
    async with engine() as link:
        await link.apply("room", 1, BOTH, BOTH)
        a = await RawPeer(link, "room", "a").join()
        for number in range(10):
            await a.send("audio", SOUND + bytes([number]))
            await a.send("large", KEYFRAME if number == 0 else DELTA)
        asked = len(a.publishing.reports)
        b = await RawPeer(link, "room", "b").join()
        wanted = rtp.KeyframeWanted(a.ssrc("large"))
        async with asyncio.timeout(PATIENCE):
            while wanted not in a.publishing.reports[asked:]:
                await a.send("large", DELTA)  # a picture that stands still counts as gone
                await asyncio.sleep(0.1)
        await a.send("audio", SOUND + b"now")
        await a.send("large", KEYFRAME + b"now")
        await b.hears("audio", 0, SOUND + b"now")
        await b.hears("video", 0, KEYFRAME + b"now")
        assert len(b.heard("audio")) == 1 and len(b.heard("video")) == 1
        await close(a, b)


async def test_an_echo_room_gives_a_person_back_their_own_sound() -> None:
    async with engine() as link:
        await link.apply("echo", 1, {"a": ["a"]}, {"a": ["a"]})
        a = await RawPeer(link, "echo", "a").join()
        await a.send("audio", SOUND)
        await a.send("large", KEYFRAME)
        await a.hears("audio", 0, SOUND)
        await a.hears("video", 0, KEYFRAME)
        await close(a)


async def test_a_publisher_who_comes_again_goes_on_in_the_same_slot_without_a_jump_back() -> None:
    async with engine() as link:
        await link.apply("room", 1, BOTH, BOTH)
        a, b = await pair(link)
        for _ in range(5):
            await a.send("audio", SOUND)
            await a.send("large", KEYFRAME)
        await b.listening.until(lambda: len(b.listening.packets) == 10)
        old = a.publishing
        await a.publish()
        await a.send("audio", SOUND + b"again", sequence=7)
        await a.send("large", KEYFRAME + b"again", sequence=9)
        await b.hears("audio", 0, SOUND + b"again")
        await b.hears("video", 0, KEYFRAME + b"again")
        for kind in ("audio", "video"):
            heard = b.heard(kind)
            assert [(later.sequence - first.sequence) & 0xFFFF for first, later in _steps(heard)] == [1] * 5
            assert all(0 < (later.timestamp - first.timestamp) & 0xFFFFFFFF < 1 << 31 for first, later in _steps(heard))
        await old.close()
        await close(a, b)


def _steps(heard):
    return itertools.pairwise(heard)


async def test_the_layer_changes_at_a_key_frame_and_the_line_goes_on() -> None:
    async with engine() as link:
        await link.apply("room", 1, {}, BOTH)
        a, b = await pair(link)
        await a.send("small", KEYFRAME + b"small")
        await b.hears("video", 0, KEYFRAME + b"small")
        await a.send("large", KEYFRAME + b"unwanted")
        await link.ask("want", room="room", peer="peer-b", large="a", visible=None, video=True)
        wanted = rtp.KeyframeWanted(a.ssrc("large"))
        await a.publishing.until(lambda: wanted in a.publishing.reports)
        await a.send("large", DELTA + b"no start")
        await a.send("small", DELTA + b"still small")
        await a.send("large", KEYFRAME + b"large")
        await a.send("small", DELTA + b"no more")
        await a.send("large", DELTA + b"large")
        await b.hears("video", 0, DELTA + b"large")
        heard = b.heard("video")
        words = [packet.payload.lstrip(b"\x10")[-11:] for packet in heard]
        assert [word[-5:] for word in words] == [b"small", b"small", b"large", b"large"], words
        assert [(later.sequence - first.sequence) & 0xFFFF for first, later in _steps(heard)] == [1, 1, 1]
        assert all(0 < (later.timestamp - first.timestamp) & 0xFFFFFFFF < 1 << 31 for first, later in _steps(heard))
        slots = await link.notice("slots", peer="peer-b", large="a")
        assert slots["video"][0] == "a"
        await close(a, b)


async def test_who_is_not_visible_is_not_sent_and_a_picture_can_be_refused() -> None:
    async with engine() as link:
        await link.apply("room", 1, BOTH, BOTH)
        a, b = await pair(link)
        await link.ask("want", room="room", peer="peer-b", large=None, visible=[], video=True)
        await a.send("audio", SOUND)
        await a.send("large", KEYFRAME + b"1")
        await b.hears("audio", 0, SOUND)
        await link.ask("want", room="room", peer="peer-b", large=None, visible=None, video=False)
        await a.send("large", KEYFRAME + b"2")
        await link.ask("want", room="room", peer="peer-b", large=None, visible=None, video=True)
        await a.send("large", KEYFRAME + b"3")
        await b.hears("video", 0, KEYFRAME + b"3")
        assert [packet.payload for packet in b.heard("video")] == [KEYFRAME + b"3"]
        await close(a, b)


async def test_a_second_socket_of_a_person_ends_the_first() -> None:
    async with engine() as link:
        await link.apply("room", 1, BOTH, BOTH)
        a, b = await pair(link)
        again = RawPeer(link, "room", "b", name="peer-b-again")
        await again.join()
        await link.notice("ended", peer="peer-b", reason="replaced")
        await a.send("audio", SOUND)
        await again.hears("audio", 0, SOUND)
        assert b.listening.packets == []
        assert (await link.ask("want", room="room", peer="peer-b"))["error"] == "no_peer"
        connected = await link.notice("connected", peer="peer-b-again", leg="publish")
        assert connected["person"] == "b"
        await link.ask("leave", room="room", peer="peer-b-again")
        await link.notice("ended", peer="peer-b-again", reason="left")
        await close(a, b, again)


async def test_what_a_listener_misses_comes_again_and_what_the_engine_misses_is_asked_for() -> None:
    async with engine() as link:
        await link.apply("room", 1, {}, BOTH)
        a, b = await pair(link)
        first = await a.send("large", KEYFRAME)
        await a.send("large", DELTA + b"2", sequence=first + 2)
        missing = rtp.Nack(a.ssrc("large"), ((first + 1) & 0xFFFF,))
        await a.publishing.until(lambda: missing in a.publishing.reports)
        await a.send("large", DELTA + b"1", sequence=first + 1)
        await b.hears("video", 0, DELTA + b"1")
        start, late = b.heard("video")[0].sequence, b.heard("video")[-1]
        assert late.sequence == (start + 1) & 0xFFFF
        came = len(b.listening.wire)
        await b.listening.send_report(rtp.nack(1, b.slots["video"][0], [start, start + 2]))
        await b.listening.until(lambda: len(b.listening.wire) == came + 2)
        assert [sequence for _, sequence in b.listening.wire[came:]] == [start, (start + 2) & 0xFFFF]
        await close(a, b)


async def test_a_packet_that_cannot_be_carried_stops_nothing() -> None:
    async with engine() as link:
        await link.apply("room", 1, BOTH, BOTH)
        a, b = await pair(link)
        transport = a.publishing.pc.getTransceivers()[0].sender.transport
        second = a.publishing.pc.getTransceivers()[0]._codecs[0].payloadType
        broken = rtp.HEADER.pack(0xA0, second, 1, 1, a.ssrc("audio")) + b"padded by more than there is \xff"
        await transport._send_rtp(broken)
        await a.publishing.send_report(b"\x81\xc9\x00\x07" + b"x" * 28)
        await a.send("audio", SOUND)
        await b.hears("audio", 0, SOUND)
        assert (await link.ask("stats", room="room"))["peers"]["peer-a"]["failures"] > 0
        await close(a, b)


async def test_bad_requests_are_refused_with_a_code_and_the_link_goes_on() -> None:
    async with engine() as link:
        await link.ask("join", room="room", peer="p", person="a")
        for sdp in ("nonsense", "m=audio", "v=0\r\n" * 9, "v=0\r\nm=application 9 UDP/DTLS/SCTP x\r\n", "x" * 300_000):
            answer = await link.ask("offer", room="room", peer="p", leg="publish", sdp=sdp)
            assert answer["error"] == "bad_sdp", answer
        assert (await link.ask("leave", room="other", peer="p"))["error"] == "no_room"
        assert (await link.ask("leave", room="room", peer="q"))["error"] == "no_peer"
        assert (await link.ask("fly", room="room"))["error"] == "bad_request"
        assert (await link.ask("apply", room="room", seq="x", routes={}))["error"] == "bad_request"
        assert (await link.ask("apply", room="room", seq=1, routes={"audio": {"a": "b"}}))["error"] == "bad_request"
        candidate = {"candidate": "candidate:1 1 udp 1 999.0.0.1 9 typ host"}
        await link.ask("candidate", room="room", peer="p", leg="publish", candidate=candidate)
        answers = [await link.ask("want", room="room", peer="p") for _ in range(60)]
        assert any(answer.get("error") == "too_many" for answer in answers)
        assert (await link.ask("leave", room="room", peer="p")).keys() == {"id"}
        assert (await link.ask("close", room="room")).keys() == {"id"}


async def test_the_end_of_the_link_ends_the_process_and_its_connections() -> None:
    async with engine_process() as (link, process):
        await link.apply("room", 1, BOTH, BOTH)
        a, b = await pair(link)
        link.writer.close()
        assert await asyncio.wait_for(process.wait(), PATIENCE) == 0
        await b.listening.until(lambda: b.listening.pc.connectionState == "closed")
        await close(a, b)


async def test_a_peer_that_leaves_is_told_as_disconnected_and_heard_no_more() -> None:
    async with engine() as link:
        await link.apply("room", 1, BOTH, BOTH)
        a, b = await pair(link)
        await a.publishing.close()
        await link.notice("disconnected", peer="peer-a", leg="publish")
        await a.publish()
        await a.send("audio", SOUND)
        await b.hears("audio", 0, SOUND)
        since = len(link.notices)
        await link.ask("leave", room="room", peer="peer-a")
        await link.notice("slots", since, peer="peer-b", audio=[None] * 4)
        await close(a, b)
