"""200 × SIGKILL under load: no acknowledged and no seen word is lost."""

from tests.faults.kill_loop import KillLoop
from tests.harness.figures import keep
from tests.harness.fixtures import MakeServer

KILLS = 200
HEARINGS_WORTH = 50  # kills on one data directory, then a fresh one: documents of a hearing's length


async def test_two_hundred_kills_lose_nothing(make_server: MakeServer) -> None:
    total: dict[str, int] = {}
    for seed in range(KILLS // HEARINGS_WORTH):
        server = make_server().start()
        loop = KillLoop(server, seed=200 + seed)
        for name, number in (await loop.run(HEARINGS_WORTH)).figures().items():
            total[name] = total.get(name, 0) + number
        await loop.leave()
        server.stop()
    keep("sigkill", total)
    assert total["kills"] == KILLS
    assert total["lost"] == 0
    assert total["in_flight"] > KILLS
