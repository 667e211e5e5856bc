"""Files that are too much are refused for what they are, before anything large is held; the rest is taken in."""

import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pikepdf import Array, Name

from server.evidence import image_headers, limits, raw_scan
from server.evidence.decoding import beginning, size_within
from server.evidence.verdicts import Refused
from tests.evidence.examined import examine, refusal
from tests.evidence.making import blank, by_hand, changed, with_stream, written, zipped

CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
PAGES = (b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] >>")


def jpeg(width: int, height: int) -> bytes:
    """The beginning of one, as far as its frame header."""
    return b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x11\x08" + struct.pack(">HH", height, width) + b"\x03" + bytes(9)


def set_box(pdf: pikepdf.Pdf, *box: float) -> None:
    pdf.pages[0].obj.MediaBox = Array(box)


def set_unit(pdf: pikepdf.Pdf, unit: float) -> None:
    pdf.pages[0].obj.UserUnit = unit


def millions(times: int = 1) -> bytes:
    """So many times 120 million zeros, zipped."""
    zipper = zlib.compressobj(1)
    return b"".join([*(zipper.compress(bytes(120_000_000)) for _ in range(times)), zipper.flush()])


def swollen_structure() -> bytes:
    raw = millions()
    head = b"<< /Type /Obj#53tm /N 1 /First 4 /Filter [/FlateDecode] /Length %d >>\nstream\n" % len(raw)
    return by_hand([CATALOG, *PAGES, head + raw + b"\nendstream"])


def many_streams() -> bytes:
    def change(pdf: pikepdf.Pdf) -> None:
        raw = millions()
        for number in range(4):
            stream = pdf.make_stream(b"")
            stream.write(raw, filter=Name.FlateDecode)
            pdf.Root[f"/X{number}"] = stream

    return changed(change)


def picture(raw: bytes, width: int, height: int, *filters: str) -> bytes:
    return with_stream(raw, [*filters, "/DCTDecode"], Subtype=Name.Image, Width=width, Height=height)


REFUSED: dict[str, tuple[str, Callable[[], bytes]]] = {
    "nothing": ("empty", lambda: b""),
    "HTML": ("not_a_pdf", lambda: b"<html><script>1</script></html>"),
    "a GIF": ("not_a_pdf", lambda: b"GIF89a" + bytes(2_000)),
    "a header too late": ("not_a_pdf", lambda: bytes(1_030) + written(blank())),
    "a header and nothing": ("damaged", lambda: b"%PDF-1.7\n"),
    "a page that cannot be read": (
        "damaged",
        lambda: by_hand([CATALOG, PAGES[0], b"<< /Type /Page /X " + b"[" * 20_000 + b"]" * 20_000 + b" >>"]),
    ),
    "no page": ("no_pages", lambda: by_hand([CATALOG, b"<< /Type /Pages /Kids [] /Count 0 >>"])),
    "a long page": ("page_too_large", lambda: changed(lambda pdf: set_box(pdf, 0, 0, 14_401, 10))),
    "a page from below": ("page_too_large", lambda: changed(lambda pdf: set_box(pdf, -14_000, 0, 401, 10))),
    "a large unit": ("page_too_large", lambda: changed(lambda pdf: set_unit(pdf, 101))),
    "a picture by its dictionary": ("image_too_large", lambda: picture(b"x", 20_001, 10_000)),
    "a picture by its own header": ("image_too_large", lambda: picture(jpeg(20_001, 10_000), 1, 1)),
    "a zipped picture by its own header": (
        "image_too_large",
        lambda: picture(zipped(jpeg(60_000, 60_000)), 1, 1, "/FlateDecode"),
    ),
    "a stream zipped twice": (
        "resource_limit",
        lambda: with_stream(zipped(millions(4)), ["/FlateDecode", "/FlateDecode"]),
    ),
    "streams that are too much together": ("resource_limit", many_streams),
    "too many filters": ("resource_limit", lambda: with_stream(b"x", ["/ASCIIHexDecode"] * 9)),
    "an object stream that swells": ("resource_limit", swollen_structure),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_too_much_or_no_document_is_refused_for_it(tmp_path: Path, what: str) -> None:
    code, make = REFUSED[what]
    assert refusal(tmp_path, make()) == code


def test_more_pages_than_allowed_are_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, written(blank(limits.PAGES + 1))) == "too_many_pages"


WITHIN: dict[str, Callable[[], bytes]] = {
    "a long page": lambda: changed(lambda pdf: set_box(pdf, 0, 0, 14_400, 10)),
    "a large unit": lambda: changed(lambda pdf: set_unit(pdf, 100)),
    "a large stream": lambda: with_stream(millions(), ["/FlateDecode"]),
    "a large picture": lambda: picture(b"x", 20_000, 10_000),
    "a stream that is not what it says": lambda: with_stream(b"not zipped at all", ["/FlateDecode"]),
}


@pytest.mark.parametrize("what", WITHIN)
def test_what_is_just_within_the_bounds_is_taken_in(tmp_path: Path, what: str) -> None:
    assert refusal(tmp_path, WITHIN[what]()) == ""


def test_all_steps_are_told_in_order(tmp_path: Path) -> None:
    assert examine(tmp_path, written(blank())).steps == (1, 2, 3, 5, 6, 7, 8)


@given(st.binary(max_size=5_000), st.integers(0, 3))
def test_the_measured_size_is_the_real_one(content: bytes, times: int) -> None:
    raw = zipped(content, times)
    assert size_within(raw, ["/FlateDecode"] * times, 10**9) == len(content)
    assert beginning(raw, ["/Fl"] * times) == content


@given(st.binary(min_size=1, max_size=2_000), st.integers(1, 3))
def test_a_bound_is_never_passed(content: bytes, times: int) -> None:
    with pytest.raises(Refused):
        size_within(zipped(content, times), ["/FlateDecode"] * times, len(content) - 1)


def test_a_bomb_is_measured_in_steps_without_being_held() -> None:
    bomb = zipped(millions(4))
    with pytest.raises(Refused):
        size_within(bomb, ["/FlateDecode", "/FlateDecode"], limits.DECODED_BYTES)


@given(st.integers(1, 65_535), st.integers(1, 65_535))
def test_a_picture_s_own_size_is_read(width: int, height: int) -> None:
    assert image_headers.jpeg_size(jpeg(width, height)) == (width, height)
    png = image_headers.PNG + struct.pack(">I", 13) + b"IHDR" + struct.pack(">II", width, height) + bytes(9)
    assert image_headers.png_size(png) == (width, height)
    siz = b"\xff\x4f\xff\x51" + struct.pack(">HHIIII", 47, 0, width, height, 0, 0)
    assert image_headers.jpeg2000_size(siz) == (width, height)
    box = b"\0\0\0\x16ihdr" + struct.pack(">II", height, width) + bytes(6)
    assert image_headers.jpeg2000_size(box) == (width, height)


@given(st.binary(max_size=200))
def test_no_bytes_make_a_header_s_reader_fail(content: bytes) -> None:
    for read in {*image_headers.OF_FILTER.values(), image_headers.png_size}:
        assert read(content) is None or len(read(content)) == 2


@given(st.binary(max_size=400))
def test_the_first_look_never_fails_but_by_its_own_words(content: bytes) -> None:
    raw_scan.check_structure(b"1 0 obj << /Type /ObjStm /Filter /FlateDecode >> stream\n" + content)
    try:
        assert raw_scan.header_at(content) >= 0
    except Refused as refused:
        assert refused.code in ("empty", "not_a_pdf")


TALKS: dict[str, bytes] = {
    "plainly": b"1 0 obj << /Type /ObjStm /Filter /FlateDecode >> stream\n",
    "obj in a string": b"1 0 obj << /Type /ObjStm /X (obj) /Filter /FlateDecode >> stream\n",
    "obj in a name": b"1 0 obj << /Type /ObjStm /obj 1 /Filter /FlateDecode >> stream\n",
    "obj in a comment": b"1 0 obj << /Type /ObjStm % obj\n /Filter /FlateDecode >> stream\n",
    "an object in a string": b"1 0 obj << /Type /ObjStm /X (8 0 obj <<) /Filter /FlateDecode >> stream\n",
    "an object in a string behind the filter": b"1 0 obj << /Filter /Fl /X (8 0 obj) /Type /#58Ref >> stream\n",
    "a filter elsewhere": b"1 0 obj << /Type /ObjStm /Filter 7 0 R >> stream\n",
    "a filter behind a decoy": b"1 0 obj << /Type /ObjStm /X (/Filter /Crypt) /Filter /FlateDecode >> stream\n",
    "far before": b"1 0 obj << /Type /ObjStm /Filter /FlateDecode /X (" + b"x" * 9_000 + b") >> stream\n",
    "far before, a comment behind": b"1 0 obj << /Type /XRef /X (" + b"x" * 9_000 + b") >> % is a\nstream \n",
}


@pytest.mark.parametrize("how", TALKS)
def test_no_dictionary_talks_the_first_look_past_a_swelling_stream(how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "STRUCTURE_BYTES", 50_000)
    monkeypatch.setattr(limits, "DECODED_BYTES", 200_000)
    raw_scan.check_structure(TALKS[how] + zipped(bytes(40_000)) + b"\nendstream")
    with pytest.raises(Refused):
        raw_scan.check_structure(TALKS[how] + zipped(bytes(300_000)) + b"\nendstream")


def test_a_picture_behind_an_object_stream_is_measured_as_a_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "STRUCTURE_BYTES", 50_000)
    first = TALKS["plainly"] + zipped(b"1 0 <<>>") + b"\nendstream endobj\n"
    picture_head = b"2 0 obj << /Subtype /Image /Filter /FlateDecode >> stream\n"
    raw_scan.check_structure(first + picture_head + zipped(bytes(300_000)) + b"\nendstream")


def lost_root() -> bytes:
    """One library gives it up, another finds the catalog among the objects."""
    return by_hand([CATALOG, *PAGES], b"").replace(b"startxref", b"startxxxx").replace(b"xref\n0", b"xxxx\n0")


WARNED: dict[str, tuple[str, bytes]] = {
    "bytes before the document": ("structure", b"junk\n" + written(blank())),
    "bytes after the document": ("trailing_data", written(blank()) + b"<script>1</script>"),
    "a lost root": ("repaired", lost_root()),
    "a lost table": ("repaired", written(blank()).replace(b"startxref", b"startxxxx")),
}


@pytest.mark.parametrize("what", WARNED)
def test_what_is_odd_is_told(tmp_path: Path, what: str) -> None:
    code, content = WARNED[what]
    assert code in examine(tmp_path, content).warnings


def test_padding_after_the_end_is_nothing_to_tell(tmp_path: Path) -> None:
    assert examine(tmp_path, written(blank()) + b"\r\n\0\0\x1a").warnings == frozenset()


def test_a_file_without_the_number_of_its_objects_gives_a_copy_that_opens(tmp_path: Path) -> None:
    content = by_hand([CATALOG, *PAGES]).replace(b"/Size 4 ", b"")
    assert b"/Size" not in content
    with pikepdf.open(examine(tmp_path, content).served) as pdf:
        assert len(pdf.pages) == 1


def test_a_password_that_is_needed_is_asked_for_in_words(tmp_path: Path) -> None:
    locked = written(blank(), encryption=pikepdf.Encryption(user="u", owner="o"))
    assert refusal(tmp_path, locked) == "encrypted"


def test_limits_without_a_password_are_told_and_not_passed_on(tmp_path: Path) -> None:
    seen = examine(tmp_path, written(blank(), encryption=pikepdf.Encryption(user="", owner="o")))
    assert "encrypted_empty_password" in seen.warnings
    with pikepdf.open(seen.served) as pdf:
        assert not pdf.is_encrypted


def test_a_stream_of_unknown_filters_is_left_to_the_reader() -> None:
    assert size_within(b"abc", ["/DCTDecode", "/FlateDecode"], 10) == 3
    assert size_within(zlib.compress(b"abcd"), ["/FlateDecode", "/DCTDecode"], 10) == 4


def test_the_same_page_twice_is_two_pages(tmp_path: Path) -> None:
    kids = b"<< /Type /Pages /Kids [3 0 R 3 0 R] /Count 2 >>"
    assert examine(tmp_path, by_hand([CATALOG, kids, PAGES[1]])).pages == 2


def test_a_tree_that_turns_in_circles_is_refused_or_put_right(tmp_path: Path) -> None:
    circle = b"<< /Type /Pages /Kids [2 0 R 3 0 R] /Count 9 >>"
    assert refusal(tmp_path, by_hand([CATALOG, circle, PAGES[1]])) in ("", "damaged")
