"""Two editors on the real binding, 36,000 operations each, at least 200 of each kind: 0 refusals, equal copies."""

from tests.faults.editing import UNPACED, edit, judge
from tests.harness.figures import keep
from tests.harness.fixtures import MakeServer
from tests.harness.node import NodeClient

OPERATIONS, PAUSES, LEAST = 36_000, 205, 200
HOURS = 2 * 3600.0


async def test_thirty_six_thousand_operations_each(make_server: MakeServer, node: NodeClient) -> None:
    server = make_server(env=UNPACED).start()
    hearing = server.demo.scheduled
    report = await edit(server, node, hearing, operations=OPERATIONS, pauses=PAUSES, seed=1, limit=HOURS)
    keep("editors", {"counts": report.counts, "refusals": report.refusals, "turns": len(report.newcomer)})
    judge(report, least=LEAST)
