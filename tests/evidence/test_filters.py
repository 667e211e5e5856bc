"""Filters are undone as another library undoes them, so that what is measured is what readers get."""

import base64
import io
import zlib
from collections.abc import Callable, Iterator

import pikepdf
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name

from server.evidence.decoding import size_within
from server.evidence.filters import LATE, UNDO
from server.evidence.verdicts import Refused

CONTENTS = st.binary(max_size=3_000) | st.builds(
    lambda part, times: part * times, st.binary(min_size=1, max_size=9), st.integers(1, 3_000)
)


def undone(name: str, packed: bytes, step: int = 7) -> bytes:
    return b"".join(UNDO[name](packed[start : start + step] for start in range(0, len(packed), step)))


def lzw(content: bytes, early: int) -> bytes:
    """Packs, as the specification describes it."""
    codes = [256]
    table = {bytes((each,)): each for each in range(256)}
    word, widths, width, after = b"", [9], 9, 258
    for place in range(len(content)):
        byte = content[place : place + 1]
        if word + byte in table:
            word += byte
            continue
        codes.append(table[word])
        widths.append(width)
        table[word + byte] = after
        after += 1
        if after + early > 1 << width:
            width += 1
        word = byte
        if after >= 4_094:
            codes.append(table[word])
            codes.append(256)
            widths += [width, width]
            table = {bytes((each,)): each for each in range(256)}
            word, width, after = b"", 9, 258
    if word:
        codes.append(table[word])
        widths.append(width)
        after += 1
        if after + early > 1 << width and width < 12:
            width += 1
    codes.append(257)
    widths.append(width)
    bits = "".join(f"{code:0{wide}b}" for code, wide in zip(codes, widths, strict=True))
    return int(bits.ljust(-(-len(bits) // 8) * 8, "0"), 2).to_bytes(-(-len(bits) // 8))


def run_length(content: bytes) -> bytes:
    out = bytearray()
    for start in range(0, len(content), 128):
        part = content[start : start + 128]
        out += (
            bytes((257 - len(part), part[0]))
            if len(part) > 1 and len(set(part)) == 1
            else bytes((len(part) - 1,)) + part
        )
    return bytes(out) + b"\x80"


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "/FlateDecode": zlib.compress,
    "/LZWDecode": lambda content: lzw(content, 1),
    LATE: lambda content: lzw(content, 0),
    "/RunLengthDecode": run_length,
    "/ASCIIHexDecode": lambda content: content.hex(" ", 3).encode() + b">",
    "/ASCII85Decode": lambda content: base64.a85encode(content, wrapcol=60) + b"~>",
}


def by_another_library(name: str, packed: bytes) -> bytes:
    pdf = pikepdf.new()
    stream = pdf.make_stream(b"")
    stream.write(packed, filter=Name(name.split()[0]))
    if name == LATE:
        stream.DecodeParms = Dictionary(EarlyChange=0)
    out = io.BytesIO()
    pdf.Root.X = stream
    pdf.save(out, stream_decode_level=pikepdf.StreamDecodeLevel.none, compress_streams=False)
    with pikepdf.open(out) as again:
        return again.Root.X.read_bytes(pikepdf.StreamDecodeLevel.specialized)


@pytest.mark.parametrize("name", PACKERS)
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(content=CONTENTS)
@example(content=b"U")  # begins with what an opening mark begins with
def test_what_was_packed_comes_out_again_as_for_another_library(name: str, content: bytes) -> None:
    packed = PACKERS[name](content)
    assert undone(name, packed) == content == by_another_library(name, packed)
    assert size_within(packed, [name], len(content)) == len(content)


@pytest.mark.parametrize("name", UNDO)
@given(packed=st.binary(max_size=500))
def test_what_was_never_packed_ends_it_and_nothing_else(name: str, packed: bytes) -> None:
    undone(name, packed)


@given(content=CONTENTS, chain=st.lists(st.sampled_from(sorted(PACKERS)), max_size=3))
@settings(max_examples=40)
def test_a_chain_is_undone_in_its_order(content: bytes, chain: list[str]) -> None:
    packed = content
    for name in reversed(chain):
        packed = PACKERS[name](packed)
    assert size_within(packed, chain, 10**9) == len(content)


@pytest.mark.parametrize("name", ["/LZWDecode", LATE, "/RunLengthDecode", "/ASCII85Decode"])
def test_what_swells_is_stopped_on_its_way(name: str) -> None:
    taken = 0

    def pieces(content: bytes) -> Iterator[bytes]:
        nonlocal taken
        for start in range(0, len(content), 1_000):
            taken += 1
            yield content[start : start + 1_000]

    packed = PACKERS[name](bytes(400_000))
    with pytest.raises(Refused):
        size_within(packed, [name], 100_000)
    assert sum(map(len, UNDO[name](pieces(packed)))) == 400_000 and taken > 0


def test_an_old_scan_with_megabytes_of_lzw_is_no_bomb() -> None:
    import random

    content = random.Random(1).randbytes(150_000)
    packed = lzw(content, 1)
    assert size_within(packed, ["/LZWDecode"], 400_000_000) == len(content)


def test_an_array_of_filters_is_read_with_its_parameters() -> None:
    from server.evidence.bounds import _filters

    pdf = pikepdf.new()
    stream = pdf.make_stream(b"")
    stream.Filter = Array([Name.ASCII85Decode, Name.LZWDecode])
    stream.DecodeParms = Array([Dictionary(), Dictionary(EarlyChange=0)])
    assert _filters(stream) == ["/ASCII85Decode", LATE]
