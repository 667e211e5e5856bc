"""A few of the points at which a process can be killed while an isolation is carried out; all of them, of many
commands, are visited by `python -m tests.soak kill_points`."""

from pathlib import Path

import pytest

from tests.harness.fixtures import MakeServer
from tests.media_room.kill_points import COMMIT, MAIN, MEDIA, KillPoints, Order

pytestmark = pytest.mark.usefixtures("sockets_dropped", "tracing")
ISOLATE = Order("isolate", "defendant", before=(Order("release", "defendant"),))
POINTS = (
    (COMMIT, "pwrite64", 1),  # nothing of it is written
    (COMMIT, "write", 1),  # it is on disk, and nobody knows
    (MAIN, "write", 2),
    (COMMIT, "fdatasync", 3),  # one of what it owes is on its way to the disk
    (MAIN, "write", 6),
    (COMMIT, "write", 4),
)


async def test_killed_at_a_system_call_of_an_isolation_everything_agrees(
    make_server: MakeServer, tmp_path: Path
) -> None:
    server = make_server(env={"YUNTING_REFUSAL_BACKOFF": "0"}).start()
    killing = KillPoints(server, ISOLATE, tmp_path, expected=["Isolated"])
    for where, call, nth in POINTS:
        await killing.server_killed(where, call, nth)
    for nth in (1, 4):
        await killing.media_killed(MEDIA, "write", nth)
    await killing.leave()
    assert killing.points.kills == len(POINTS) + 2
    assert killing.points.absent and killing.points.whole
