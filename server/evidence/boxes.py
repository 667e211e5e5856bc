"""What a page measures: boxes, rotation and unit as all readers should take them. Draws nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pikepdf

Box = tuple[float, float, float, float]
LETTER: Box = (0.0, 0.0, 612.0, 792.0)  # what readers take where a page says nothing usable
DEPTH = 64  # of the page tree


@dataclass(frozen=True, slots=True)
class Measures:
    """A page in unrotated user space. `crop` lies within `media`."""

    media: Box
    crop: Box
    rotate: int
    user_unit: float


def measures(page: Any) -> Measures:
    """Of a page's dictionary; never raises for what a page says."""
    media = _box(inherited(page, "/MediaBox")) or LETTER
    crop = _within(_box(inherited(page, "/CropBox")) or media, media)
    return Measures(media, crop, _rotation(inherited(page, "/Rotate")), _unit(page.get("/UserUnit")))


def inherited(page: Any, key: str) -> Any:
    """The value of the page or of the nearest node above that has it."""
    return next((node[key] for node in _upwards(page) if key in node), None)


def _upwards(page: Any) -> Iterator[Any]:
    node = page
    for _ in range(DEPTH):
        if not isinstance(node, pikepdf.Dictionary):
            return
        yield node
        node = node.get("/Parent")


def _box(value: Any) -> Box | None:
    if not isinstance(value, pikepdf.Array) or len(value) != 4:
        return None
    corners = [_number(each) for each in value]
    if None in corners:
        return None
    x0, y0, x1, y1 = (each or 0.0 for each in corners)
    box = (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
    return box if box[2] - box[0] > 0 and box[3] - box[1] > 0 else None


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    number = float(value)
    return number if abs(number) < 1e7 else None


def _within(box: Box, outer: Box) -> Box:
    cut = (max(box[0], outer[0]), max(box[1], outer[1]), min(box[2], outer[2]), min(box[3], outer[3]))
    return cut if cut[2] > cut[0] and cut[3] > cut[1] else outer


def _rotation(value: Any) -> int:
    number = _number(value)
    return round((number or 0.0) / 90) * 90 % 360


def _unit(value: Any) -> float:
    number = _number(value)
    return number if number and number > 0 else 1.0


def write(page: Any, found: Measures) -> None:
    """State on the page itself what was found, so that every reader takes it alike."""
    for key, box in (("/MediaBox", found.media), ("/CropBox", found.crop)):
        if _box(page.get(key)) != box:
            page[key] = pikepdf.Array([_plain(each) for each in box])
    if page.get("/Rotate") != found.rotate:
        page["/Rotate"] = found.rotate
    if "/UserUnit" in page and found.user_unit == 1.0:
        del page["/UserUnit"]


def _plain(number: float) -> int | Decimal:
    return int(number) if number == int(number) else Decimal(repr(round(number, 4)))
