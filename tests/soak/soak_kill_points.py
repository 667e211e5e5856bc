"""Killed at every system call of a command, one after the other: the server's commit thread and main thread, the media
process; after each, log, lines, proofs, rights and what people hear agree."""

from pathlib import Path

import pytest

from tests.harness.figures import keep
from tests.harness.fixtures import MakeServer
from tests.media_room.kill_points import COMMIT, MAIN, MEDIA, KillPoints, Order

pytestmark = pytest.mark.usefixtures("tracing")
RECESS, RESUME = Order("recess", fields={"reason": "休息十分钟", "kind": "planned"}), Order("resume")
ISOLATE, RELEASE = Order("isolate", "defendant"), Order("release", "defendant")
CLOSE, SUMMON = Order("close"), Order("summon", "witness")
ORDERS = (
    Order("isolate", "defendant", before=(RELEASE,)),
    Order("recess", fields=RECESS.fields, before=(RESUME, SUMMON)),
    Order("summon", "witness", before=(SUMMON, Order("dismiss", "witness"))),
    Order("release", "defendant", before=(ISOLATE,)),
    Order("mute", "defendant", before=(Order("unmute", "defendant"),)),
    Order("resume", before=(RECESS,)),
    Order("open", scheduled=True),
    Order("close"),
    Order("start_signing", before=(CLOSE,)),
)


@pytest.mark.parametrize("where", (MAIN, COMMIT, MEDIA), ids=lambda where: where.partition(" ")[0])
@pytest.mark.parametrize("order", ORDERS, ids=lambda order: order.name)
async def test_killed_at_every_system_call_of_a_command(
    order: Order, where: str, make_server: MakeServer, tmp_path: Path
) -> None:
    killing = KillPoints(make_server(env={"YUNTING_REFUSAL_BACKOFF": "0"}).start(), order, tmp_path)
    await killing.reach()
    points = await killing.every_point(where)
    await killing.leave()
    keep(f"kill_points: {order.name}, {where}", points.figures())
    assert points.answered and points.whole, points.figures()
