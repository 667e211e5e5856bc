"""Where words stand, in unrotated user space: whatever the page's boxes, rotation, unit, and the text's direction."""

import math
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pikepdf import Array

from server.evidence import boxes, limits
from server.evidence.boxes import measures
from tests.evidence.corpus import FOLDER, Line
from tests.evidence.examined import examine
from tests.evidence.making import blank, by_hand, with_text

SIZE = 20.0
WIDTH = (722 + 556 + 556) / 1_000  # Helvetica's H, a, n; in em
CLOSE = 0.02  # units; numbers are hundredths


def text_at(matrix: tuple[float, ...], before: bytes = b"") -> bytes:
    return (
        b"BT "
        + before
        + b" /F1 %d Tf " % SIZE
        + " ".join(f"{each:.5f}" for each in matrix).encode()
        + b" Tm (Han) Tj ET"
    )


def only_line(lines: list[Line]) -> Line:
    assert [line.text for line in lines] == ["Han"]
    return lines[0]


def expected(x: float, y: float, angle: float, size: float = SIZE, stretch: float = 1.0) -> list[tuple[float, float]]:
    """Corners UL UR LL LR of the em box of the word written from (x, y)."""
    along, up = (math.cos(angle), math.sin(angle)), (-math.sin(angle), math.cos(angle))
    wide = WIDTH * size * stretch
    return [
        (x + along[0] * far + up[0] * high, y + along[1] * far + up[1] * high)
        for high in (0.88 * size, -0.12 * size)
        for far in (0.0, wide)
    ]


def assert_close(found: list[tuple[float, float]], wanted: list[tuple[float, float]], slack: float = CLOSE) -> None:
    assert (
        max(abs(a - b) for one, other in zip(found, wanted, strict=True) for a, b in zip(one, other, strict=True))
        <= slack
    )


@pytest.mark.parametrize("rotate", [0, 90, 180, 270, -90, 450])
@pytest.mark.parametrize("box", [(0, 0, 595, 842), (-100, -50, 500, 700), (500, 700, -100, -50)])
@pytest.mark.parametrize(
    "crop", [None, (20, 30, 400, 600), (-5_000, -5_000, 5_000, 5_000), (9_000, 9_000, 9_900, 9_900)]
)
@pytest.mark.parametrize("unit", [None, 2.5])
def test_boxes_rotation_and_unit_move_no_word(
    tmp_path: Path, rotate: int, box: tuple[int, ...], crop: tuple[int, ...] | None, unit: float | None
) -> None:
    page: dict[str, Any] = {"Rotate": rotate, "MediaBox": Array(box)}
    page |= {"CropBox": Array(crop)} if crop else {}
    page |= {"UserUnit": unit} if unit else {}
    seen = examine(tmp_path, with_text(text_at((1, 0, 0, 1, 100, 200)), **page))
    assert_close(only_line(seen.lines()).quad_of(0, 3), expected(100, 200, 0))
    row = seen.table[0]
    assert row["rotate"] == rotate % 360 and row["user_unit"] == (unit or 1) and row["text"]


@pytest.mark.parametrize("degrees", [0, 30, 45, 90, 135, 180, 225, 270, 300, 359])
def test_a_direction_is_kept(tmp_path: Path, degrees: int) -> None:
    angle = math.radians(degrees)
    matrix = (math.cos(angle), math.sin(angle), -math.sin(angle), math.cos(angle), 300, 400)
    seen = examine(tmp_path, with_text(text_at(matrix)))
    assert_close(only_line(seen.lines()).quad_of(0, 3), expected(300, 400, angle))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(degrees=st.integers(0, 359), size=st.integers(4, 60), x=st.integers(250, 340), y=st.integers(350, 480))
def test_any_direction_and_size_is_kept(
    tmp_path_factory: pytest.TempPathFactory, degrees: int, size: int, x: int, y: int
) -> None:
    angle, scale = math.radians(degrees), size / SIZE
    matrix = tuple(scale * each for each in (math.cos(angle), math.sin(angle), -math.sin(angle), math.cos(angle)))
    seen = examine(tmp_path_factory.mktemp("any"), with_text(text_at((*matrix, x, y))))
    assert_close(only_line(seen.lines()).quad_of(0, 3), expected(x, y, angle, size), 0.05)


@pytest.mark.parametrize("percent", [40, 100, 250])
@pytest.mark.parametrize("degrees", [0, 90, 33])
def test_letters_stretched_along_the_line_are_no_higher(tmp_path: Path, percent: int, degrees: int) -> None:
    angle = math.radians(degrees)
    matrix = (math.cos(angle), math.sin(angle), -math.sin(angle), math.cos(angle), 200, 300)
    seen = examine(tmp_path, with_text(text_at(matrix, b"%d Tz" % percent)))
    quad = only_line(seen.lines()).quad_of(0, 3)
    assert_close(quad, expected(200, 300, angle, stretch=percent / 100), 0.1)


def test_inherited_boxes_and_rotation_count(tmp_path: Path) -> None:
    content = b"<< /Length 44 >>\nstream\n" + b"BT /F1 20 Tf 1 0 0 1 100 200 Tm (Han) Tj ET".ljust(44) + b"\nendstream"
    seen = examine(
        tmp_path,
        by_hand(
            [
                b"<< /Type /Catalog /Pages 2 0 R >>",
                b"<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [10 20 610 820] /CropBox [50 60 500 700] "
                b"/Rotate 90 >>",
                b"<< /Type /Pages /Parent 2 0 R /Kids [4 0 R] /Count 1 "
                b"/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
                b"<< /Type /Page /Parent 3 0 R /Contents 5 0 R >>",
                content,
            ]
        ),
    )
    assert (seen.table[0]["media"], seen.table[0]["crop"]) == ([10, 20, 610, 820], [50, 60, 500, 700])
    assert seen.table[0]["rotate"] == 90
    assert_close(only_line(seen.lines()).quad_of(0, 3), expected(100, 200, 0))
    with pikepdf.open(seen.served) as pdf:
        assert [float(each) for each in pdf.pages[0].obj.CropBox] == [50, 60, 500, 700]


@pytest.mark.parametrize(
    "box", ["[0 0 0 0]", "[0 0 100]", "(words)", "[/a /b /c /d]", "[0 0 100000000000 10]", "[null 0 10 10]", "true"]
)
def test_a_box_that_is_none_is_taken_as_readers_do(box: str) -> None:
    pdf = blank()
    pdf.pages[0].obj["/MediaBox"] = pikepdf.Object.parse(box.encode())
    found = measures(pdf.pages[0].obj)
    assert found.media == found.crop == boxes.LETTER


@pytest.mark.parametrize(("name", "page"), [("plain-cjk", 1), ("mixed-pages-labels", 3), ("rotate90-cropbox", 0)])
def test_another_reader_finds_each_character_in_its_quad(tmp_path: Path, name: str, page: int) -> None:
    """PDFium's character boxes: the ink's middle lies in the quad of the same character of the same line."""
    content = (FOLDER / f"{name}.pdf").read_bytes()
    lines = examine(tmp_path, content).lines(page)
    document = pypdfium2.PdfDocument(content)
    words = document[page].get_textpage()
    everything = words.get_text_range()
    compared = 0
    for line in lines:
        place = everything.find(line.text.strip())
        if place < 0 or everything.count(line.text.strip()) > 1:
            continue
        start = len(line.text) - len(line.text.lstrip())
        for offset, quad in enumerate(line.quads[start : start + len(line.text.strip())]):
            left, bottom, right, top = words.get_charbox(place + offset)
            xs, ys = [x for x, _ in quad], [y for _, y in quad]
            assert min(xs) - 0.5 <= (left + right) / 2 <= max(xs) + 0.5
            assert min(ys) - 0.5 <= (bottom + top) / 2 <= max(ys) + 0.5
            compared += 1
    document.close()
    assert compared > 50


def test_a_page_of_too_many_characters_is_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PAGE_CHARACTERS", 5)
    content = b"BT /F1 10 Tf 1 0 0 1 50 700 Tm (Hannah) Tj 1 0 0 1 50 600 Tm (Otto) Tj ET"
    assert [line.text for line in examine(tmp_path, with_text(content)).lines()] == ["Hanna"]


def test_the_text_of_a_long_document_is_read_in_several_runs(tmp_path: Path) -> None:
    content = (FOLDER / "mixed-pages-labels.pdf").read_bytes()
    (tmp_path / "once").mkdir()
    (tmp_path / "often").mkdir()
    once, often = examine(tmp_path / "once", content), examine(tmp_path / "often", content, seconds=0.0)
    assert [once.lines(page) for page in range(once.pages)] == [often.lines(page) for page in range(often.pages)]
    assert once.served.read_bytes() == often.served.read_bytes()
