"""The table of media rooms: medians, losses that no median hides, what was not run; what the load is to receive."""

from typing import Any

from bench.media import __main__ as media
from bench.media.load import Load, _is_over
from bench.media.servers import columns


def entry(lost: int | None, **more: Any) -> dict[str, Any]:
    return {"cpu_s_per_minute": 3.0, "us_per_packet": 40.0, "lost": lost, **more}


def test_losses_and_leaks_are_summed_over_the_rounds() -> None:
    cuts = [{"p50": 1.0, "p99": 2.0, "cuts": 40, "leaked": leaked} for leaked in (0, 3, 0)]
    entries = [entry(lost, cut_ms=cut) for lost, cut in zip((0, 0, 7), cuts, strict=True)]
    found = media.medians({"all-4": {"yunting": entries}})["all-4"]["yunting"]
    assert (found["lost"], found["cut_ms"]["leaked"], found["cut_ms"]["cuts"]) == (7, 3, 120)


def test_a_failed_round_counts_only_when_all_failed() -> None:
    rounds = {"all-4": {"janus": [{"error": "gone"}, entry(0)], "relay": [{"error": "gone"}]}}
    found = media.medians(rounds)["all-4"]
    assert found["janus"]["us_per_packet"] == 40.0
    text = media.markdown({"yunting": "Ours", "janus": "Janus", "relay": "Relay"}, {"all-4": found})
    assert "| 4 all to all, large pictures | – | 3.00 / 40.0 / 0 | failed | – |" in text


def test_everybody_is_to_receive_what_the_others_sent() -> None:
    load = Load({"people": 3, "layout": "speaker"})
    sent = {person: {"audio": 10, "large": 20, "small": 5} for person in load.people}
    assert load.expected(sent) == 3 * 2 * 10 + 2 * 20 + (2 * 2) * 5
    load = Load({"people": 3, "layout": "one"})
    assert load.expected(sent) == 2 * (10 + 20)


def test_a_packet_is_over_only_beyond_the_last_number_that_was_told() -> None:
    told = {7: 65_535}
    assert [_is_over(told, 7, number) for number in (65_535, 65_530, 0, 9)] == [False, False, True, True]
    assert not _is_over(told, 8, 0)


def test_the_columns_are_ours_first() -> None:
    assert [one.key for one in columns()] == ["yunting", "janus", "relay"]
