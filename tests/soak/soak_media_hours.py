"""A hearing of six for minutes (MEDIA_MINUTES, else 10), orders all the while, recorded: memory stays flat."""

import asyncio
import os
import time
from pathlib import Path
from statistics import median

from tests.harness.figures import keep
from tests.harness.fixtures import MakeServer
from tests.media_link.processes import media_pid
from tests.media_room.attendants import Room

ROLES = ("judge", "clerk", "plaintiff", "defendant", "agent", "witness")
MINUTES = float(os.environ.get("MEDIA_MINUTES", "10"))
EVERY = 5.0  # seconds between two looks
SETTLED = 0.3  # of the time, before which growth does not count
FLAT = {"server": 12.0, "media": 8.0}  # MiB that each may have grown by after that; the server keeps the log in memory


def resident(pid: int) -> float:
    """MiB."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def growth(samples: list[float]) -> float:
    """MiB between the median of the first and of the last third after settling."""
    settled = samples[int(len(samples) * SETTLED) :]
    third = max(1, len(settled) // 3)
    return round(median(settled[-third:]) - median(settled[:third]), 1)


async def orders(room: Room, speaker: str) -> int:
    """One round of what a court does; `speaker` gets the floor; -> commands."""
    await room.order("isolate", "witness")
    await room.order("mute", "defendant")
    await room.order("floor", speaker)
    await room.order("release", "witness")
    for role in ROLES:
        await room.unmute(role)
    return 4 + len(ROLES)


async def test_memory_stays_flat_through_a_long_hearing(make_server: MakeServer) -> None:
    server = make_server(env={"YUNTING_REFUSAL_BACKOFF": "0"}).start()
    room = await Room.gather(server, server.demo.hearing, ROLES)
    await room.becomes(room.everybody())
    pids = {"server": server.pid, "media": media_pid(server)}
    samples: dict[str, list[float]] = {name: [] for name in pids}
    end, commands = time.monotonic() + MINUTES * 60, 0
    while time.monotonic() < end:
        commands += await orders(room, ("plaintiff", "agent")[len(samples["media"]) % 2])
        for each in room.people.values():
            each.forget()
        for name, pid in pids.items():
            samples[name].append(resident(pid))
        await asyncio.sleep(EVERY)
    received = {role: each.subscribe.total for role, each in room.people.items() if each.subscribe is not None}
    await room.becomes(room.everybody())
    await room.leave()
    told = {
        f"{name}_{what}_mib": value
        for name, values in samples.items()
        for what, value in (("first", round(values[0], 1)), ("last", round(values[-1], 1)), ("grown", growth(values)))
    }
    keep("media_hours", {"minutes": MINUTES, "commands": commands, "packets": sum(received.values()), **told})
    assert {name: growth(values) for name, values in samples.items() if growth(values) >= FLAT[name]} == {}
