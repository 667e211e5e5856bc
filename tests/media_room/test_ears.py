"""The ears and eyes of the load peers: a tone is told from another, from silence and from noise; a clip decodes."""

import os

from tests.harness import clip, tones
from tests.harness.media_legs import Stream, payload_of, sources


def test_each_tone_is_heard_as_itself_and_no_other() -> None:
    for frequency in (500, 700, 900):
        found = tones.heard(tones.tone(frequency)[:20])
        assert tones.is_near(found, frequency)
        assert not tones.is_near(found, frequency + 200)


def test_silence_too_little_and_noise_are_no_tone() -> None:
    assert tones.heard(()) == tones.heard(tones.tone(500)[:4]) == 0
    silence = tones.samples([b"\xf8\xff\xfe"] * 20)
    assert abs(silence).max() < tones.LEAST_LEVEL


def test_the_clip_decodes_from_its_key_frame_to_its_end() -> None:
    frames = clip.clip(*clip.SMALL)
    payloads = [
        clip.described(piece, at == 0, number) for number, frame in enumerate(frames) for at, piece in enumerate(frame)
    ]
    assert clip.pictures(payloads, clip.SMALL[0]) == clip.FRAMES
    assert [number for number, payload in enumerate(payloads) if clip.is_key_frame(payload)] == [0]


def packet(sequence: int, payload: bytes = b"x") -> bytes:
    return bytes((0x80, 111, sequence >> 8, sequence & 255)) + bytes(8) + payload


def test_gaps_repeats_and_the_wrap_of_numbers_are_counted() -> None:
    stream = Stream(1, "audio", 0, False)
    for sequence in (65_534, 65_535, 1, 0, 1, 2):
        stream.take(packet(sequence))
    assert (stream.count, stream.again, stream.expected) == (6, 2, 5)
    assert stream.highest & 0xFFFF == 2


def test_the_payload_lies_behind_sources_extension_and_before_padding() -> None:
    body = os.urandom(20)
    head = bytes((0xB1, 96)) + bytes(10) + bytes(4) + b"\xbe\xde\x00\x01" + bytes(4)
    assert payload_of(head + body + b"\x00\x00\x03") == body


def test_each_source_of_a_description_has_its_slot() -> None:
    sdp = "v=0\nm=audio 9 x\na=ssrc:5 cname:a\nm=video 9 x\na=ssrc:7 cname:a\na=ssrc:9 cname:a\nm=video 9 x\na=ssrc:8 y"
    assert sources(sdp) == [("audio", 5, 0), ("video", 7, 0), ("video", 9, 0), ("video", 8, 1)]
