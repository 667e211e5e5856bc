"""Two independent readers of a PDF, MuPDF and PDFium: what they draw and which annotation objects they find.

Points are in unrotated PDF user space; the way from there to a pixel is computed here, by neither of the two.
"""

import ctypes
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
import pymupdf
import pypdfium2
import pypdfium2.raw as raw
from PIL import Image

Point = tuple[float, float]
SCALE = 3.0


@dataclass(frozen=True)
class Seen:
    """One annotation as a reader tells of it."""

    id: str
    kind: str
    words: str
    author: str
    flags: int
    answers: str
    quads: tuple[float, ...]


@dataclass(frozen=True)
class Picture:
    """A page as drawn; `at` gives the colour at a point of user space, None outside."""

    image: Image.Image
    box: tuple[float, float, float, float]
    turn: int

    def at(self, point: Point) -> tuple[int, int, int] | None:
        across, down = self._shown(point)
        wide, high = self._size()
        x, y = int(across / wide * self.image.width), int(down / high * self.image.height)
        inside = 0 <= x < self.image.width and 0 <= y < self.image.height
        return self.image.getpixel((x, y)) if inside else None

    def _size(self) -> Point:
        x0, y0, x1, y1 = self.box
        return (x1 - x0, y1 - y0) if self.turn % 180 == 0 else (y1 - y0, x1 - x0)

    def _shown(self, point: Point) -> Point:
        (x, y), (x0, y0, x1, y1) = point, self.box
        return {0: (x - x0, y1 - y), 90: (y - y0, x - x0), 180: (x1 - x, y - y0), 270: (y1 - y, x1 - x)}[self.turn]


def _sheet(path: Path, page: int) -> tuple[tuple[float, float, float, float], int]:
    with pikepdf.open(path) as pdf:
        found = pdf.pages[page]
        media, crop = ([float(value) for value in box] for box in (found.mediabox, found.cropbox))
        node, turn = found.obj, 0
        while node is not None and not turn:
            turn, node = int(node.get("/Rotate", 0)), node.get("/Parent")
    x0, y0, x1, y1 = [*map(max, media[:2], crop[:2]), *map(min, media[2:], crop[2:])]
    return (x0, y0, x1, y1), turn % 360


class MuPdf:
    name = "MuPDF"

    def picture(self, path: Path, page: int) -> Picture:
        with pymupdf.open(path) as document:
            drawn = document[page].get_pixmap(matrix=pymupdf.Matrix(SCALE, SCALE))
            image = Image.frombytes("RGB", (drawn.width, drawn.height), drawn.samples)
        return Picture(image, *_sheet(path, page))

    def annotations(self, path: Path, page: int) -> list[Seen]:
        with pymupdf.open(path) as document:
            found = [each for each in document[page].annots() if each.type[1] != "Popup"]
            ids = {each.xref: each.info["id"] for each in found}
            return [self._seen(document, each, ids) for each in found]

    def _seen(self, document: Any, each: Any, ids: dict[int, str]) -> Seen:
        kind, quads = document.xref_get_key(each.xref, "Subtype")[1], document.xref_get_key(each.xref, "QuadPoints")[1]
        flags = int(document.xref_get_key(each.xref, "F")[1])
        numbers = tuple(map(float, re.findall(r"-?[\d.]+", quads)))
        told = each.info
        return Seen(told["id"], kind, told["content"], told["title"], flags, ids.get(each.irt_xref, ""), numbers)

    def drawn_words(self, path: Path, page: int) -> str:
        with pymupdf.open(path) as document:
            return "".join(each.get_text() for each in document[page].annots(types=[pymupdf.PDF_ANNOT_FREE_TEXT]))


class Pdfium:
    name = "PDFium"

    def picture(self, path: Path, page: int) -> Picture:
        with pypdfium2.PdfDocument(path) as document:
            image = document[page].render(scale=SCALE).to_pil().convert("RGB")
        return Picture(image, *_sheet(path, page))

    def annotations(self, path: Path, page: int) -> list[Seen]:
        with pypdfium2.PdfDocument(path) as document:
            return [seen for each in self._each(document[page]) if (seen := self._seen(each)).kind != "/Popup"]

    def _each(self, page: Any) -> Iterator[Any]:
        for index in range(raw.FPDFPage_GetAnnotCount(page)):
            found = raw.FPDFPage_GetAnnot(page, index)
            yield found
            raw.FPDFPage_CloseAnnot(found)

    def _seen(self, each: Any) -> Seen:
        kind = KINDS.get(raw.FPDFAnnot_GetSubtype(each), "?")
        above = raw.FPDFAnnot_GetLinkedAnnot(each, b"IRT")
        answers = _text(above, b"NM") if above else ""
        if above:
            raw.FPDFPage_CloseAnnot(above)
        words, author = _text(each, b"Contents"), _text(each, b"T")
        return Seen(_text(each, b"NM"), kind, words, author, raw.FPDFAnnot_GetFlags(each), answers, _quads(each))

    def drawn_words(self, path: Path, page: int) -> str:
        """What stands on the page once its annotations are part of it."""
        with pypdfium2.PdfDocument(path) as document:
            raw.FPDFPage_Flatten(document[page], raw.FLAT_NORMALDISPLAY)
            return document[page].get_textpage().get_text_bounded()


KINDS = {
    getattr(raw, f"FPDF_ANNOT_{name.upper()}"): f"/{name}"
    for name in (
        *("Text", "FreeText", "Line", "Square", "Circle", "Highlight", "Underline", "StrikeOut", "Stamp", "Ink"),
        *("Popup", "Link", "Widget"),
    )
}


def _text(annotation: Any, name: bytes) -> str:
    size = raw.FPDFAnnot_GetStringValue(annotation, name, None, 0)
    buffer = ctypes.create_string_buffer(size)
    raw.FPDFAnnot_GetStringValue(annotation, name, ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR)), size)
    return buffer.raw[: size - 2].decode("utf-16-le")


def _quads(annotation: Any) -> tuple[float, ...]:
    values: list[float] = []
    for index in range(raw.FPDFAnnot_CountAttachmentPoints(annotation)):
        found = raw.FS_QUADPOINTSF()
        assert raw.FPDFAnnot_GetAttachmentPoints(annotation, index, found)
        values += [getattr(found, f"{axis}{corner}") for corner in (1, 2, 3, 4) for axis in "xy"]
    return tuple(values)


READERS = (MuPdf(), Pdfium())
