"""The longest form of coming and going: 30 readers, 60 visits each, on both wires."""

from tests.faults.churn import Churn
from tests.harness.figures import keep
from tests.harness.fixtures import MakeServer

READERS, VISITS = 30, 60


async def test_no_reader_of_eighteen_hundred_visits_misses_a_word(make_server: MakeServer) -> None:
    server = make_server().start()
    churn = Churn(server.url, server.demo.hearing, seed=60)
    report = await churn.run(READERS, VISITS)
    missed, written = len(report.missed), len(churn.account.written)
    keep("churn", {"visits": report.visits, "written": written, "missed": missed, "unequal": report.unequal})
    assert report.visits == READERS * VISITS
    assert (missed, report.unequal) == (0, 0)
