"""A photograph or a scan as it comes from a phone: one upright page, its own pixels, and no surprise."""

import io
import struct
import zlib
from pathlib import Path

import pikepdf
import pymupdf
import pytest
from PIL import Image

from server.evidence import image_headers
from tests.evidence.examined import Examined, examine, refusal

COLOURS = {"red": (200, 0, 0), "green": (0, 200, 0), "blue": (0, 0, 200), "white": (250, 250, 250)}
CORNERS = ("red", "green", "blue", "white")  # top left, top right, bottom left, bottom right


def picture(kind: str, width: int = 400, height: int = 300, turned: int = 1, dpi: int = 0, mode: str = "RGB") -> bytes:
    """Four fields of colour; `turned`: EXIF orientation that is said of it (its pixels stay as they are)."""
    image = Image.new("RGB", (width, height))
    for number, colour in enumerate(CORNERS):
        column, row = number % 2, number // 2
        image.paste(COLOURS[colour], (column * width // 2, row * height // 2, width, height))
    exif = Image.Exif()
    exif[274] = turned
    out = io.BytesIO()
    image.convert(mode).save(out, kind, exif=exif, **({"dpi": (dpi, dpi)} if dpi else {}))
    return out.getvalue()


def corners(seen: Examined) -> list[str]:
    """The colours of the page's four corners as it is shown."""
    with pymupdf.open(seen.served) as document:
        shown = document[0].get_pixmap(dpi=72)
        places = [(x, y) for y in (0.2, 0.8) for x in (0.2, 0.8)]
        pixels = [shown.pixel(int(shown.width * x), int(shown.height * y)) for x, y in places]
    return [
        min(COLOURS, key=lambda name: sum(abs(a - b) for a, b in zip(COLOURS[name], pixel, strict=True)))
        for pixel in pixels
    ]


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_picture_is_a_page_in_its_colours(tmp_path: Path, kind: str) -> None:
    seen = examine(tmp_path, picture(kind))
    assert seen.pages == 1 and not seen.table[0]["text"]
    assert corners(seen) == list(CORNERS)


@pytest.mark.parametrize(("kind", "mode"), [("PNG", "P"), ("PNG", "L"), ("PNG", "1"), ("JPEG", "L"), ("JPEG", "CMYK")])
def test_a_picture_may_have_any_kind_of_pixels(tmp_path: Path, kind: str, mode: str) -> None:
    assert corners(examine(tmp_path, picture(kind, mode=mode)))[3] == "white"


@pytest.mark.parametrize(
    ("turned", "shown"),
    [
        (1, "red green blue white"),
        (2, "green red white blue"),
        (3, "white blue green red"),
        (4, "blue white red green"),
        (5, "red blue green white"),
        (6, "blue red white green"),
        (7, "white green blue red"),
        (8, "green white red blue"),
    ],
)
def test_a_photograph_stands_upright_however_the_phone_was_held(tmp_path: Path, turned: int, shown: str) -> None:
    seen = examine(tmp_path, picture("JPEG", turned=turned))
    assert corners(seen) == shown.split()
    wide = seen.table[0]["media"][2] > seen.table[0]["media"][3]
    assert wide == (turned < 5)


def test_a_picture_has_its_own_size_where_it_says_one(tmp_path: Path) -> None:
    seen = examine(tmp_path, picture("PNG", 600, 300, dpi=300))
    assert seen.table[0]["media"] == pytest.approx([0, 0, 144, 72], abs=0.1)


@pytest.mark.parametrize("dpi", [0, 1, 60_000])
def test_a_picture_without_a_likely_size_fits_a_sheet(tmp_path: Path, dpi: int) -> None:
    media = examine(tmp_path, picture("PNG", 6_000, 1_500, dpi=dpi)).table[0]["media"]
    assert media[2] == pytest.approx(1_684) and media[3] == pytest.approx(421)


def test_the_pixels_of_a_jpeg_are_not_compressed_anew(tmp_path: Path) -> None:
    content = picture("JPEG")
    with pikepdf.open(examine(tmp_path, content).served) as pdf:
        images = [each for each in pdf.objects if isinstance(each, pikepdf.Stream) and each.get("/Subtype") == "/Image"]
        assert [each.read_raw_bytes() for each in images] == [content]


def huge_png() -> bytes:
    header = struct.pack(">II", 60_000, 60_000) + b"\x08\x02\0\0\0"
    chunk = struct.pack(">I", 13) + b"IHDR" + header + struct.pack(">I", zlib.crc32(b"IHDR" + header))
    return image_headers.PNG + chunk


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (huge_png(), "image_too_large"),
        (image_headers.PNG, "damaged"),
        (picture("PNG")[:200], "damaged"),
        (b"\xff\xd8\xff\xe0" + bytes(100), "damaged"),
    ],
)
def test_a_picture_that_is_none_or_too_much_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    assert refusal(tmp_path, content) == code
