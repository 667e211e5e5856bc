"""Honest clients are never refused: two editors on the real binding, seeded operations of every kind."""

from tests.faults.editing import UNPACED, edit, judge
from tests.harness.fixtures import MakeServer
from tests.harness.node import NodeClient

OPERATIONS, PAUSES, LEAST = 1_500, 22, 20


async def test_two_editors_are_never_refused_and_end_with_equal_copies(
    make_server: MakeServer, node: NodeClient
) -> None:
    server = make_server(env=UNPACED).start()
    hearing = server.demo.scheduled
    report = await edit(server, node, hearing, operations=OPERATIONS, pauses=PAUSES, seed=42, limit=400)
    print("operations:", report.counts)
    judge(report, least=LEAST)
