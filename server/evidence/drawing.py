"""How a mark looks on paper: entry -> drawing operators and bounds, in unrotated PDF user space. Writes no PDF."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from crdt_docs.annotations import Annotation, Point, Quad

Rect = tuple[float, float, float, float]
Colour = tuple[float, float, float]

FARTHEST = 100_000.0  # units from the origin; readers lose precision or refuse beyond it
NOTE_SIDE = 18.0  # points on paper, whatever the page's unit
COLOUR = "#1d3f6e"  # this, the width and the opacity are what the page shows where an entry names none
OPACITY = {"highlight": 0.4}
WIDTH = 1.0
THINNEST, THICKEST = 0.25, 24.0
THICKNESS = 0.07  # of a line of text: how thick it is underlined or struck out
ARROW_ANGLE = math.radians(28)
KAPPA = 0.5522847498  # control points of a quarter of a circle
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
TURNS: dict[int, tuple[Point, Point]] = {  # /Rotate -> where a reader of the turned page goes: along a line, up
    0: ((1, 0), (0, 1)),
    90: ((0, 1), (-1, 0)),
    180: ((-1, 0), (0, -1)),
    270: ((0, -1), (1, 0)),
}


@dataclass(frozen=True, slots=True)
class Pen:
    """Colour 0–1, width in units, opacity 0–1."""

    colour: Colour
    width: float
    opacity: float

    @property
    def stroke(self) -> str:
        return f"{numbers(self.colour)} RG {number(self.width)} w 1 J 1 j"

    @property
    def fill(self) -> str:
        return f"{numbers(self.colour)} rg"


@dataclass(frozen=True, slots=True)
class Drawing:
    """Operators of an appearance stream and the rectangle that holds all they draw."""

    content: str
    bounds: Rect


def pen(entry: Annotation) -> Pen:
    style = entry.style or {}
    named = str(style.get("color", ""))
    hexed = named if _COLOUR.fullmatch(named) else COLOUR
    red, green, blue = (int(hexed[at : at + 2], 16) / 255 for at in (1, 3, 5))
    opacity = float(style.get("opacity", OPACITY.get(entry.kind, 1.0)))
    width = float(style.get("width", WIDTH))
    return Pen((red, green, blue), _within(width, THINNEST, THICKEST), _within(opacity, 0.05, 1.0))


def _within(value: float, low: float, high: float) -> float:
    return min(max(value, low), high)


def number(value: float) -> str:
    """As PDF writes numbers: never with an exponent, no negative zero."""
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def numbers(values: Iterable[float]) -> str:
    return " ".join(map(number, values))


def bounds_of(points: Iterable[Point], margin: float = 0.0) -> Rect:
    xs, ys = zip(*points, strict=True)
    return (min(xs) - margin, min(ys) - margin, max(xs) + margin, max(ys) + margin)


def box(rect: Sequence[float]) -> Rect:
    """The same rectangle with its lower left corner first."""
    return bounds_of([(rect[0], rect[1]), (rect[2], rect[3])])


def joined(rects: Iterable[Rect]) -> Rect:
    listed = list(rects)
    return bounds_of([point for x0, y0, x1, y1 in listed for point in ((x0, y0), (x1, y1))])


def points_of(entry: Annotation) -> list[Point]:
    """Every point of its geometry."""
    rect = [(entry.rect[0], entry.rect[1]), (entry.rect[2], entry.rect[3])] if entry.rect else []
    return [*rect, *(p for quad in entry.corners for p in quad), *(p for stroke in entry.strokes for p in stroke)]


def is_drawable(entry: Annotation) -> bool:
    """It has the geometry of its kind, and all of it lies where readers can draw."""
    has = {"quads": entry.corners, "rect": entry.rect, "ends": ends(entry), "paths": any(entry.strokes)}
    near = all(abs(x) <= FARTHEST and abs(y) <= FARTHEST for x, y in points_of(entry))
    return near and bool(has.get(_GEOMETRY.get(entry.kind, ""), False))


_GEOMETRY = {
    "highlight": "quads",
    "underline": "quads",
    "strikeout": "quads",
    "square": "rect",
    "ellipse": "rect",
    "line": "ends",
    "arrow": "ends",
    "ink": "paths",
    "freetext": "rect",
    "note": "rect",
    "stamp": "rect",
}


def ends(entry: Annotation) -> tuple[Point, Point] | None:
    """Where a line begins and ends: its path's ends, else two corners of its rectangle."""
    line = [point for stroke in entry.strokes for point in stroke]
    if len(line) > 1:
        return line[0], line[-1]
    return ((entry.rect[0], entry.rect[1]), (entry.rect[2], entry.rect[3])) if entry.rect else None


def _polyline(points: Sequence[Point]) -> str:
    first, *rest = points
    return " ".join([f"{numbers(first)} m", *(f"{numbers(point)} l" for point in rest or [first])])


def _between(one: Point, other: Point, share: float) -> Point:
    return one[0] + (other[0] - one[0]) * share, one[1] + (other[1] - one[1]) * share


def highlight(entry: Annotation, pen: Pen) -> Drawing:
    """Each quad filled as it lies: skewed and vertical text keeps its shape."""
    shapes = [_polyline((left, right, low_right, low)) + " h f" for left, right, low, low_right in entry.corners]
    return Drawing("\n".join([pen.fill, *shapes]), bounds_of(points_of(entry)))


def _ruled(entry: Annotation, pen: Pen, height: float) -> Drawing:
    """A line along each quad, `height` of the way from its lower edge to its upper one."""
    drawn: list[str] = [f"{numbers(pen.colour)} RG"]
    for quad in entry.corners:
        left, right = _between(quad[2], quad[0], height), _between(quad[3], quad[1], height)
        drawn.append(f"{number(math.dist(quad[2], quad[0]) * THICKNESS)} w {_polyline((left, right))} S")
    return Drawing("\n".join(drawn), bounds_of(points_of(entry)))


def underline(entry: Annotation, pen: Pen) -> Drawing:
    return _ruled(entry, pen, 0.04)


def strikeout(entry: Annotation, pen: Pen) -> Drawing:
    return _ruled(entry, pen, 0.45)


def square(entry: Annotation, pen: Pen) -> Drawing:
    x0, y0, x1, y1 = box(entry.rect or ())
    content = f"{pen.stroke} {numbers((x0, y0, x1 - x0, y1 - y0))} re S"
    return Drawing(content, bounds_of([(x0, y0), (x1, y1)], pen.width / 2))


def ellipse(entry: Annotation, pen: Pen) -> Drawing:
    x0, y0, x1, y1 = box(entry.rect or ())
    across, up, mid_x, mid_y = (x1 - x0) / 2 * KAPPA, (y1 - y0) / 2 * KAPPA, (x0 + x1) / 2, (y0 + y1) / 2
    curves = [
        (x1, mid_y + up, mid_x + across, y1, mid_x, y1),
        (mid_x - across, y1, x0, mid_y + up, x0, mid_y),
        (x0, mid_y - up, mid_x - across, y0, mid_x, y0),
        (mid_x + across, y0, x1, mid_y - up, x1, mid_y),
    ]
    content = " ".join([pen.stroke, f"{numbers((x1, mid_y))} m", *(f"{numbers(curve)} c" for curve in curves), "h S"])
    return Drawing(content, bounds_of([(x0, y0), (x1, y1)], pen.width / 2))


def line(entry: Annotation, pen: Pen) -> Drawing:
    points = ends(entry) or ()
    return Drawing(f"{pen.stroke} {_polyline(points)} S", bounds_of(points, pen.width))


def arrow(entry: Annotation, pen: Pen) -> Drawing:
    """A line with an open head at its end."""
    start, tip = ends(entry) or ((0.0, 0.0), (0.0, 0.0))
    back = math.atan2(start[1] - tip[1], start[0] - tip[0])
    size = 6 + 4 * pen.width
    barbs = [
        (tip[0] + size * math.cos(back + turn), tip[1] + size * math.sin(back + turn))
        for turn in (ARROW_ANGLE, -ARROW_ANGLE)
    ]
    content = f"{pen.stroke} {_polyline((start, tip))} S {_polyline((barbs[0], tip, barbs[1]))} S"
    return Drawing(content, bounds_of([start, tip, *barbs], pen.width))


def ink(entry: Annotation, pen: Pen) -> Drawing:
    """Strokes with round ends; a stroke of one point is a dot."""
    strokes = [_polyline(stroke) + " S" for stroke in entry.strokes if stroke]
    return Drawing("\n".join([pen.stroke, *strokes]), bounds_of(points_of(entry), pen.width))


def note(entry: Annotation, pen: Pen, unit: float) -> Drawing:
    x0, y0, x1, y1 = box(entry.rect or ())
    return sheet(((x0 + x1) / 2, (y0 + y1) / 2), NOTE_SIDE / unit, pen)


def sheet(middle: Point, side: float, pen: Pen) -> Drawing:
    """A note's sign. It looks alike from all four sides: some readers turn it with the page, others do not."""
    placed = numbers((side / NOTE_SIDE, 0, 0, side / NOTE_SIDE, *middle))
    dots = " ".join(f"{x} {y} m {x} {y} l" for x in (-3, 3) for y in (-3, 3))
    content = f"{placed} cm {pen.fill} 1 G 1 w -8 -8 16 16 re B 2.5 w 1 J {dots} S"
    return Drawing(content, bounds_of([middle], side / 2))


Draw = Callable[[Annotation, Pen], Drawing]
SHAPES: dict[str, Draw] = {
    "highlight": highlight,
    "underline": underline,
    "strikeout": strikeout,
    "square": square,
    "ellipse": ellipse,
    "line": line,
    "arrow": arrow,
    "ink": ink,
}


def flat(quads: Iterable[Quad]) -> list[float]:
    """As /QuadPoints holds them: UL UR LL LR, one after the other."""
    return [value for quad in quads for point in quad for value in point]
