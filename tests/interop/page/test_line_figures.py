"""A browser's counters as figures of the line: what is lost, how long it takes, how much came back."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.harness.node import ROOT, NodeClient

SCRIPT = ROOT / "tests" / "interop" / "page" / "page_modules.mjs"


@pytest.fixture(scope="module")
def page() -> Iterator[NodeClient]:
    client = NodeClient(SCRIPT).start()
    yield client
    client.stop()


def look(second: int, *, received: int, lost: int = 0, rate: int = 400_000, **up: float) -> dict[str, Any]:
    """After so many seconds: all that came back until then, at `rate` bit/s."""
    inbound = {
        "type": "inbound-rtp",
        "kind": "audio",
        "packetsReceived": received,
        "packetsLost": lost,
        "jitter": 0.004,
    }
    pair = {"type": "candidate-pair", "nominated": True, "currentRoundTripTime": 0.03}
    answered = {"type": "remote-inbound-rtp", "kind": "audio", "fractionLost": 0.0, "jitter": 0.002, **up}
    down = [{**inbound, "bytesReceived": rate * second // 8}]
    return {"at": second * 1_000, "up": [pair, answered], "down": down}


def test_a_line_that_loses_nothing(page: NodeClient) -> None:
    looks = [look(second, received=100 * second) for second in range(1, 12)]
    assert page.ask("figures", looks=looks) == {"loss": 0, "rtt_ms": 30, "jitter_ms": 4, "kbps": 400}


def test_what_was_lost_before_the_first_look_does_not_count(page: NodeClient) -> None:
    looks = [look(1, received=100, lost=50), look(11, received=1_080, lost=70)]
    assert page.ask("figures", looks=looks)["loss"] == 0.02


def test_loss_on_the_way_up_counts_when_it_is_the_greater(page: NodeClient) -> None:
    looks = [look(second, received=100 * second, fractionLost=0.08) for second in range(1, 6)]
    assert page.ask("figures", looks=looks)["loss"] == 0.08


def test_one_late_answer_does_not_decide_and_the_best_second_says_what_the_line_carries(page: NodeClient) -> None:
    looks = [look(second, received=100 * second, roundTripTime=9.0 if second == 3 else 0.03) for second in range(1, 8)]
    looks[6]["down"][0]["bytesReceived"] += 25_000
    figures = page.ask("figures", looks=looks)
    assert figures["rtt_ms"] == 30 and figures["kbps"] == 600


@pytest.mark.parametrize("looks", [[], [look(1, received=5)], [look(1, received=5), look(2, received=5)]])
def test_where_nothing_comes_back_there_are_no_figures(page: NodeClient, looks: list[dict[str, Any]]) -> None:
    assert page.ask("figures", looks=looks) is None


def test_reports_without_numbers_are_no_fault(page: NodeClient) -> None:
    looks = [{"at": second, "up": [], "down": [{"type": "inbound-rtp"}]} for second in (1, 2)]
    assert page.ask("figures", looks=looks) is None
