"""Writes the copy that browsers get, and opens it again to see that it holds what the document held."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pymupdf

from server.evidence.verdicts import Refused

PROBE_PIXELS = 1_000


def write(pdf: pikepdf.Pdf, path: Path) -> None:
    """Linearised, without encryption, so that its first page can be shown before the rest is there."""
    try:
        pdf.save(path, linearize=True, encryption=False, deterministic_id=True)
    except (pikepdf.PdfError, RuntimeError) as error:
        raise Refused("damaged") from error


def check(path: Path, pages: int) -> None:
    """Two libraries find the same pages; raises Refused."""
    try:
        with pikepdf.open(path) as once, pymupdf.open(path, filetype="pdf") as again:
            found = (len(once.pages), again.page_count)
    except (pikepdf.PdfError, pymupdf.FileDataError, RuntimeError) as error:
        raise Refused("damaged") from error
    if found != (pages, pages):
        raise Refused("damaged")


def probe(document: pymupdf.Document, largest: int) -> None:
    """Draws the first and the largest page small; raises Refused when that fails."""
    for number in {0, largest}:
        page = document[number]
        scale = PROBE_PIXELS / max(page.rect.width, page.rect.height, 1.0)
        try:
            page.get_pixmap(matrix=pymupdf.Matrix(min(scale, 1.0), min(scale, 1.0)), alpha=False)
        except RuntimeError as error:
            raise Refused("damaged") from error
