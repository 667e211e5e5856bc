"""The table of a document's pages: boxes, rotation, printed label, whether there is text. Writes no file."""

from __future__ import annotations

from typing import Any

import pikepdf

from server.evidence.boxes import Measures

STYLES = {"/D": str, "/R": lambda n: _roman(n).upper(), "/r": lambda n: _roman(n), "/A": lambda n: _letters(n).upper(),
          "/a": lambda n: _letters(n)}  # fmt: skip
NUMERALS = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
            (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
LONGEST_LABEL = 64
LARGEST_NUMERAL = 100_000


def entry(measures: Measures, label: str) -> dict[str, Any]:
    """One page's line; `text` is set when its text has been read."""
    return {
        "media": list(measures.media),
        "crop": list(measures.crop),
        "rotate": measures.rotate,
        "user_unit": measures.user_unit,
        "label": label,
        "text": False,
    }


def labels(pdf: pikepdf.Pdf, count: int) -> list[str]:
    """What is printed on each page as its number, by the document's own table; else its place from 1."""
    ranges = _ranges(pdf)
    if not ranges:
        return [str(number) for number in range(1, count + 1)]
    found: list[str] = []
    start, rule = 0, None
    for page in range(count):
        if page in ranges:
            start, rule = page, ranges[page]
        found.append(_label(rule, page - start) if rule is not None else str(page + 1))
    return found


def _ranges(pdf: pikepdf.Pdf) -> dict[int, Any]:
    tree = pdf.Root.get("/PageLabels")
    if not isinstance(tree, pikepdf.Dictionary):
        return {}
    try:
        return {int(key): value for key, value in pikepdf.NumberTree(tree).items()}
    except (ValueError, TypeError, RuntimeError, pikepdf.PdfError):
        return {}


def _label(rule: Any, offset: int) -> str:
    if not isinstance(rule, pikepdf.Dictionary):
        return ""
    first = rule.get("/St", 1)
    number = (first if isinstance(first, int) and first > 0 else 1) + offset
    prefix = str(rule.get("/P")) if isinstance(rule.get("/P"), pikepdf.String) else ""
    style = STYLES.get(str(rule.get("/S")))
    return (prefix + (style(number) if style else ""))[:LONGEST_LABEL]


def _roman(number: int) -> str:
    if number > LARGEST_NUMERAL:
        return str(number)
    written = ""
    for value, letters in NUMERALS:
        written += letters * (number // value)
        number %= value
    return written


def _letters(number: int) -> str:
    """a … z, aa … zz, aaa …"""
    return chr(ord("a") + (number - 1) % 26) * min(LONGEST_LABEL, (number - 1) // 26 + 1)
