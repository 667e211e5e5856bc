"""200 freezes in the middle of writing: none with a torn text."""

from tests.faults.freeze_loop import RACING, FreezeLoop, page
from tests.harness.figures import keep
from tests.harness.fixtures import MakeServer

FREEZES = 200
HEARINGS_WORTH = 50  # freezes on one data directory, then a fresh one


async def test_two_hundred_freezes_tear_and_lose_nothing(make_server: MakeServer) -> None:
    total: dict[str, int] = {}
    for seed in range(FREEZES // HEARINGS_WORTH):
        server = make_server(env=RACING).start()
        with page() as digests:
            report = await FreezeLoop(server, 400 + seed, digests).run(HEARINGS_WORTH)
        for name, number in report.figures().items():
            total[name] = total.get(name, 0) + number
        server.stop()
    keep("freezes", total)
    assert (total["freezes"], total["torn"], total["lost"]) == (FREEZES, 0, 0)
    assert total["too_late"] > 0
