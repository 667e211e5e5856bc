"""What the playback shows at a moment: which round, what comes after a gap, whose picture, which turn."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.harness.node import NodeClient
from tests.interop.page.test_line_figures import SCRIPT

ROUNDS = [
    {"round": number, "from_ms": start, "to_ms": start + 60_000, "files": files}
    for number, start, files in (
        (1, 0, [{"person": "p-1", "person_name": "甲", "kind": "video"}, {"person": "p-2", "kind": "audio"}]),
        (2, 60_000, [{"person": "p-2", "person_name": "乙", "kind": "video"}]),
        (5, 300_000, [{"person": "p-1", "person_name": "甲", "kind": "video"}]),
    )
]


@pytest.fixture(scope="module")
def page() -> Iterator[NodeClient]:
    client = NodeClient(SCRIPT).start()
    yield client
    client.stop()


@pytest.mark.parametrize(
    ("at", "now", "after"), [(0, 1, 1), (59_999, 1, 2), (60_000, 2, 2), (120_000, None, 5), (360_000, None, None)]
)
def test_the_round_of_a_moment_and_the_one_after_it(
    page: NodeClient, at: int, now: int | None, after: int | None
) -> None:
    assert page.ask("round", rounds=ROUNDS, at=at) == now
    assert page.ask("next", rounds=ROUNDS, at=at) == after


def test_whoever_is_seen_in_any_round_can_be_chosen_once(page: NodeClient) -> None:
    assert page.ask("people", rounds=ROUNDS) == [{"person": "p-1", "name": "甲"}, {"person": "p-2", "name": "乙"}]


def turns(*seconds: int | None) -> list[dict[str, str]]:
    return [
        {"id": f"t{nth}", "at": "" if second is None else f"2026-03-02T01:00:{second:02}.000Z"}
        for nth, second in enumerate(seconds)
    ]


BASE = 1_772_413_200_000  # 2026-03-02T01:00:00Z


def test_the_turn_begun_last_is_the_one_of_the_moment(page: NodeClient) -> None:
    record = turns(1, 5, 9)
    found = [page.ask("turn", turns=record, at=BASE + second * 1_000) for second in (0, 1, 4, 5, 30)]
    assert found == [-1, 0, 0, 1, 2]


def test_a_turn_without_a_time_is_left_out_and_one_that_was_moved_up_keeps_its_time(page: NodeClient) -> None:
    assert page.ask("turn", turns=turns(9, None, 1), at=BASE + 2_000) == 1  # of those with a time
    assert page.ask("turn", turns=turns(9, None, 1), at=BASE + 9_000) == 0


@settings(max_examples=40)
@given(st.lists(st.integers(0, 59), max_size=12), st.integers(0, 59))
def test_no_turn_is_shown_before_it_was_begun(page: NodeClient, seconds: list[int], now: int) -> None:
    found = page.ask("turn", turns=turns(*seconds), at=BASE + now * 1_000)
    begun = [second for second in seconds if second <= now]
    assert (found >= 0) == bool(begun)
    assert found < 0 or seconds[found] == max(begun)
