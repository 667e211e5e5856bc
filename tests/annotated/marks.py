"""Annotations and PDFs that tests export; the corpus and where its words truly are."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf

from crdt_docs.annotations import Annotation, from_json
from server.evidence.annotating import Told, Written, annotate
from server.fonts import fonts

OPEN = Path(__file__).resolve().parents[1] / "fixtures" / "pdf" / "open"
NAMES = {"anna": "张三", "bert": "李四（被告代理人）"}
AT = "2026-03-02T10:00:{:02}+08:00"
YELLOW = {"color": "#ffff00", "opacity": 1}


def key(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012x}"


def entry(number: int, kind: str, author: str = "anna", **more: Any) -> Annotation:
    values = {"id": key(number), "author": author, "created": AT.format(number), "kind": kind, **more}
    return from_json(values)


@cache
def cases() -> list[dict[str, Any]]:
    return json.loads((OPEN / "cases.json").read_text("utf-8"))["cases"]


def with_words() -> list[dict[str, Any]]:
    """Files that are accepted and hold a phrase whose place is known."""
    return [case for case in cases() if case["expect"] != "refuse" and "text" in case]


def quad_of(case: dict[str, Any]) -> list[float]:
    return [value for point in case["text"]["quad"] for value in point]


def exported(source: Path, folder: Path, *entries: Annotation) -> Path:
    target = folder / f"annotated-{source.name}"
    write(source, target, *entries)
    return target


def write(source: Path, target: Path, *entries: Annotation) -> Written:
    return annotate(source, target, entries, Told(NAMES), fonts().regular)


def blank(path: Path, turn: int = 0, unit: float = 1.0) -> None:
    """A page whose origin lies outside of what is seen of it."""
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(400, 500))
        page = pdf.pages[0].obj
        page["/Rotate"], page["/CropBox"] = turn, pikepdf.Array([40, 60, 390, 480])
        if unit != 1:
            page["/UserUnit"] = unit
        pdf.save(path)
