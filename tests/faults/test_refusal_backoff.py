"""A refused person waits 1, 2, 4 … seconds before the next handshake on that document is answered."""

import asyncio
import time

from tests.harness.fixtures import MakeServer
from tests.harness.server import ServerProcess
from tests.harness.speakers import CollabSpeaker, YjsSpeaker
from tests.harness.waiting import until


async def refused_on_yjs(server: ServerProcess) -> float:
    """When the offence was sent: the wait begins no earlier."""
    speaker = await joined(server, YjsSpeaker)
    sent = time.monotonic()
    speaker.send_update(b"\xff")
    assert (await speaker.raw.ended()).code == 4400
    return sent


async def joined(
    server: ServerProcess, wire: type[YjsSpeaker] | type[CollabSpeaker], nth: int = 0
) -> YjsSpeaker | CollabSpeaker:
    hearing = server.demo.hearing
    speaker = await wire.connect(server.url, hearing.transcript, hearing.person("clerk", nth).token)
    await speaker.in_step(60)
    return speaker


async def test_the_wait_doubles_counts_on_both_wires_and_only_for_the_refused(make_server: MakeServer) -> None:
    server = make_server().start()
    waits = []
    for _ in range(3):
        sent = await refused_on_yjs(server)
        waiting = asyncio.create_task(joined(server, CollabSpeaker))
        other = await joined(server, YjsSpeaker, nth=1)
        assert not waiting.done(), "the other clerk waits for nobody's offence"
        await waiting
        waits.append(time.monotonic() - sent)
        await other.leave()
    for number, wait in enumerate(waits):
        assert wait >= 2**number * 0.9, waits
    print("waits after refusals:", [round(wait, 1) for wait in waits])


async def test_the_wait_is_bounded_by_the_setting(make_server: MakeServer) -> None:
    server = make_server(env={"YUNTING_REFUSAL_BACKOFF": "1"}).start()
    *_, sent = [await refused_on_yjs(server) for _ in range(3)]
    await joined(server, YjsSpeaker)
    assert 0.5 <= time.monotonic() - sent < 30


async def test_zero_switches_the_wait_off(make_server: MakeServer) -> None:
    server = make_server(env={"YUNTING_REFUSAL_BACKOFF": "0"}).start()
    for _ in range(8):
        await refused_on_yjs(server)
    honest = await joined(server, YjsSpeaker, nth=1)
    refused = await joined(server, YjsSpeaker)
    await until(lambda: honest.synced and refused.synced, "both in step at once", limit=5)
