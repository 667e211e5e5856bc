"""Where each character of a page stands: lines of text with one quad a character, in unrotated absolute user space.

A quad is the em box, 0.88 above and 0.12 below the baseline, along the true direction of the text; the library's own
boxes are higher, axis-aligned in its summaries, and shifted in vertical text.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pymupdf
from pymupdf import mupdf

from server.evidence import limits
from server.evidence.boxes import Box, Measures

ABOVE, BELOW = 0.88, 0.12  # of the em, from the baseline
HALF = 0.5  # of the em to both sides of a vertical line's middle
UNITS = 100  # integers are hundredths of a unit
FLAGS = pymupdf.TEXT_PRESERVE_WHITESPACE | pymupdf.TEXT_CID_FOR_UNKNOWN_UNICODE | pymupdf.TEXT_MEDIABOX_CLIP
TOUCHING = 0.6  # of the em between two characters of one vertical line
STRAIGHT = 0.999999  # of a direction along an axis
UNKNOWN = "\ufffd"

Point = tuple[float, float]
Quad = tuple[Point, Point, Point, Point]


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character and its corners UL UR LL LR in reading direction."""

    character: str
    quad: Quad


@dataclass(frozen=True, slots=True)
class Line:
    """Characters in reading order."""

    glyphs: tuple[Glyph, ...]
    vertical: bool

    @property
    def text(self) -> str:
        return "".join(glyph.character for glyph in self.glyphs)


def lines_of(page: pymupdf.Page, measures: Measures) -> list[Line]:
    """The page's lines; at most limits.PAGE_CHARACTERS characters."""
    place = _Place(measures)
    content = page.get_textpage(flags=FLAGS)
    blocks = content.extractRAWDICT()["blocks"]
    summaries = [line for block in blocks for line in block.get("lines", ())]
    if all(_is_plain(line) for line in summaries):
        found = (_summed_up(line, place) for line in summaries)
    else:
        found = (_exact(line, place) for line in _stext_lines(content))
    return _joined(_bounded(found))


def _bounded(lines: Iterable[Line]) -> Iterator[Line]:
    left = limits.PAGE_CHARACTERS
    for line in lines:
        glyphs = line.glyphs[:left]
        left -= len(glyphs)
        if glyphs:
            yield Line(glyphs, line.vertical)


def table(number: int, lines: list[Line]) -> dict[str, Any]:
    """As the API gives it."""
    shown = [{"text": line.text, "vertical": line.vertical, "quads": _numbers(line)} for line in lines]
    return {"v": 1, "page": number, "lines": shown}


class _Place:
    """From the library's coordinates (unrotated, from the crop box's top left, unit applied) to the page's own."""

    def __init__(self, measures: Measures) -> None:
        self._left, self._top = measures.crop[0], measures.crop[3]
        self._unit = measures.user_unit
        self._heights: dict[int, float] = {}

    def _point(self, point: Any) -> Point:
        return self._at(point.x, point.y)

    def _at(self, x: float, y: float) -> Point:
        return self._left + x / self._unit, self._top - y / self._unit

    def standing(self, origin: Point, box: Box, direction: Point, size: float, height: float) -> Quad:
        """A character of a line along an axis. `height`: of the font, in em, where the box is as high as that."""
        x, y = round(direction[0]), -round(direction[1])
        wide, high = (box[2] - box[0]) / self._unit, (box[3] - box[1]) / self._unit
        advance, across = (wide, high) if x else (high, wide)
        em = across / height if height >= 1.0 and across else size / self._unit
        return _box(self._at(*origin), (x * advance, y * advance), (-y, x), em * ABOVE, em * BELOW)

    def hanging(self, box: Box, size: float) -> Quad:
        """A character of a vertical line: the library's box hangs 0.88 em too low; its left side is that of the em."""
        em = size / self._unit
        left, top = self._at(box[0], box[1])
        start = (left + em * HALF, top + em * ABOVE)
        return _box(start, (0.0, (box[1] - box[3]) / self._unit), (1.0, 0.0), em * HALF, em * HALF)

    def horizontal(self, raw: Any) -> Quad:
        start, quad = self._point(raw.origin), raw.quad
        low, end = self._point(quad.ll), self._point(quad.lr)
        along = (end[0] - low[0], end[1] - low[1])
        normal = _normal(along)
        em = self._em(raw, normal)
        return _box(start, along, normal, em * ABOVE, em * BELOW)

    def _em(self, raw: Any, normal: Point) -> float:
        """The em across the baseline: the height of the library's box, which is that of the font."""
        low, high = self._point(raw.quad.ll), self._point(raw.quad.ul)
        across = abs((high[0] - low[0]) * normal[0] + (high[1] - low[1]) * normal[1])
        height = self._height(raw.font)
        return across / height if across and height > 0 else raw.size / self._unit

    def _height(self, font: Any) -> float:
        key = int(font.this) if hasattr(font, "this") else id(font)
        if key not in self._heights:
            known = mupdf.FzFont(mupdf.ll_fz_keep_font(font))
            self._heights[key] = mupdf.fz_font_ascender(known) - mupdf.fz_font_descender(known)
        return self._heights[key]

    def vertical(self, raw: Any) -> Quad:
        """As `hanging`, for a line that runs askew."""
        quad = raw.quad
        back, ahead = self._point(quad.lr), self._point(quad.ll)
        along = (ahead[0] - back[0], ahead[1] - back[1])
        em = raw.size / self._unit
        normal = _normal(along)
        down = (normal[1], -normal[0])
        start = (
            back[0] - down[0] * em * ABOVE + normal[0] * em * HALF,
            back[1] - down[1] * em * ABOVE + normal[1] * em * HALF,
        )
        return _box(start, along, normal, em * HALF, em * HALF)


def _is_plain(line: Any) -> bool:
    """Whether the library's axis-aligned boxes say all: text along an axis, or straight down when vertical."""
    x, y = line["dir"]
    return y > STRAIGHT if line["wmode"] else max(abs(x), abs(y)) > STRAIGHT


def _summed_up(line: Any, place: _Place) -> Line:
    """From the library's summary: ten times as fast as asking for each character's own corners."""
    vertical = bool(line["wmode"])
    glyphs: list[Glyph] = []
    for span in line["spans"]:
        height = span["ascender"] - span["descender"]
        for each in span["chars"]:
            shape = (
                place.hanging(each["bbox"], span["size"])
                if vertical
                else place.standing(each["origin"], each["bbox"], line["dir"], span["size"], height)
            )
            glyphs.append(Glyph(_text(ord(each["c"])) if len(each["c"]) == 1 else UNKNOWN, shape))
    return Line(tuple(glyphs), vertical)


def _exact(line: Any, place: _Place) -> Line:
    vertical = bool(line.m_internal.wmode)
    corners = place.vertical if vertical else place.horizontal
    return Line(tuple(Glyph(_text(each.m_internal.c), corners(each.m_internal)) for each in line), vertical)


def _stext_lines(content: pymupdf.TextPage) -> Iterator[Any]:
    blocks: Any = content.this
    for block in blocks:
        if block.m_internal.type == mupdf.FZ_STEXT_BLOCK_TEXT:
            yield from block


def _normal(along: Point) -> Point:
    length = math.hypot(*along)
    return (-along[1] / length, along[0] / length) if length else (0.0, 1.0)


def _box(start: Point, along: Point, normal: Point, above: float, below: float) -> Quad:
    end = (start[0] + along[0], start[1] + along[1])
    return (
        (start[0] + normal[0] * above, start[1] + normal[1] * above),
        (end[0] + normal[0] * above, end[1] + normal[1] * above),
        (start[0] - normal[0] * below, start[1] - normal[1] * below),
        (end[0] - normal[0] * below, end[1] - normal[1] * below),
    )


def _text(code_point: int) -> str:
    if not 0x20 <= code_point < 0x110000 or 0xD800 <= code_point < 0xE000:
        return " " if code_point in (9, 10, 13) else UNKNOWN
    return chr(code_point)


def _joined(lines: Iterable[Line]) -> list[Line]:
    """The library makes a line of each character of vertical text: those that follow each other become one."""
    joined: list[Line] = []
    for line in lines:
        if joined and line.vertical and joined[-1].vertical and _follows(joined[-1].glyphs[-1], line.glyphs[0]):
            joined[-1] = Line(joined[-1].glyphs + line.glyphs, True)
        else:
            joined.append(line)
    return joined


def _follows(before: Glyph, after: Glyph) -> bool:
    (end_x, end_y), (start_x, start_y) = before.quad[1], after.quad[0]
    em = math.dist(before.quad[0], before.quad[2])
    return math.dist((end_x, end_y), (start_x, start_y)) <= em * TOUCHING


def _numbers(line: Line) -> list[int]:
    """Eight integers a character, the first as they are, each further one as differences to the one before."""
    numbers: list[int] = []
    before = [0] * 8
    for glyph in line.glyphs:
        now = [round(value * UNITS) for point in glyph.quad for value in point]
        numbers += [value - last for value, last in zip(now, before, strict=True)]
        before = now
    return numbers
