"""Court time is +08:00 whatever the machine's zone."""

import pytest

from clients.cli import times


def test_a_stored_time_is_shown_with_date_and_zone() -> None:
    assert times.shown("2026-11-24T01:31:05.250Z") == "2026-11-24 09:31:05 +08:00"


def test_what_is_no_time_is_shown_as_it_stands() -> None:
    assert times.shown("soon") == "soon"
    assert times.day_and_clock("soon") == ("", "soon")
    edge = "0001-01-01T00:00:00+14:00"  # earlier than any calendar in court time
    assert (times.shown(edge), times.day_and_clock(edge)) == (edge, ("", edge))


def test_a_clock_time_means_today_in_court() -> None:
    late_evening_in_london = times.read("2026-11-24T20:00:00Z")
    assert times.until("9:05", late_evening_in_london) == "2026-11-25T09:05:00+08:00"


def test_a_full_time_keeps_its_moment() -> None:
    assert times.until("2026-11-24T01:00:00Z", times.now()) == "2026-11-24T09:00:00+08:00"
    assert times.until("2026-11-24T09:00", times.now()) == "2026-11-24T09:00:00+08:00"


@pytest.mark.parametrize("text", ["", "25:00", "9:60", "half past nine", "2026-13-01T00:00:00Z"])
def test_what_is_no_time_is_an_error(text: str) -> None:
    with pytest.raises(ValueError):
        times.until(text, times.now())
