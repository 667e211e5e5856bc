"""Moments as the court writes them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.hearing import times
from tests.hearing.scenes import NOW


def test_the_forms_of_a_moment() -> None:
    assert times.utc(NOW) == "2024-09-12T01:30:00.000Z"
    assert times.court(NOW + 7) == "2024-09-12T09:30:00.007+08:00"
    assert times.words(NOW) == "2024年9月12日09时30分"


@given(st.integers(-62_135_000_000_000, 253_402_200_000_000))
def test_both_forms_are_read_back(ms: int) -> None:
    assert times.milliseconds(times.utc(ms)) == times.milliseconds(times.court(ms)) == ms


def test_a_moment_without_offset_is_none() -> None:
    with pytest.raises(ValueError, match="no offset"):
        times.milliseconds("2024-09-12T09:30:00")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("10:15", "2024-09-12T10:15:00.000+08:00"),
        ("9:30", "2024-09-13T09:30:00.000+08:00"),
        ("08:00", "2024-09-13T08:00:00.000+08:00"),
        ("2024-09-12T14:00", "2024-09-12T14:00:00.000+08:00"),
        ("2024-09-12 14:00:05", "2024-09-12T14:00:05.000+08:00"),
        ("2024-09-12T06:00:00z", "2024-09-12T14:00:00.000+08:00"),
        ("2024-09-12T14:00:00.250+09:00", "2024-09-12T13:00:00.250+08:00"),
    ],
)
def test_an_announced_time_is_understood(text: str, moment: str) -> None:
    assert times.is_announced_time(text)
    assert times.court(times.announced(text, NOW)) == moment


@pytest.mark.parametrize(
    "text", ["", "noon", "24:00", "1:5", "2024-13-01T00:00", "9999-12-31T23:59:00-08:00", "2024-09-12", "１０:15"]
)
def test_anything_else_is_not(text: str) -> None:
    assert not times.is_announced_time(text)
