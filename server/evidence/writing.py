"""Free text and stamps laid out on a sheet of paper in their rectangle, as operators of an appearance. Writes no PDF.

Sizes are those of the page's viewer, so that a screen and a print say the same.
"""

from __future__ import annotations

from crdt_docs.annotations import Annotation
from server.evidence import lettering
from server.evidence.drawing import TURNS, Drawing, Pen, Rect, box, joined, number, numbers
from server.evidence.lettering import Lettering

FONT, PAPER = "/F0", "/P"
SIZE = 12.0  # units
LEADING = 1.4  # from one baseline to the next, in sizes
BESIDE, ABOVE = 4.0, 2.0  # margins
EDGE = 0.75


def written(entry: Annotation, pen: Pen, text: str, letters: Lettering, turn: int) -> Drawing:
    """All of the text, in lines as wide as the rectangle, upright on a page turned by `turn`.

    Where the text does not fit, the paper goes on below the rectangle.
    """
    rect = box(entry.rect or ())
    wide = max(_width(rect, turn) - 2 * BESIDE, SIZE)
    rows = lettering.lines(text, letters, wide * 1000 / SIZE)
    bounds = joined([rect, _below(rect, turn, 2 * ABOVE + SIZE * LEADING * len(rows))])
    drawn = [_paper(bounds, pen), "q", f"{numbers(_matrix(rect, turn))} cm", *_text(rows, pen, letters), "Q"]
    return Drawing("\n".join(drawn), bounds)


def _paper(bounds: Rect, pen: Pen) -> str:
    x0, y0, x1, y1 = bounds
    inner = (x0 + EDGE / 2, y0 + EDGE / 2, x1 - x0 - EDGE, y1 - y0 - EDGE)
    return f"q {PAPER} gs 1 g {numbers(inner)} re f Q {numbers(pen.colour)} RG {number(EDGE)} w {numbers(inner)} re S"


def _text(rows: list[str], pen: Pen, letters: Lettering) -> list[str]:
    first = -ABOVE - SIZE * ((LEADING - 1) / 2 + lettering.ASCENT / 1000)
    set_up = f"{FONT} {number(SIZE)} Tf {number(SIZE * LEADING)} TL {pen.fill} {numbers((BESIDE, first))} Td"
    return ["BT", set_up, *(f"{letters.encoded(row)} Tj T*" if row else "T*" for row in rows), "ET"]


def _width(rect: Rect, turn: int) -> float:
    return rect[2] - rect[0] if turn % 180 == 0 else rect[3] - rect[1]


def corner(rect: Rect, turn: int) -> tuple[float, float]:
    """The corner that is the upper left one on a page turned by `turn`."""
    x0, y0, x1, y1 = rect
    return {0: (x0, y1), 90: (x0, y0), 180: (x1, y0), 270: (x1, y1)}[turn]


def _matrix(rect: Rect, turn: int) -> tuple[float, ...]:
    along, up = TURNS[turn]
    return (*along, *up, *corner(rect, turn))


def _below(rect: Rect, turn: int, high: float) -> Rect:
    """The part of the page that a text of this height takes, from the rectangle's upper edge as read."""
    (x, y), (along, up) = corner(rect, turn), TURNS[turn]
    wide = _width(rect, turn)
    return box((x, y, x + along[0] * wide - up[0] * high, y + along[1] * wide - up[1] * high))
