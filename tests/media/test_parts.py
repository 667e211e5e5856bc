"""The pure parts: bytes of RTP and RTCP, reception, the route table, texts of session descriptions."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media import limits, routes, rtp, sdp_text
from media.peer import Budget, Inflow
from media.reception import MOST_LATE, RETRY_SECONDS, TRIES, Reception

SEQUENCES = st.integers(0, 0xFFFF)


@given(st.sets(SEQUENCES, min_size=1, max_size=60))
def test_a_nack_names_each_missing_number_and_no_other(lost: set[int]) -> None:
    (report,) = rtp.reports(rtp.nack(1, 2, sorted(lost)))
    assert isinstance(report, rtp.Nack)
    assert report.ssrc == 2 and set(report.lost) == lost


@given(st.binary(max_size=200))
def test_no_bytes_break_the_reading_of_reports(packet: bytes) -> None:
    assert all(isinstance(report, rtp.Report) for report in rtp.reports(packet))


@given(st.binary(max_size=80))
def test_no_bytes_break_the_reading_of_packets(packet: bytes) -> None:
    try:
        profile, at, extension, payload = rtp.split(packet)
    except ValueError:
        return
    assert 12 <= at <= len(packet) and len(payload) <= len(packet) - at
    assert all(0 <= number < 256 for number, _ in rtp.extensions(profile, extension))
    rtp.starts_keyframe(payload)


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        (b"\x10\x00rest", True),
        (b"\x10\x01rest", False),
        (b"\x00\x00rest", False),
        (b"\x11\x00rest", False),
        (b"\x90\x80\x05\x00rest", True),
        (b"\x90\x80\x85\x05\x00rest", True),
        (b"\x90\xe0\x85\x05\x07\x20\x00rest", True),
        (b"\x90\xe0\x85\x05\x07\x20\x01rest", False),
        (b"\x10", False),
        (b"", False),
    ],
)
def test_key_frames_are_told_by_their_first_packet(payload: bytes, expected: bool) -> None:
    assert rtp.starts_keyframe(payload) is expected


def test_reports_come_back_as_they_were_made() -> None:
    block = rtp.receiver_block(7, 25, -3, 70_000, 11, 12, 13)
    packet = rtp.receiver_report(1, [block]) + rtp.bitrate_limit(1, 2_500_000, [7, 8]) + rtp.picture_loss(1, 7)
    assert list(rtp.reports(packet)) == [rtp.ReceiverBlock(7, 25, 11, 12, 13), rtp.KeyframeWanted(7)]
    told = rtp.sender_report(9, rtp.ntp_time(1000.5), 77, 5, 6, b"slot0")
    assert list(rtp.reports(told)) == [rtp.SenderReport(9, int((1000.5 + rtp.NTP_EPOCH) * 2**32), 77)]
    assert len(told) % 4 == 0


def test_reception_counts_losses_across_the_wrap_of_sequence_numbers() -> None:
    reception = Reception(90_000)
    numbers = [(65_500 + step) & 0xFFFF for step in range(100)]
    for step, number in enumerate(numbers):
        if step % 10 != 5:
            assert reception.add(number, step * 3000, step / 30)
    assert (reception.expected, reception.received) == (100, 90)
    assert set(reception.missing(10.0)) == set(numbers[5::10])
    assert not reception.add(numbers[3], 9000, 4.0), "seen before"
    assert reception.add(numbers[5], 15_000, 4.0)
    assert not reception.add(numbers[5], 15_000, 4.0)
    block, fraction = reception.block(1, 5.0)
    assert fraction == 0.09 and len(block) == 24


def test_a_missing_packet_is_asked_for_a_few_times_and_given_up() -> None:
    reception = Reception(90_000)
    reception.add(1, 0, 0.0)
    reception.add(3, 0, 0.0)
    asked = [reception.missing(1.0 + step * RETRY_SECONDS * 1.01) for step in range(TRIES + 3)]
    assert asked == [[2]] * TRIES + [[]] * 3
    assert reception.missing(1.0) == []


def test_a_sender_that_counts_anew_is_noticed() -> None:
    reception = Reception(90_000)
    for number in range(40_000, 40_010):
        reception.add(number, 0, 0.0)
    for number in range(MOST_LATE):
        assert not reception.strayed
        reception.add(39_000 - MOST_LATE + number, 0, 0.0)
    assert reception.strayed


PEOPLE = st.lists(st.sampled_from("abcdefgh"), unique=True, max_size=8)


@given(st.integers(1, 6), PEOPLE, PEOPLE, st.integers(0))
def test_seats_hold_who_is_wanted_once_and_move_nobody(size: int, first: list, second: list, seed: int) -> None:
    beside = random.Random(seed).choices([None, *"abcdefgh"], k=size)
    seats = routes.seat([None] * size, first, beside)
    assert [person for person in seats if person] == sorted(
        [person for person in seats if person], key=lambda person: seats.index(person)
    )
    assert {person for person in seats if person} == set(first[:size])
    later = routes.seat(seats, second, beside)
    taken = [person for person in later if person]
    assert len(taken) == len(set(taken)) == min(size, len(second)) and set(taken) <= set(second)
    assert all(later[index] == person for index, person in enumerate(seats) if person in second)


def test_sound_and_picture_of_a_person_take_the_slot_of_the_same_number() -> None:
    audio = routes.seat([None] * 4, ["a", "b", "c"])
    assert routes.seat([None] * 4, ["c", "a", "b"], audio) == ["a", "b", "c", None]


@pytest.mark.parametrize(
    "request_",
    [
        {},
        {"routes": []},
        {"routes": {"audio": []}},
        {"routes": {"audio": {"a": "b"}}},
        {"routes": {"audio": {"a": [1]}}},
        {"routes": {}, "recorded": {"audio": [""]}},
        {"routes": {}, "large": 3},
    ],
)
def test_a_table_of_another_shape_is_refused(request_: dict) -> None:
    with pytest.raises(ValueError):
        routes.read(request_)


def test_who_is_not_in_the_table_receives_nothing() -> None:
    table = routes.read({"routes": {"audio": {"b": ["a", "a"]}, "video": {}}, "large": None})
    assert table.speakers("audio", "b") == ("a",)
    assert not table.permits("audio", "b", "a") and not table.permits("video", "a", "b")


def test_private_addresses_and_names_are_checked_only_where_that_is_set() -> None:
    private = ["10.0.0.1", "192.168.1.1", "127.0.0.1", "fe80::1", "fd00::1", "169.254.1.1"]
    assert [sdp_text.usable(address, private=False) for address in private] == [False] * len(private)
    assert [sdp_text.usable(address, private=True) for address in private] == [True] * len(private)
    assert sdp_text.usable("8.8.8.8", private=False)
    never = ["0.0.0.0", "224.0.0.1", "x.local", "", "999.1.1.1"]
    assert not any(sdp_text.usable(address, private=True) for address in never)


def test_a_budget_takes_so_many_a_second() -> None:
    budget = Budget(3)
    assert [budget.takes(7.1), budget.takes(7.5, 2), budget.takes(7.9), budget.takes(8.0)] == [True, True, False, True]
    assert not budget.takes(8.5, 3)
    assert budget.refused == 4


def test_a_publisher_has_so_many_octets_a_second_and_what_they_saved_in_the_one_before() -> None:
    inflow, size = Inflow(), 1_000
    whole = limits.OCTETS_PER_SECOND // size

    def taken(now: float, packets: int) -> int:
        return sum(inflow.takes(now + each / 1_000_000, size) for each in range(packets))

    assert taken(7.0, whole + 50) == whole
    assert taken(8.1, whole // 2) == whole // 2
    assert taken(9.2, 2 * whole) == whole + whole - whole // 2, "what was left of the second before"
    assert taken(10.3, 2 * whole) == whole, "what is beyond the bound is not owed"
    assert taken(60.0, 3 * whole) <= 2 * whole, "no more than one second is saved"


def test_a_publisher_has_so_many_packets_a_second() -> None:
    inflow = Inflow()
    assert sum(inflow.takes(7.0, 20) for _ in range(5_000)) == limits.PACKETS_PER_SECOND
    assert inflow.takes(8.1, 20)
