"""Twenty people mark one page for minutes over both wires: equal copies; all the others see a mark within 150 ms.

Their devices share one process: the figures say how much of a core it and the server used, so that it can be seen
whether a delay is the server's at all.
"""

import os
import time
from pathlib import Path

from tests.faults.annotators import Sightings, devices, equal_copies, leave, mark_together
from tests.harness.figures import keep
from tests.harness.fixtures import MakeServer
from tests.harness.more_people import with_agents
from tests.harness.speakers import YjsSpeaker

PEOPLE, MARKS, PAUSE = 20, 24, 2.0  # together below 500 entries, which is a page's limit
ALLOWED_MS = 150.0  # for 99 of 100, on a machine that does nothing else


def processor_seconds(pid: int) -> float:
    """Of a process so far, its threads together."""
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def test_twenty_people_mark_one_page(make_server: MakeServer) -> None:
    server, sightings = make_server(env={"YUNTING_REFUSAL_BACKOFF": "0"}).start(), Sightings()
    hearing = with_agents(server, server.demo.scheduled, PEOPLE)
    clerk = await YjsSpeaker.connect(server.url, hearing.transcript, hearing.clerk.token)
    await clerk.in_step()
    server.command(hearing.judge.token, hearing.id, "open").raise_for_status()
    *crowd, newcomer = devices(server, hearing, PEOPLE + 1, sightings)
    assert len({each.person.id for each in crowd}) == PEOPLE
    processes = {"server": server.pid, "devices": os.getpid()}
    start, before = time.monotonic(), {name: processor_seconds(pid) for name, pid in processes.items()}
    await mark_together(crowd, MARKS, PAUSE)
    took = time.monotonic() - start
    cores = {
        f"{name}_core": round((processor_seconds(pid) - before[name]) / took, 3) for name, pid in processes.items()
    }
    found = await equal_copies(crowd, newcomer)
    assert {key for each in crowd for key in each.keys} <= found.keys()
    milliseconds = {f"p{percent}_ms": round(1000 * sightings.percentile(percent), 1) for percent in (50, 99)}
    keep("annotations", {"people": PEOPLE, "marks": len(sightings.made), **milliseconds, **cores})
    assert milliseconds["p99_ms"] < ALLOWED_MS
    await leave([*crowd, newcomer])
    await clerk.leave()
