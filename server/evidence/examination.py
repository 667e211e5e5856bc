"""`python -m server.evidence.examination`: intake's eight steps over one file, in a limited child process.

Reads the original, writes the served copy, the page table and the glyph tables into a folder of its own; touches
nothing else. Text of many pages is read in several runs, so that a long document is no attack.
"""

from __future__ import annotations

import gzip
import json
import resource
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pymupdf

from server.evidence import (
    bounds,
    boxes,
    glyphs,
    image_headers,
    inside,
    opening,
    page_table,
    pictures,
    raw_scan,
    served_copy,
)
from server.evidence.boxes import Measures
from server.evidence.inside import Report
from server.evidence.layout import GLYPHS, PAGES, SERVED
from server.evidence.stripping import Stripping

ENOUGH = 0.5  # of the processor time that is allowed: then the rest of the text is left to another run

Json = dict[str, Any]


def work(request: Json, report: Report) -> Json:
    """`{"original", "folder", "seconds"}`, or to go on: `{"folder", "seconds", "page"}`."""
    pymupdf.TOOLS.mupdf_display_errors(False)
    pymupdf.TOOLS.mupdf_display_warnings(False)
    folder = Path(request["folder"])
    if "page" in request:
        return _read_on(folder, request, int(request["page"]))
    warnings: set[str] = set()
    pages = _copy(Path(request["original"]), folder, warnings, report)
    return {"pages": pages, "warnings": sorted(warnings), **_read_on(folder, request, 0)}


def _copy(original: Path, folder: Path, warnings: set[str], report: Report) -> int:
    """Steps 1 to 8; the number of pages."""
    report({"step": 1})
    content = original.read_bytes()
    source = _document(original, content, folder)
    if source is original:
        begins = raw_scan.header_at(content)
        report({"step": 2})
        raw_scan.check_structure(content)
        warnings |= {"structure"} if begins else set()
        warnings |= {"trailing_data"} if raw_scan.has_trailing_data(content) else set()
    del content
    report({"step": 3})
    with opening.opened(source, folder, warnings) as pdf:
        report({"step": 5})
        measures = bounds.check_pages(pdf)
        bounds.check_streams(pdf)
        report({"step": 6})
        labels = page_table.labels(pdf, len(measures))
        _make_harmless(pdf, measures, warnings)
        report({"step": 7})
        served_copy.write(pdf, folder / SERVED)
    served_copy.check(folder / SERVED, len(measures))
    report({"step": 8})
    _probe(folder / SERVED, measures)
    _write_table(folder, [page_table.entry(*each) for each in zip(measures, labels, strict=True)])
    return len(measures)


def _document(original: Path, content: bytes, folder: Path) -> Path:
    kind = image_headers.kind(content)
    if not kind:
        return original
    made = folder / "picture.pdf"
    pictures.as_document(content, kind, made)
    return made


def _make_harmless(pdf: pikepdf.Pdf, measures: list[Measures], warnings: set[str]) -> None:
    if _is_signed(pdf):
        warnings.add("signed")
    stripping = Stripping(pdf)
    stripping.run()
    if stripping.found:
        warnings.add("active_content_removed")
    for page, found in zip(pdf.pages, measures, strict=True):
        boxes.write(page.obj, found)


def _is_signed(pdf: pikepdf.Pdf) -> bool:
    return any(isinstance(each, pikepdf.Dictionary) and "/ByteRange" in each for each in pdf.objects)


def _probe(served: Path, measures: list[Measures]) -> None:
    sizes = [(each.media[2] - each.media[0]) * (each.media[3] - each.media[1]) for each in measures]
    with pymupdf.open(served, filetype="pdf") as document:
        served_copy.probe(document, sizes.index(max(sizes)))


# --- text ---


def _read_on(folder: Path, request: Json, page: int) -> Json:
    """Glyph tables from `page` on, as far as the time reaches: `{"next": the first page left, "text": …}`."""
    rows = json.loads((folder / PAGES).read_text("utf-8"))
    seconds = float(request["seconds"])
    enough, late = seconds * ENOUGH, time.monotonic() + seconds
    with pymupdf.open(folder / SERVED, filetype="pdf") as document, (folder / GLYPHS).open("ab") as out:
        for number, table in _tables(document, rows, page):
            zipped = gzip.compress(json.dumps(table, ensure_ascii=False, separators=(",", ":")).encode(), 6, mtime=0)
            rows[number] |= {"text": any(line["text"].strip() for line in table["lines"])}
            rows[number] |= {"glyphs": [out.tell(), len(zipped)]}
            out.write(zipped)
            page = number + 1
            if _used() > enough or time.monotonic() > late:
                break
    _write_table(folder, rows)
    return {"next": page, "text": any(row["text"] for row in rows)}


def _tables(document: pymupdf.Document, rows: list[Json], page: int) -> Iterator[tuple[int, Json]]:
    for number in range(page, len(rows)):
        row = rows[number]
        measures = Measures(tuple(row["media"]), tuple(row["crop"]), row["rotate"], row["user_unit"])
        yield number, glyphs.table(number, _lines(document, number, measures))


def _lines(document: pymupdf.Document, number: int, measures: Measures) -> list[glyphs.Line]:
    try:
        return glyphs.lines_of(document[number], measures)
    except RuntimeError:  # of the library, over one page's content: the page is shown, its words cannot be selected
        return []


def _write_table(folder: Path, rows: list[Json]) -> None:
    (folder / PAGES).write_text(json.dumps(rows, ensure_ascii=False), "utf-8")


def _used() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    inside.serve(work)
