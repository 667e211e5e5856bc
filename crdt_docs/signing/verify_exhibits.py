"""Checks of the exhibits: each original is the file that the log names. Reads no PDF."""

from __future__ import annotations

from .verify_case import Case, Json
from .verify_exhibit_log import known, replayed
from .verify_findings import Findings, guarded, wrong
from .verify_versions import frozen

LIST = "exhibits/exhibits.json"


def exhibits(case: Case) -> Findings:
    """The list holds each exhibit with the digest of its original; every freeze has named these same files, and the
    one that still stands their titles and order."""
    listed: dict[str, Json] = {each["id"]: each for each in case.json(LIST)["exhibits"]}
    for exhibit, facts in sorted(listed.items()):
        if facts.get("sha256"):
            yield from guarded(exhibit, _original, case, exhibit, facts["sha256"])
    held = {name.split("/")[1] for name in case.files if name.endswith("/original")}
    for exhibit in sorted(held - listed.keys()):
        yield wrong("证据 {exhibit} 不在列表中", "exhibit {exhibit} is not in the list", exhibit=exhibit)
    for entry, payload, _ in frozen(case):
        for facts in payload.get("exhibits", ()):
            yield from guarded(f"entry {entry.seq}", _named, listed, facts, entry.seq)
    yield from guarded(LIST, _described, case, listed)
    yield from guarded(LIST, replayed, case, listed)


def _described(case: Case, listed: dict[str, Json]) -> Findings:
    """In a draft a clerk may name and order them anew."""
    versions = list(frozen(case))
    if not versions:
        return
    entry, payload, _ = versions[-1]
    if any(entry.seq < reopened.seq for reopened in case.of_kind("Reopened")):
        return
    named = [facts for facts in payload.get("exhibits", ()) if facts["id"] in listed]
    for facts in named:
        if listed[facts["id"]]["title"] != facts["title"]:
            yield wrong(
                "证据 {exhibit} 的名称与第 {seq} 条冻结时不同",
                "exhibit {exhibit} has another title than at entry {seq}",
                seq=entry.seq,
                exhibit=facts["id"],
            )
    kept = [facts for facts in named if listed[facts["id"]]["number"]]  # one that is refused later gives its number up
    before = [facts["id"] for facts in sorted(kept, key=lambda facts: facts["number"])]
    if before != sorted(before, key=lambda exhibit: listed[exhibit]["number"]):
        yield wrong(
            "证据的次序与第 {seq} 条冻结时不同", "exhibits stand in another order than at entry {seq}", seq=entry.seq
        )


def _original(case: Case, exhibit: str, sha256: str) -> Findings:
    path = f"exhibits/{exhibit}/original"
    if case.sha256(path) != sha256:
        yield wrong("{path} 不是列表所记的文件", "{path} is not the file that the list names", path=path)


def _named(listed: dict[str, Json], facts: Json, seq: int) -> Findings:
    exhibit = facts["id"]
    yield from known(listed, seq, exhibit)
    if exhibit in listed and facts.get("sha256") and listed[exhibit].get("sha256") != facts["sha256"]:
        yield wrong(
            "证据 {exhibit} 不是第 {seq} 条冻结时的文件",
            "exhibit {exhibit} is not the file that it was at entry {seq}",
            seq=seq,
            exhibit=exhibit,
        )
