"""200 cuts in a hearing of six, everybody asking for everything again; how soon a newcomer hears; who hears whom.

The limits are those that are promised on loopback, on a machine that does nothing else.
"""

import asyncio
import re
import time

from tests.harness.figures import keep
from tests.harness.fixtures import MakeServer
from tests.harness.server import ServerProcess
from tests.media_room.attendants import Room
from tests.media_room.cutting import Cutting, percentile

ROLES = ("judge", "clerk", "plaintiff", "defendant", "agent", "witness")
ROUNDS, JOINS = 200, 20
PAUSE = 0.2  # seconds in which everybody is heard again
CUT_MEDIAN_MS, CUT_P99_MS = 10.0, 50.0  # from sending the command until the last packet has come
FIRST_SOUND_MS = 1_000.0  # from opening the socket
FIRST_PICTURE_MS = 500.0  # from sending the release


async def test_two_hundred_cuts_leak_nothing(make_server: MakeServer) -> None:
    server = make_server(env={"YUNTING_REFUSAL_BACKOFF": "0"}).start()
    room = await Room.gather(server, server.demo.hearing, ROLES)
    await room.becomes(room.everybody())
    cutting = Cutting(room, "witness")
    found = await cutting.run(ROUNDS)
    await room.becomes(room.everybody())
    await room.leave()
    keep("media", {**found.figures(), "at_the_server": carried_out(server)})
    assert (found.rounds, found.later, found.repeated, found.unproven) == (ROUNDS, 0, 0, [])
    assert len(found.picture_ms) == ROUNDS and below(FIRST_PICTURE_MS, found.picture_ms, 0.99)


async def test_a_cut_is_carried_out_soon(make_server: MakeServer) -> None:
    """In a hearing of six that only talk: nobody asks for anything again."""
    server = make_server(env={"YUNTING_REFUSAL_BACKOFF": "0"}).start()
    room = await Room.gather(server, server.demo.hearing, ROLES)
    await room.becomes(room.everybody())
    last: list[float] = []
    for _ in range(ROUNDS):
        sent = time.monotonic()
        cuts = await room.cuts_of(await room.order("isolate", "witness"))
        await room.drained()
        streams = [room.stream(room.role_of(each["to"]), each["ssrc"]) for each in cuts]
        last.append(max(0.0, (max(stream.last_at for stream in streams) - sent) * 1000))
        await room.order("release", "witness")
        await asyncio.sleep(PAUSE)
    await room.leave()
    times = {"last_packet_median_ms": percentile(last, 0.5), "last_packet_p99_ms": percentile(last, 0.99)}
    keep("media_cut", {"rounds": ROUNDS, **times, "at_the_server": carried_out(server)})
    assert len(last) == ROUNDS and below(CUT_MEDIAN_MS, last, 0.5) and below(CUT_P99_MS, last, 0.99)


async def test_a_newcomer_hears_soon(make_server: MakeServer) -> None:
    server = make_server(env={"YUNTING_REFUSAL_BACKOFF": "0"}).start()
    room = await Room.gather(server, server.demo.hearing, ROLES)
    took: list[float] = []
    for number in range(JOINS):
        role = ROLES[1 + number % 5]  # in turn: a person has so many offers and no more
        before = room.people.pop(role)
        await before.leave()
        newcomer = await room.enter(role)
        took.append(await newcomer.first_sound() * 1000)
    await room.leave()
    median, last = percentile(took, 0.5), percentile(took, 0.99)
    keep("media_joining", {"joins": JOINS, "first_sound_median_ms": median, "first_sound_max_ms": last})
    assert len(took) == JOINS and below(FIRST_SOUND_MS, took, 1.0)


def below(limit: float, found: list[float], share: float) -> bool:
    """Whether this share of what was found stays below the limit."""
    value = percentile(found, share)
    return value is not None and value < limit


def carried_out(server: ServerProcess) -> dict[str, float]:
    """Which share of the commands the media room had carried out so many milliseconds after they had come to the
    server, by the server's own clock."""
    with server.http(server.demo.hearing.judge.token) as http:
        told = re.findall(r'yunting_cut_seconds_bucket{le="([^"]+)"} ([\d.]+)', http.get("/metrics").text)
    counts = {limit: float(count) for limit, count in told}
    return {f"within_{float(limit) * 1000:g}_ms": round(counts[limit] / counts["+Inf"], 3) for limit in counts}
