"""Refuses what is too much to show: pages, sizes, pictures, streams that swell. Changes nothing."""

from __future__ import annotations

from typing import Any

import pikepdf

from server.evidence import image_headers, limits
from server.evidence.boxes import Measures, measures
from server.evidence.decoding import beginning, size_within
from server.evidence.filters import LATE
from server.evidence.verdicts import Refused

LZW = ("/LZWDecode", "/LZW")


def check_pages(pdf: pikepdf.Pdf) -> list[Measures]:
    """The measures of each page; raises Refused."""
    count = len(pdf.pages)
    if count == 0:
        raise Refused("no_pages")
    if count > limits.PAGES:
        raise Refused("too_many_pages")
    found = [measures(page.obj) for page in pdf.pages]
    if any(_too_large(each) for each in found):
        raise Refused("page_too_large")
    return found


def _too_large(page: Measures) -> bool:
    width, height = page.media[2] - page.media[0], page.media[3] - page.media[1]
    return max(width, height) > limits.PAGE_UNITS or page.user_unit > limits.USER_UNIT


def check_streams(pdf: pikepdf.Pdf) -> None:
    """Every stream of the file, reachable or not; raises Refused."""
    others = 0
    for thing in pdf.objects:
        if isinstance(thing, pikepdf.Stream):
            filters = _filters(thing)
            raw = thing.read_raw_bytes()
            if thing.get("/Subtype") == "/Image":
                _check_picture(thing, raw, filters)
                size_within(raw, filters, limits.DECODED_BYTES)
            else:
                others += size_within(raw, filters, limits.DECODED_BYTES)
                if others > limits.DECODED_BYTES:
                    raise Refused("resource_limit")


def _filters(stream: Any) -> list[str]:
    """Names in the order in which they are undone; LZW of the later kind under a name of its own."""
    names, parameters = _listed(stream.get("/Filter")), _listed(stream.get("/DecodeParms"))
    filters = [str(each) for each in names if isinstance(each, pikepdf.Name)]
    for place, given in enumerate(parameters[: len(filters)]):
        if isinstance(given, pikepdf.Dictionary) and given.get("/EarlyChange") == 0 and filters[place] in LZW:
            filters[place] = LATE
    return filters


def _listed(value: Any) -> list[Any]:
    if isinstance(value, pikepdf.Array):
        return list(value)
    return [] if value is None else [value]


def _check_picture(picture: Any, raw: bytes, filters: list[str]) -> None:
    claimed = _pixels(picture.get("/Width"), picture.get("/Height"))
    read_size = image_headers.OF_FILTER.get(filters[-1]) if filters else None
    own = read_size(beginning(raw, filters[:-1])) if read_size else None
    if max(claimed, _pixels(*own) if own else 0) > limits.IMAGE_PIXELS:
        raise Refused("image_too_large")


def _pixels(width: Any, height: Any) -> int:
    sides = [each for each in (width, height) if isinstance(each, int) and each > 0]
    return sides[0] * sides[1] if len(sides) == 2 else 0
