"""`yunting verify`: a bundle checked offline, each check with its result; asks no server and reads no login."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from clients.cli import sentences
from clients.cli.outcomes import Exit, Failure
from clients.cli.output import Output

T = TypeVar("T")
Json = dict[str, Any]


def verify(options: argparse.Namespace, out: Output) -> Exit:
    from crdt_docs.signing import verify as offline

    archive = read(options.file, bytes)
    kept = {str(path): receipt(path) for path in options.receipt}
    held = _recording(options.recording)
    report = offline.verify(archive, court_key=court_key(options.court_key), kept=kept, recording=held)
    out.json(_as_json(report)) if out.as_json else _say(report, out)
    return Exit.OK if report.is_right else Exit.OTHER


def _recording(path: str | None) -> dict[str, str] | None:
    from clients.cli.recording import digests

    return None if path is None else digests(path)


def read(path: str, form: Callable[[bytes], T]) -> T:
    """A file's content in a form; raises Failure (usage) when it cannot be read."""
    try:
        return form(Path(path).read_bytes())
    except OSError as error:
        words = sentences.FILE_UNREADABLE.fill(path=path, why=error.strerror or error)
        raise Failure(Exit.USAGE, "file_unreadable", words) from error
    except ValueError as error:
        words = sentences.FILE_UNREADABLE.fill(path=path, why=error)
        raise Failure(Exit.USAGE, "file_unreadable", words) from error


def receipt(path: str) -> Json:
    from crdt_docs.signing.strict_json import loads

    found = read(path, loads)
    if not isinstance(found, dict):
        raise Failure(Exit.USAGE, "file_unreadable", sentences.FILE_UNREADABLE.fill(path=path, why="JSON"))
    return found


def court_key(given: str | None) -> str | None:
    """The key itself, or the file in which it stands; raises Failure (usage) for what is no key."""
    from crdt_docs.signing.checkpoint import read_vkey

    if given is None:
        return None
    text = read(given, bytes.decode).strip() if Path(given).is_file() else given.strip()
    try:
        read_vkey(text)
    except ValueError as error:
        raise Failure(Exit.USAGE, "bad_court_key", sentences.BAD_COURT_KEY.fill(why=error)) from error
    return text


def _as_json(report: Any) -> Json:
    return {
        "hearing": report.hearing,
        "ok": report.is_right,
        "checks": [
            {
                "code": result.code,
                "status": result.status,
                "name_zh": result.name_zh,
                "name_en": result.name_en,
                "findings": [{"weight": each.weight, "zh": each.zh, "en": each.en} for each in result.findings],
            }
            for result in report.results
        ],
    }


def _say(report: Any, out: Output) -> None:
    english = out.lang == "en"
    for result in report.results:
        word = sentences.named(sentences.CHECKS, result.status, out.lang)
        out.line(f"{_SIGNS[result.status]} {word}  {result.name_en if english else result.name_zh} [{result.code}]")
        _findings(result.findings, english, out)
    out.say(*_end(report.results), count=len(report.failed) or _missing(report.results))


def _findings(findings: Sequence[Any], english: bool, out: Output) -> None:
    for finding in findings[:MOST]:
        out.line(f"    {printable(finding.en if english else finding.zh)}")
    if len(findings) > MOST:
        out.line("    " + sentences.AND_MORE.say(out.lang, count=len(findings) - MOST))


def printable(text: str) -> str:
    """A bundle's words never move a terminal's cursor."""
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text)


def _missing(results: Sequence[Any]) -> int:
    return sum(result.status == "missing" for result in results)


def _end(results: Sequence[Any]) -> tuple[Any]:
    if any(result.status == "failed" for result in results):
        return (sentences.BUNDLE_WRONG,)
    return (sentences.BUNDLE_INCOMPLETE,) if _missing(results) else (sentences.BUNDLE_RIGHT,)


MOST = 20  # findings of one check that are printed; --json has all
_SIGNS = {"ok": "✓", "failed": "✗", "missing": "–"}
