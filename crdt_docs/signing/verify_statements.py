"""Checks of the statements: each signed by the key that the log bound to that person, over the version that was frozen,
at its place in the log. What signing led to is verify_course.py's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from crdt_docs.rfc3339 import parse

from . import merkle
from .envelope import BadEnvelope, keyid_of
from .statement import BadStatement, Statement, open_statement, read_statement, statement_sha256
from .verify_case import Case, Entry, Json
from .verify_findings import Findings, guarded, wrong
from .verify_log import leaf_hashes
from .verify_versions import frozen

CLOCKS_DIFFER = timedelta(minutes=15)  # the server takes 10; its entry is written a little later
SignatureCheck = Callable[[Case, Entry, Json], Findings]


def each(check: SignatureCheck) -> Callable[[Case], Findings]:
    """The check of every signature that the log holds."""

    def checked(case: Case) -> Findings:
        for entry in case.of_kind("Signed"):
            yield from guarded(f"entry {entry.seq} (Signed)", _told, check, case, entry)

    return checked


def _told(check: SignatureCheck, case: Case, entry: Entry) -> Findings:
    return check(case, entry, entry.told())


def signatures(case: Case, entry: Entry, signed: Json) -> Findings:
    """The envelope is signed by a key of the person whose entry it is, and the entry says what the statement says."""
    envelope, person = signed["envelope"], signed["person"]
    owners = {key["fingerprint"]: key for key in _keys(case)}
    key = owners.get(keyid_of(envelope))
    if key is None:
        for hidden in case.of_kind("KeyBound"):
            hidden.told()
    if key is None or key["person"] != person:
        yield wrong(
            "第 {seq} 条：{person} 的签名所用的不是其本人的公钥（公钥属于 {owner}）",
            "entry {seq}: the signature of {person} is by a key that is not theirs (it is that of {owner})",
            seq=entry.seq,
            person=person,
            owner=key["person"] if key else "–",
        )
        return
    try:
        statement = open_statement(envelope, key["jwk"])
    except (BadEnvelope, BadStatement) as error:
        yield wrong(
            "第 {seq} 条：{person} 的签名无效：{why}",
            "entry {seq}: the signature of {person} is not valid: {why}",
            seq=entry.seq,
            person=person,
            why=error,
        )
        return
    yield from _entry_says(entry, signed, statement)


def _keys(case: Case) -> Iterator[Json]:
    return (entry.payload for entry in case.of_kind("KeyBound") if entry.payload is not None)


def _entry_says(entry: Entry, signed: Json, statement: Statement) -> Findings:
    said = {
        "actor": (entry.actor, statement.person.id),
        "person": (signed["person"], statement.person.id),
        "v": (signed["v"], statement.version),
        "statement_sha256": (signed["statement_sha256"], statement_sha256(statement)),
        "handwriting_sha256": (signed.get("handwriting_sha256"), statement.handwriting_sha256),
        "reservation": (signed.get("reservation"), statement.reservation),
    }
    for name, (written, stated) in said.items():
        if written != stated:
            yield wrong(
                "第 {seq} 条的 {name} 不是声明所写（{person}）",
                "{name} of entry {seq} is not what the statement of {person} says",
                seq=entry.seq,
                name=name,
                person=signed["person"],
            )


def statements(case: Case, entry: Entry, signed: Json) -> Findings:
    """Every field of the statement is the hearing's and the frozen version's."""
    statement = read_statement(signed["envelope"])
    version = _version(case, statement.version)
    if version is None:
        yield wrong(
            "第 {seq} 条：{person} 签署的第 {v} 版没有冻结记录",
            "entry {seq}: {person} signed version {v}, which was never frozen",
            seq=entry.seq,
            person=statement.person.id,
            v=statement.version,
        )
        return
    for name, (stated, expected) in _fields(case, statement, version).items():
        if stated != expected:
            yield wrong(
                "第 {seq} 条：{person} 声明的 {name} 与第 {v} 版不符：签名来自别处",
                "entry {seq}: {name} in the statement of {person} is not that of version {v}: it was made for another",
                seq=entry.seq,
                person=statement.person.id,
                name=name,
                v=statement.version,
            )


def _version(case: Case, v: int) -> Json | None:
    return next((payload for _, payload, _ in frozen(case) if payload["v"] == v), None)


def _fields(case: Case, statement: Statement, version: Json) -> dict[str, tuple[Any, Any]]:
    """Name -> (what the statement says, what it must say)."""
    person = statement.person
    people: dict[str, Json] = {each["id"]: each for each in case.hearing["people"]}
    signers: dict[str, Json] = {each["person"]: each for each in version.get("signers", ())}
    known, asked = people.get(person.id, {}), signers.get(person.id, {})
    digests = ("content_sha256", "update_sha256", "state_sha256", "pdf_sha256")
    return {
        "hearing": (statement.hearing, case.id),
        **{name: (getattr(statement.digests, name), version[name]) for name in digests},
        "name": (person.name, known.get("name")),
        "role": (person.role, asked.get("role")),
        "scope": (statement.scope, asked.get("scope")),
        "part_sha256": (statement.part_sha256, asked.get("part_sha256")),
    }


def places(case: Case, entry: Entry, signed: Json) -> Findings:
    """The signer knew an earlier head of this very log, and their key was theirs before they signed."""
    statement = read_statement(signed["envelope"])
    head, person = statement.log_head, statement.person.id
    hashes = leaf_hashes(case)
    version = next((each.seq for each, frozen_as, _ in frozen(case) if frozen_as["v"] == statement.version), 0)
    if not version <= head.size < entry.seq:
        yield wrong(
            "第 {seq} 条：{person} 所见的日志有 {size} 条，不在冻结与其签名之间",
            "entry {seq}: {person} knew {size} entries of the log, which is not between the freeze and the signature",
            seq=entry.seq,
            person=person,
            size=head.size,
        )
    elif merkle.root(hashes[: head.size]).hex() != head.root:
        yield wrong(
            "第 {seq} 条：{person} 所见的日志（{size} 条）不是本日志的开头：历史被改写",
            "entry {seq}: the log of {size} entries that {person} knew is not the beginning of this one",
            seq=entry.seq,
            person=person,
            size=head.size,
        )
    bound = [each.seq for each in case.of_kind("KeyBound") if (each.payload or {}).get("fingerprint") == statement.key]
    for hidden in case.of_kind("KeyBound") if not bound else ():
        hidden.told()
    if not bound or bound[0] > entry.seq:
        yield wrong(
            "第 {seq} 条：{person} 的公钥在签名之前尚未绑定",
            "entry {seq}: the key of {person} was not bound before they signed",
            seq=entry.seq,
            person=person,
        )
    yield from _time(entry, statement)


def _time(entry: Entry, statement: Statement) -> Findings:
    at, stated = parse(entry.header["at"]), parse(statement.time)
    if at is None or stated is None or abs(at - stated) > CLOCKS_DIFFER:
        yield wrong(
            "第 {seq} 条：{person} 声明的时间 {stated} 与日志时间 {at} 相差过大",
            "entry {seq}: {person} states the time {stated}, far from the log's {at}",
            seq=entry.seq,
            person=statement.person.id,
            stated=statement.time,
            at=entry.header["at"],
        )


def statement_files(case: Case) -> Findings:
    """The statements and pictures that lie beside each version are those of the log, and none besides."""
    expected: set[str] = set()
    hidden = any(entry.payload is None for entry in case.of_kind("Signed"))
    for entry in case.of_kind("Signed"):
        if entry.payload is not None:
            folder, person = f"transcript/v{entry.payload['v']}", entry.payload["person"]
            expected |= {f"{folder}/statements/{person}.json", f"{folder}/handwriting/{person}.png"}
            yield from guarded(f"entry {entry.seq} (Signed)", _files, case, entry, entry.payload, folder)
    held = {name for name in case.files if "/statements/" in name or "/handwriting/" in name}
    for name in sorted(held - expected):
        if not hidden:
            yield wrong("{name} 在日志中没有签名记录", "no entry of the log is the signature {name}", name=name)
    for entry in case.of_kind("Signed") if hidden else ():
        entry.told()


def _files(case: Case, entry: Entry, signed: Json, folder: str) -> Findings:
    person = signed["person"]
    path = f"{folder}/statements/{person}.json"
    if case.json(path) != signed["envelope"]:
        yield wrong(
            "{path} 不是第 {seq} 条的签署声明", "{path} is not the statement of entry {seq}", path=path, seq=entry.seq
        )
    picture = f"{folder}/handwriting/{person}.png"
    written = signed.get("handwriting_sha256")
    if written is not None and case.sha256(picture) != written:
        yield wrong("{path} 不是所签的手写签名", "{path} is not the picture that was signed", path=picture)
    if written is None and picture in case.files:
        yield wrong("{path} 未在声明中", "{path} stands in no statement", path=picture)
