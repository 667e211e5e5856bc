"""All attacks at once beside an honest pair: the server lives, the pair is served, a new client joins."""

import asyncio
from pathlib import Path

from tests.faults import attacks
from tests.faults.attacks import Target
from tests.faults.honest_pair import HonestPair
from tests.faults.offences import Scene
from tests.harness.figures import keep
from tests.harness.fixtures import MakeServer
from tests.harness.server import ServerProcess
from tests.harness.speakers import YjsSpeaker
from tests.harness.writing import add_turn

GENEROUS_MS = 5_000  # a bound for any machine; the figure itself is reported
MEBIBYTE = 1 << 20


async def scene_of(server: ServerProcess) -> Scene:
    """The transcript as the second clerk left it, with a client id of theirs."""
    hearing = server.demo.hearing
    speaker = await YjsSpeaker.connect(server.url, hearing.transcript, hearing.person("clerk", 1).token)
    await speaker.in_step()
    add_turn(speaker.doc, "the other clerk's words")
    await speaker.saved()
    scene = Scene(speaker.doc.get_update(), hearing, speaker.doc.client_id)
    await speaker.leave()
    return scene


async def all_attacks(target: Target, scene: Scene, scale: int) -> None:
    hanging = await attacks.stop_reading(target, 20)
    hanging += await attacks.half_open(target, 200 * scale)
    for wire, seed in (("yjs", 1), ("collab", 2)):
        await attacks.fuzz(target, wire, 400 * scale, seed)
        await attacks.offend(target, wire, scene, 40 * scale)
        await attacks.oversize(target, wire, 3 * scale)
        for _ in range(5):
            await attacks.flood(target, wire, 6_000)
    await attacks.guess(target, 50 * scale)
    for raw in hanging:
        raw.abort()


async def attacked(server: ServerProcess, scale: int) -> dict[str, object]:
    """The honest pair's figures while everything happens."""
    target = Target(server.url, server.demo.hearing)
    scene = await scene_of(server)
    pid, before, most = server.pid, server.resident_bytes, 0
    with HonestPair(server.url, server.demo.hearing) as pair:
        under_attack = asyncio.create_task(all_attacks(target, scene, scale))
        while not under_attack.done():
            most = max(most, server.resident_bytes)
            await asyncio.sleep(0.1)
        await under_attack
    assert server.is_alive and server.pid == pid
    return {**pair.figures, "grown_mib": round((most - before) / MEBIBYTE, 1)}


async def test_honest_people_are_served_while_everything_is_thrown_at_the_server(
    make_server: MakeServer, tmp_path: Path
) -> None:
    server = make_server(env={"YUNTING_REFUSAL_BACKOFF": "0"}).start()
    figures = await attacked(server, scale=1)
    keep("hostile_crowd_short", figures)
    assert figures["failures"] == []
    assert figures["words"] > 20
    assert figures["p99_ms"] < GENEROUS_MS and figures["join_max_ms"] < GENEROUS_MS
    assert not any("Traceback" in line for line in server.log), server.log[-40:]
