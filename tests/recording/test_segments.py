"""Packets into files: what goes in comes out when it is decoded, in spite of loss, disorder and late key frames."""

import itertools
import random
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import av
import pytest

from media.depayload import AUDIO, PATIENCE_MS, VIDEO, Ordering, Packet, Pictures, vp8_part
from tests.recording.prepared import KEY_EVERY, PICTURE_MS, SOUND_MS, Sender, pictures
from tests.recording.written import START_MS, STEP_MS, Written, decoded, times_of


@pytest.fixture
def written(tmp_path: Path) -> Written:
    return Written(tmp_path / "h")


def test_every_frame_that_comes_is_decoded_from_the_files(written: Written) -> None:
    written.go(9_000)
    written.stop()
    for person in written.people:
        assert sum(map(decoded, written.files(person, VIDEO))) == 9_000 // PICTURE_MS
        assert sum(map(decoded, written.files(person, AUDIO))) == 9_000 // SOUND_MS


def test_the_files_hold_the_very_bytes_that_were_sent(written: Written) -> None:
    written.go(2_000)
    written.stop()
    (path,) = written.files("a", VIDEO)
    with av.open(str(path)) as container:
        kept = [bytes(each) for each in container.demux(container.streams[0]) if each.size]
    assert kept == list(pictures()[: len(kept)])
    assert len(kept) == 2_000 // PICTURE_MS


def test_rounds_follow_each_other_without_a_hole_and_no_file_is_longer_than_a_segment(written: Written) -> None:
    written.go(15_000)
    written.stop()
    assert written.sealed[0].from_ms == START_MS
    assert written.sealed[-1].to_ms == START_MS + 15_000
    for before, after in itertools.pairwise(written.sealed):
        assert (before.to_ms, before.round + 1) == (after.from_ms, after.round)
    for path in [*written.files("a", VIDEO), *written.files("a", AUDIO)]:
        assert times_of(path)[-1] < written.segment_ms


def test_a_round_begins_with_a_key_frame_that_was_asked_for(written: Written) -> None:
    written.go(9_000)
    written.stop()
    assert {"a", "b"} <= set(written.asked)
    for path in written.files("a", VIDEO):
        with av.open(str(path)) as container:
            assert next(iter(container.demux(container.streams[0]))).is_keyframe


def test_who_sends_no_key_frame_in_time_starts_late_and_the_others_do_not_wait(tmp_path: Path) -> None:
    written = Written(tmp_path / "h", segment_ms=1_000, answers=False)
    written.go(2_400)
    written.stop()
    first, second, third = written.sealed
    assert {file.kind for file in second.files} == {"audio", "video"}
    late = [file for file in second.files if file.kind == VIDEO]
    assert [file.from_ms for file in late] == [START_MS + KEY_EVERY * PICTURE_MS] * 2
    assert {file.kind for file in third.files} == {"audio"}
    assert first.to_ms == second.from_ms


def test_the_log_is_told_size_and_digest_of_what_lies_on_disk(written: Written) -> None:
    written.go(5_000)
    written.stop()
    for each in [file for sealed in written.sealed for file in sealed.files]:
        content = (written.folder / each.name).read_bytes()
        assert (each.sha256, each.bytes) == (sha256(content).hexdigest(), len(content))
        assert (written.folder / each.name).stat().st_mode & 0o777 == 0o600


def test_whoever_is_no_member_is_not_written(written: Written) -> None:
    written.recording.members(frozenset({"a"}), frozenset())
    written.go(1_000)
    written.stop()
    assert [file.name for each in written.sealed for file in each.files] == ["000001-a-audio.webm"]


def test_from_the_packet_on_with_which_somebody_is_muted_nothing_of_them_is_written(written: Written) -> None:
    written.go(1_000)
    written.recording.members(frozenset({"b"}), frozenset({"a", "b"}))
    written.go(1_000)
    written.stop()
    assert decoded(*written.files("a", AUDIO)) == 1_000 // SOUND_MS
    assert decoded(*written.files("b", AUDIO)) == 2_000 // SOUND_MS


def test_after_a_pause_the_sound_goes_on_at_its_time(written: Written) -> None:
    written.go(1_000)
    written.go(1_000, "a/audio")
    written.go(1_000)
    written.stop()
    times = times_of(*written.files("a", AUDIO))
    steps = [after - before for before, after in itertools.pairwise(times)]
    assert max(steps) == 1_000 + SOUND_MS
    assert times[-1] == 3_000 - SOUND_MS


def test_nothing_for_a_while_ends_the_round_where_the_last_frame_ended(written: Written) -> None:
    written.go(1_000)
    written.go(3_000, "a/audio", "a/video", "b/audio", "b/video")
    assert [each.to_ms - START_MS for each in written.sealed] == [1_000]
    written.go(1_000)
    written.stop()
    assert [(each.from_ms - START_MS, each.to_ms - START_MS) for each in written.sealed][1:] == [(4_000, 5_000)]


def test_a_lost_packet_costs_the_pictures_up_to_the_next_key_frame_and_one_is_asked_for(written: Written) -> None:
    dropped = 0
    for number in range(20):
        for person, kind, packet in written.step():
            if number == 7 and (person, kind) == ("a", VIDEO) and not dropped:
                dropped += 1
                continue
            written.recording.packet(person, kind, packet)
        written.recording.tick(written.now_ms)
    written.stop()
    whole, cut = sum(map(decoded, written.files("b", VIDEO))), sum(map(decoded, written.files("a", VIDEO)))
    assert dropped and whole == 20 * STEP_MS // PICTURE_MS
    assert whole - 2 - (PATIENCE_MS + STEP_MS) // PICTURE_MS <= cut < whole
    assert written.asked.count("a") > written.asked.count("b")


def test_packets_out_of_order_and_double_make_the_same_file(tmp_path: Path) -> None:
    chance = random.Random(5)
    plain, mixed = Written(tmp_path / "plain", people=("a",)), Written(tmp_path / "mixed", people=("a",))
    plain.go(3_000)
    mixed.go(STEP_MS)
    for _ in range(3_000 // STEP_MS - 1):
        packets = mixed.step()
        doubled = [*packets, *chance.sample(packets, 3)]
        for person, kind, packet in sorted(doubled, key=lambda each: each[2].now_ms + chance.randrange(90)):
            mixed.recording.packet(person, kind, packet)
        mixed.recording.tick(mixed.now_ms)
    plain.stop()
    mixed.stop()
    for kind in (AUDIO, VIDEO):
        same: Callable[[Written], list[int]] = lambda each, kind=kind: times_of(*each.files("a", kind))  # noqa: E731
        assert same(plain) == same(mixed)
        assert decoded(*plain.files("a", kind)) == decoded(*mixed.files("a", kind))


def test_a_new_stream_with_other_numbers_goes_on_in_the_same_file(written: Written) -> None:
    written.go(1_000)
    old = written.senders["a/video"]
    written.senders["a/video"] = replace(old, sequence=old.sequence + 20_000 & 0xFFFF, timestamp=77, number=0)
    written.go(1_000)
    written.stop()
    assert decoded(*written.files("a", VIDEO)) == 2_000 // PICTURE_MS


def test_a_new_stream_just_below_the_old_one_is_not_taken_for_the_past_for_long() -> None:
    ordering, sender = Ordering(16), Sender(AUDIO, 0, sequence=1_000)
    taken = [each for packet in sender.packets(2_000) for each in ordering.put(packet)]
    again = Sender(AUDIO, 2_000, sequence=900)
    more = [each for packet in again.packets(2_000) for each in ordering.put(packet)]
    assert len(taken) == 100
    assert len(more) >= 60


def test_a_folder_that_was_written_before_goes_on_with_the_next_number(written: Written) -> None:
    written.go(1_000)
    written.stop()
    written.recording = written.begun()
    written.go(1_000)
    written.stop()
    assert [each.round for each in written.sealed] == [1, 2]


def test_a_person_s_id_never_leaves_the_folder(tmp_path: Path) -> None:
    written = Written(tmp_path / "h", people=("../../x",))
    written.go(400)
    written.stop()
    assert {path.parent for path in tmp_path.rglob("*.webm")} == {written.folder}


@pytest.mark.parametrize("payload", [b"", b"\x10", b"\x90", b"\x90\x80", b"\xff\xff\xff\xff", bytes(3)])
def test_what_is_no_picture_is_passed_over(payload: bytes) -> None:
    assert Pictures().join(Packet(payload, 0, 0, True, 0), False) is None
    assert isinstance(vp8_part(payload), tuple)


@pytest.mark.parametrize("descriptor", ["10", "9000", "908022", "90808122", "90c0812233", "90f081223344", "90201f"])
def test_every_form_of_the_descriptor_is_understood(descriptor: str) -> None:
    """RFC 7741, 4.2: no extension, an empty one, picture ids of one and two bytes, TL0PICIDX, TID and KEYIDX."""
    assert vp8_part(bytes.fromhex(descriptor) + b"picture") == (b"picture", True)
    assert vp8_part(bytes([bytes.fromhex(descriptor)[0] & ~0x10]) + bytes.fromhex(descriptor)[1:] + b"x")[1] is False


def test_a_file_says_where_nothing_came_for_two_seconds_or_more(tmp_path: Path) -> None:
    written = Written(tmp_path / "h", segment_ms=60_000)
    written.go(400)
    written.go(2_600, "a/audio")
    written.go(400, "b/audio")
    written.stop()
    (sealed,) = written.sealed
    holes = {(file.person, file.kind): file.holes for file in sealed.files if file.holes}
    assert holes == {("a", AUDIO): ((START_MS + 400, START_MS + 3_000),)}
    assert sealed.as_json()["files"][0]["holes"] == [[START_MS + 400, START_MS + 3_000]]
