"""The crowd of attackers, ten times as long: figures of the honest pair, memory, deaths."""

from tests.faults.test_hostile_crowd import attacked
from tests.harness.figures import keep
from tests.harness.fixtures import MakeServer

LONGER = 10


async def test_honest_people_are_served_during_a_long_attack(make_server: MakeServer) -> None:
    server = make_server(env={"YUNTING_REFUSAL_BACKOFF": "0"}).start()
    figures = await attacked(server, scale=LONGER)
    keep("hostile", {**figures, "deaths": 0})
    assert figures["failures"] == []
    assert figures["p99_ms"] < 100
    assert figures["join_max_ms"] < 1_000
