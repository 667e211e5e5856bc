"""No window in which an update is neither in the state a joiner gets nor in its queue."""

from tests.faults.churn import Churn
from tests.harness.fixtures import MakeServer

READERS, VISITS = 30, 10


async def test_thirty_clients_come_and_go_while_two_write_and_none_misses_a_word(make_server: MakeServer) -> None:
    server = make_server().start()
    churn = Churn(server.url, server.demo.hearing, seed=30)
    report = await churn.run(READERS, VISITS)
    assert report.visits == READERS * VISITS
    assert report.missed == []
    assert report.unequal == 0
    assert len(churn.account.written) > 100
