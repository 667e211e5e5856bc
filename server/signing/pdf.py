"""The frozen record as PDF/A-3b: same content and facts, same bytes. Typesetting runs in a limited child process.

Characters that the typeface lacks are printed as their code point and listed, never lost: a rare name blocks nothing.
"""

from __future__ import annotations

import contextlib
import json
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from server.fonts import code_points, fonts
from server.hearing import times
from server.hearing.state import ROLE_WORDS, Role

TIME_LIMIT = 60.0  # seconds; 3,000 turns take about 3
LARGEST = 64 * 1024 * 1024  # bytes of a PDF that is taken back
TYPESETTER = Path(__file__).with_name("typesetting.py")
TEMPLATE = Path(__file__).with_name("transcript.typ")

Json = Mapping[str, Any]


class PdfFailed(RuntimeError):
    """The record could not be typeset; the text is for the server's log."""

    code = "pdf_failed"


@dataclass(frozen=True, slots=True)
class PrintFacts:
    """What is printed beside the content. `at_ms`: when signing was started, the PDF's only time."""

    court: str
    title: str
    version: int
    at_ms: int
    content_sha256: str


def render(content: Json, facts: PrintFacts) -> tuple[bytes, list[dict[str, Any]]]:
    """The PDF and what no font has: [{turn, code_point}], turn empty for the names and numbers above the text.

    Blocks while typesetting (call it on a thread). Raises PdfFailed, FontsMissing.
    """
    known = code_points(fonts().regular) & code_points(fonts().bold)
    record, missing = printable(_record(content, facts), known)
    return typeset(TEMPLATE, record, facts.at_ms), missing


def _record(content: Json, facts: PrintFacts) -> dict[str, Any]:
    names = {each["id"]: each["name"] for each in content["people"]}
    people = "；".join(f"{ROLE_WORDS[Role(each['role'])]} {each['name']}" for each in content["people"])
    return {
        "court": facts.court,
        "heading": "庭审笔录",
        "case": content["case"],
        "edition": f"第 {facts.version} 版",
        "digest": short(facts.content_sha256),
        "facts": [
            ["案　　号", content["case"]],
            ["案　　由", facts.title],
            ["定稿时间", times.words(facts.at_ms)],
            ["参加人员", people],
        ],
        "turns": [_turn(block, names) for block in content["blocks"]],
        "remarks": [
            "左侧为记录时刻（东八区）；虚点下划线为书记员标注的存疑处；〔U+…〕为字库所缺字的码位，笔录正文保留原字。",
            f"本文本摘要（content_sha256）：{facts.content_sha256}",
        ],
    }


def _turn(block: Json, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": block["id"],
        "kind": block["kind"] if block["kind"] in ("heading", "procedure", "note") else "speech",
        "speaker": block["role"] or names.get(block["speaker"], ""),
        "at": clock(block["at"]),
        "runs": block["runs"],
    }


def clock(at: str) -> str:
    """Hour, minute and second at +08:00 of an RFC 3339 moment; empty for what is none."""
    try:
        return times.court(times.milliseconds(at))[11:19]
    except (ValueError, OverflowError):
        return ""


def short(sha256: str) -> str:
    """The first 16 hexadecimal digits in groups of four, as people compare them."""
    return " ".join(sha256[place : place + 4] for place in range(0, 16, 4))


# --- characters without a glyph ---


def printable(record: dict[str, Any], known: frozenset[int]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The record with every unknown character written as 〔U+…〕, and where each was: once a turn and character."""
    missing: dict[tuple[str, int], None] = {}

    def shown(value: Any, turn: str) -> Any:
        if isinstance(value, str):
            missing.update(dict.fromkeys((turn, ord(each)) for each in value if ord(each) not in known))
            return "".join(each if ord(each) in known else f"〔U+{ord(each):04X}〕" for each in value)
        if isinstance(value, dict):
            return {name: shown(each, str(value.get("id", turn))) for name, each in value.items()}
        return [shown(each, turn) for each in value] if isinstance(value, list) else value

    return shown(record, ""), [{"turn": turn, "code_point": number} for turn, number in missing]


# --- the child process ---


def typeset(template: Path, record: Json, at_ms: int) -> bytes:
    """A template and its record as PDF/A-3b dated `at_ms`. Raises PdfFailed, FontsMissing."""
    files = fonts()
    root = Path(tempfile.gettempdir(), f"yunting-{secrets.token_hex(16)}")
    order = {
        "template": template.read_text(encoding="utf-8"),
        "record": record,
        "fonts": [str(files.regular.parent), str(files.bold.parent)],
        "root": str(root),
        "at": at_ms // 1000,
    }
    try:
        return _checked(_run(json.dumps(order).encode(), root.parent))
    finally:  # the child makes and removes it, so that nothing stays when a server is killed; here when the child is
        with contextlib.suppress(FileNotFoundError):
            root.rmdir()


def _run(order: bytes, folder: Path) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-I", str(TYPESETTER)]
    try:
        return subprocess.run(command, input=order, capture_output=True, timeout=TIME_LIMIT, env={}, cwd=folder)
    except subprocess.TimeoutExpired:
        raise PdfFailed(f"typesetting took more than {TIME_LIMIT:g} s") from None


def _checked(done: subprocess.CompletedProcess[bytes]) -> bytes:
    if done.returncode != 0:
        last = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
        raise PdfFailed(f"typesetting ended with {done.returncode}: {' '.join(last)}")
    if not done.stdout.startswith(b"%PDF-") or len(done.stdout) > LARGEST:
        raise PdfFailed("typesetting gave no PDF")
    return done.stdout
