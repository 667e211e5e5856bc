"""Intake's steps over some bytes, in this process and in a folder of their own: quick, and without a child's limits."""

import gzip
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from server.evidence import examination
from server.evidence.layout import GLYPHS, PAGES, SERVED
from server.evidence.verdicts import Refused
from tests.evidence.corpus import Line, quads


@dataclass(frozen=True, slots=True)
class Examined:
    folder: Path
    steps: tuple[int, ...]
    pages: int
    warnings: frozenset[str]

    @property
    def served(self) -> Path:
        return self.folder / SERVED

    @property
    def table(self) -> list[dict[str, Any]]:
        return json.loads((self.folder / PAGES).read_text("utf-8"))

    def lines(self, page: int = 0) -> list[Line]:
        start, size = self.table[page]["glyphs"]
        content = (self.folder / GLYPHS).read_bytes()[start : start + size]
        return [
            Line(each["text"], each["vertical"], quads(each)) for each in json.loads(gzip.decompress(content))["lines"]
        ]


def examine(folder: Path, content: bytes, seconds: float = 600.0) -> Examined:
    """Raises Refused."""
    original = folder / "original"
    original.write_bytes(content)
    work = folder / "work"
    work.mkdir()
    steps: list[int] = []
    request = {"original": str(original), "folder": str(work), "seconds": seconds}
    result = examination.work(request, lambda report: steps.append(report["step"]))
    while result["next"] < len(json.loads((work / PAGES).read_text("utf-8"))):
        result |= examination.work(
            {"folder": str(work), "seconds": seconds, "page": result["next"]}, lambda _report: None
        )
    assert original.read_bytes() == content
    return Examined(work, tuple(steps), result["pages"], frozenset(result["warnings"]))


def refusal(folder: Path, content: bytes) -> str:
    """The code, or empty when it is taken in."""
    try:
        examine(folder, content)
    except Refused as refused:
        return refused.code
    return ""
