"""Peers that stop reading: closed 1013, memory bounded, the others not slowed."""

import asyncio

from tests.harness.figures import keep
from tests.harness.fixtures import MakeServer
from tests.harness.raw_socket import RawSocket
from tests.harness.server import ServerProcess
from tests.harness.speakers import CollabSpeaker, YjsSpeaker
from tests.harness.waiting import until
from tests.harness.writing import add_turn, random_word

SLOW = 20
MEBIBYTE = 1 << 20
MOST_GROWTH = 400 * MEBIBYTE
BLOCK = "庭" * 20_000  # one update of 60 kB


async def stalled(server: ServerProcess, wire: type[YjsSpeaker] | type[CollabSpeaker]) -> YjsSpeaker | CollabSpeaker:
    hearing = server.demo.hearing
    speaker = await wire.connect(server.url, hearing.transcript, hearing.judge.token)
    await speaker.in_step()
    speaker.raw.stop_reading()
    return speaker


async def flood(writer: CollabSpeaker, until_closed: list[RawSocket], server: ServerProcess) -> int:
    """Large updates until the server's kernel and own buffers are full; the most memory seen."""
    most = 0
    for _ in range(400):
        add_turn(writer.doc, random_word() + BLOCK)
        await writer.saved()
        most = max(most, server.resident_bytes)
        if closed_by(server) >= len(until_closed):
            return most
    return most


def closed_by(server: ServerProcess) -> int:
    """How many sockets the server says it closed 1013."""
    with server.http() as client:
        lines = client.get("/metrics").text.splitlines()
    return sum(int(float(line.rsplit(" ", 1)[1])) for line in lines if '"1013"' in line and "_total" in line)


async def test_twenty_peers_that_stop_reading_are_closed_1013_and_memory_stays_bounded(make_server: MakeServer) -> None:
    server = make_server(env={"YUNTING_REFUSAL_BACKOFF": "0", "YUNTING_SILENCE": "0"}).start()
    hearing = server.demo.hearing
    writer = await CollabSpeaker.connect(server.url, hearing.transcript, hearing.clerk.token)
    reader = await YjsSpeaker.connect(server.url, hearing.transcript, hearing.judge.token)
    for speaker in (writer, reader):
        await speaker.in_step()
    await writer.asked_again()
    await writer.saved()
    slow = [await stalled(server, wire) for wire in (YjsSpeaker, CollabSpeaker) for _ in range(SLOW // 2)]
    before = server.resident_bytes
    most = await flood(writer, [speaker.raw for speaker in slow], server)
    for speaker in slow:
        speaker.raw.read_on()
    codes = [(await speaker.raw.ended(60)).code for speaker in slow]
    # a peer that never reads may also be reset when it does not take the close frame within its time
    assert set(codes) <= {1013, 1006} and closed_by(server) == SLOW
    assert most - before < MOST_GROWTH
    word = random_word()
    add_turn(writer.doc, word)
    await until(lambda: any(word.encode() in update for update in reader.updates), "the honest reader's word")
    keep("slow_readers", {"peers": SLOW, "closed_1013": codes.count(1013), "grown_mib": (most - before) // MEBIBYTE})
    await asyncio.gather(writer.leave(), reader.leave())
