"""Prints every version of a bundle again from its content: the PDF that was signed must be the same, byte for byte.

`python -m server.signing.reprint hearing.zip`. Needs the typesetter and the typeface that printed it, hence a server of
the same release; asks none, and judges nothing that `yunting verify` judges (verify first).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from crdt_docs.signing import bundle
from server.hearing import times
from server.signing.pdf import PrintFacts, render

Json = dict[str, Any]


class Printed(Enum):
    """What came of one version."""

    SAME = "PDF 由本版内容重新排版，逐字节一致  printed again from its content: the same bytes"
    OTHER = "PDF 与本版内容不符  the PDF is not what its content prints"
    WITHHELD = "文件未提供，无法核对  content, PDF or entries are not in this copy"


@dataclass(frozen=True, slots=True)
class Version:
    """A `Frozen` entry and when the signing that led to it was started, RFC 3339."""

    v: int
    content_sha256: str
    started: str


def versions(archive: bytes) -> dict[int, Printed]:
    """By version. Raises BadBundle, and ValueError or KeyError where a file has another form."""
    files = bundle.read(archive)
    hearing = json.loads(files["hearing.json"])
    return {version.v: _printed(files, hearing, version) for version in _frozen(files)}


def _frozen(files: Mapping[str, bytes]) -> Iterator[Version]:
    entries = [json.loads(line) for line in files["log.jsonl"].splitlines()]
    for entry in entries:
        if entry["header"]["kind"] == "Frozen" and entry["payload"] is not None:
            payload = entry["payload"]
            started = entries[payload["of"] - 1]["header"]["at"]
            yield Version(payload["v"], payload["content_sha256"], started)


def _printed(files: Mapping[str, bytes], hearing: Json, version: Version) -> Printed:
    folder = f"transcript/v{version.v}"
    content, kept = (files.get(f"{folder}/{name}") for name in ("content.json", "transcript.pdf"))
    if content is None or kept is None:
        return Printed.WITHHELD
    at_ms = times.milliseconds(version.started)
    facts = PrintFacts(hearing["court"], hearing["title"], version.v, at_ms, version.content_sha256)
    return Printed.SAME if render(json.loads(content), facts)[0] == kept else Printed.OTHER


def main(path: str) -> int:
    """0: every version is what its content prints, as far as this copy holds them; 1: one is not."""
    found = versions(Path(path).read_bytes())
    for v, printed in found.items():
        print(f"v{v}: {printed.value}")
    return int(Printed.OTHER in found.values())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
