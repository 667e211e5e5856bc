"""`python -m server.evidence.annotated_copy`: one served copy with its annotations, written in a limited child process.

Reads the served copy and the merged update of the annotations, writes one new file; touches nothing else.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pikepdf

from crdt_docs.annotations import BadAnnotation, entries
from crdt_docs.document import Document, DocumentBroken
from server.evidence import inside
from server.evidence.annotating import FontMissing, Told, annotate
from server.evidence.copy_verdicts import FAILED, NO_FONT
from server.evidence.inside import Report

Json = dict[str, Any]


def work(request: Json, report: Report) -> Json:
    """`{"source", "update", "received", "target": paths, "names": person id -> name, "font": path or null,
    "seconds"}` -> `{"count", "left_out"}` or `{"code"}`.
    """
    document = Document("annotations")
    font = request["font"] and Path(request["font"])
    try:
        document.apply(Path(request["update"]).read_bytes())
        found = entries(document.doc)
        told = Told(request["names"], json.loads(Path(request["received"]).read_text("utf-8")))
        done = annotate(Path(request["source"]), Path(request["target"]), found, told, font)
    except FontMissing:
        return {"code": NO_FONT}
    except (BadAnnotation, DocumentBroken, pikepdf.PdfError, OSError):
        return {"code": FAILED}
    return {"count": done.count, "left_out": len(done.left_out)}


if __name__ == "__main__":
    inside.serve(work)
