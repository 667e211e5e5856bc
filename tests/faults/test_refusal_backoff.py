"""A refused person waits 1, 2, 4 … seconds before the next handshake on that document is answered."""

import time

from tests.harness.fixtures import MakeServer
from tests.harness.server import ServerProcess
from tests.harness.speakers import CollabSpeaker, YjsSpeaker
from tests.harness.waiting import until


async def refused_on_yjs(server: ServerProcess) -> None:
    speaker = await joined(server, YjsSpeaker)
    speaker.send_update(b"\xff")
    assert (await speaker.raw.ended()).code == 4400


async def joined(
    server: ServerProcess, wire: type[YjsSpeaker] | type[CollabSpeaker], nth: int = 0
) -> YjsSpeaker | CollabSpeaker:
    hearing = server.demo.hearing
    speaker = await wire.connect(server.url, hearing.transcript, hearing.person("clerk", nth).token)
    await speaker.in_step(60)
    return speaker


async def wait_of(server: ServerProcess, wire: type[YjsSpeaker] | type[CollabSpeaker], nth: int = 0) -> float:
    start = time.monotonic()
    speaker = await joined(server, wire, nth)
    await speaker.leave()
    return time.monotonic() - start


async def test_the_wait_doubles_counts_on_both_wires_and_only_for_the_refused(make_server: MakeServer) -> None:
    server = make_server().start()
    waits = []
    for _ in range(3):
        await refused_on_yjs(server)
        refused_at = time.monotonic()
        await joined(server, CollabSpeaker)
        waits.append(time.monotonic() - refused_at)
        assert await wait_of(server, YjsSpeaker, nth=1) < waits[-1], "the other clerk waits for nobody's offence"
    for number, wait in enumerate(waits):
        assert wait >= 2**number * 0.9, waits
    print("waits after refusals:", [round(wait, 1) for wait in waits])


async def test_the_wait_is_bounded_by_the_setting(make_server: MakeServer) -> None:
    server = make_server(env={"YUNTING_REFUSAL_BACKOFF": "1"}).start()
    for _ in range(3):
        await refused_on_yjs(server)
    start = time.monotonic()
    await joined(server, YjsSpeaker)
    assert 0.5 <= time.monotonic() - start < 30


async def test_zero_switches_the_wait_off(make_server: MakeServer) -> None:
    server = make_server(env={"YUNTING_REFUSAL_BACKOFF": "0"}).start()
    for _ in range(8):
        await refused_on_yjs(server)
    honest = await joined(server, YjsSpeaker, nth=1)
    refused = await joined(server, YjsSpeaker)
    await until(lambda: honest.synced and refused.synced, "both in step at once", limit=5)
