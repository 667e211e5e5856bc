"""Checks of the recording: rounds of the log make sense, and the segments that somebody holds are those that the log
names. Opens no segment: whoever calls gives their digests.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from .verify_case import Case, Entry, Json
from .verify_findings import Finding, Findings, guarded, wrong

SEALED, GAP, CLIP = "SegmentsSealed", "RecordingGap", "ClipExported"
NAMED_BY = 16  # hexadecimal digits of its digest in a clip's name


def rounds(case: Case) -> Findings:
    """Each round and each file stand in the log once, in order of time; gaps end after they begin."""
    numbers: dict[int, int] = {}
    names: dict[str, int] = {}
    for entry in case.of_kind(SEALED):
        yield from guarded(f"entry {entry.seq}", _round, entry, numbers, names)
    for entry in case.of_kind(GAP, CLIP):
        yield from guarded(f"entry {entry.seq}", _span, entry)


def _round(entry: Entry, numbers: dict[int, int], names: dict[str, int]) -> Findings:
    payload, seq = entry.told(), entry.seq
    yield from _span(entry)
    before = numbers.setdefault(payload["round"], seq)
    if before != seq:
        zh, en = "第 {seq} 条与第 {before} 条是同一轮录制", "entries {seq} and {before} are the same round"
        yield wrong(zh, en, seq=seq, before=before)
    for file in payload.get("files", ()):
        before = names.setdefault(file["name"], seq)
        if before != seq:
            zh, en = "{name} 在第 {before} 条和第 {seq} 条都出现", "{name} is in entry {before} and in entry {seq}"
            yield wrong(zh, en, name=file["name"], before=before, seq=seq)


def _span(entry: Entry) -> Findings:
    payload = entry.told()
    if payload.get("to_ms", payload["from_ms"]) < payload["from_ms"]:
        yield wrong("第 {seq} 条的时段倒置", "the span of entry {seq} ends before it begins", seq=entry.seq)


def segments(case: Case, held: Mapping[str, str]) -> Findings:
    """`held`: SHA-256 (hex) of each file by its name: all segments that the log names, with their digests, any of its
    clips, whatever they are called by now, and no other."""
    named: dict[str, int] = {}
    clips: dict[str, int] = {}
    for entry in case.of_kind(SEALED):
        yield from guarded(f"entry {entry.seq}", _files, entry, held, named)
    for entry in case.of_kind(CLIP):
        yield from guarded(f"entry {entry.seq}", _clip, entry, clips)
    if not any(entry.payload is None for entry in case.of_kind(SEALED, CLIP)):
        for name in sorted(held.keys() - named.keys()):
            if held[name] not in clips:
                yield _unknown(name, clips)


def _clip(entry: Entry, clips: dict[str, int]) -> Findings:
    clips[entry.told()["sha256"]] = entry.seq
    yield from ()


def _unknown(name: str, clips: Mapping[str, int]) -> Finding:
    """A clip is named by its digest: one that was changed still says of which entry it was."""
    for digest, seq in clips.items():
        if digest[:NAMED_BY] in name:
            zh, en = "{name} 被改动：不是第 {seq} 条所记的片段", "{name} was changed: it is not the clip of entry {seq}"
            return wrong(zh, en, name=name, seq=seq)
    return wrong("日志中没有 {name}", "the log names no {name}", name=name)


def _files(entry: Entry, held: Mapping[str, str], named: dict[str, int]) -> Findings:
    for file in _listed(entry):
        name = file["name"]
        named[name] = entry.seq
        if name not in held:
            zh, en = "缺少第 {seq} 条所记的 {name}", "{name}, which entry {seq} names, is not there"
            yield wrong(zh, en, seq=entry.seq, name=name)
        elif held[name] != file["sha256"]:
            zh, en = "{name} 被改动：不是第 {seq} 条所记的文件", "{name} was changed: it is not the file of entry {seq}"
            yield wrong(zh, en, seq=entry.seq, name=name)


def _listed(entry: Entry) -> Iterator[Json]:
    yield from entry.told().get("files", ())
