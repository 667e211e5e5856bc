"""Replays the signing from the log alone: stage, version, signers; each step must have been possible where it stands.

It is written apart from the server's rules, from the protocol: two readings of one log that must agree. What an entry
signs is verify_statements.py's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from crdt_docs.rfc3339 import parse

from .verify_case import Case, Entry, Json
from .verify_findings import Findings, guarded, lacking, note, wrong

JUDGES = frozenset({"presiding_judge", "judge"})
CLERKS = frozenset({"clerk"})
ANYBODY = frozenset[str]()
DONE = frozenset({"SIGNED", "REFUSED", "UNREACHABLE"})
_WORDS: Mapping[str, tuple[str, str]] = {
    "PENDING": ("待签署", "has not signed"),
    "READING": ("阅读中", "is reading"),
    "SIGNED": ("已签署", "signed"),
    "OBJECTED": ("有异议，未签署", "objected, has not signed"),
    "REFUSED": ("拒绝签名", "refused to sign"),
    "UNREACHABLE": ("无法联系", "could not be reached"),
}
_OUTSIDE: Mapping[str, tuple[str, str]] = {
    "isolated": ("当时处于隔离状态", "was isolated then"),
    "removed": ("此前已被责令退出", "had been removed before"),
}
UNREACHABLE_AFTER = timedelta(days=5)


@dataclass(slots=True)
class Signer:
    """One who is asked to sign the present version. `refusal`: the clerk's entry that no judge has confirmed yet."""

    scope: str
    part: str | None
    state: str = "PENDING"
    refusal: int = 0


def _nobody() -> dict[str, Signer]:
    return {}


@dataclass(slots=True)
class Course:
    """Where the signing stands after the entries replayed so far."""

    roles: Mapping[str, str]
    names: Mapping[str, str]
    stage: str = "DRAFT"
    v: int = 1
    started: int = 0
    frozen_at: str = ""
    signers: dict[str, Signer] = field(default_factory=_nobody)
    before: dict[str, Signer] = field(default_factory=_nobody)
    open_requests: set[int] = field(default_factory=set[int])
    granted: int = 0
    outside: dict[str, str] = field(default_factory=dict[str, str])  # who may do nothing now, and why
    hidden: dict[int, str] = field(default_factory=dict[int, str])  # entries whose payload this copy does not hold

    @property
    def is_done(self) -> bool:
        return bool(self.signers) and all(signer.state in DONE for signer in self.signers.values())


Step = Callable[[Course, Entry, Json], Findings]


def course(case: Case) -> Findings:
    """Every step of the signing was possible when it was taken, and its end is the one that the steps led to."""
    people: list[Json] = case.hearing["people"]
    now = Course({each["id"]: each["role"] for each in people}, {each["id"]: each["name"] for each in people})
    for entry in case.entries:
        if entry.kind not in _STEPS:
            continue
        if entry.payload is None:
            now.hidden[entry.seq] = entry.kind
            if entry.kind in _STAGES:
                break  # what follows cannot be judged without it
            if entry.kind == "Released":
                now.outside = {person: why for person, why in now.outside.items() if why == "removed"}
            continue
        yield from guarded(f"entry {entry.seq} ({entry.kind})", _step, now, entry, entry.payload)
    yield from _end(now)


def _end(now: Course) -> Findings:
    if now.hidden:
        zh, en = "第 {seq} 条起有签署记录未提供", "entries of the signing are withheld, from entry {seq} on"
        yield lacking(zh, en, seq=min(now.hidden))
        return
    if now.stage == "SIGNING" and now.is_done:
        yield wrong("签署已全部完成，日志却没有记录", "all signers are done, and the log does not say so")
    for person, signer in sorted(now.signers.items()):
        zh, en = _WORDS[signer.state]
        who = f"{now.names.get(person, '')} ({person})".strip()
        yield note(f"第 {{v}} 版 {{who}}：{zh}", f"version {{v}}, {{who}}: {en}", v=now.v, who=who)


def _step(now: Course, entry: Entry, payload: Json) -> Findings:
    stages, roles, step = _STEPS[entry.kind]
    if stages and now.stage not in stages:
        yield wrong(
            "第 {seq} 条（{kind}）出现在 {stage} 阶段",
            "entry {seq} ({kind}) stands where the transcript was {stage}",
            seq=entry.seq,
            kind=entry.kind,
            stage=now.stage,
        )
    if roles and now.roles.get(entry.actor) not in roles:
        yield wrong(
            "第 {seq} 条（{kind}）的 {actor} 无此权限",
            "entry {seq} ({kind}): {actor} has no right to do this",
            seq=entry.seq,
            kind=entry.kind,
            actor=entry.actor,
        )
    if "v" in payload and payload["v"] != now.v + (entry.kind == "Reopened"):
        yield wrong(
            "第 {seq} 条（{kind}）说的是第 {said} 版，当时是第 {v} 版",
            "entry {seq} ({kind}) speaks of version {said} while version {v} was the present one",
            seq=entry.seq,
            kind=entry.kind,
            said=payload["v"],
            v=now.v,
        )
    yield from step(now, entry, payload)


def _isolated(now: Course, entry: Entry, payload: Json) -> Findings:
    now.outside.setdefault(payload["person"], "isolated")
    yield from ()


def _released(now: Course, entry: Entry, payload: Json) -> Findings:
    if now.outside.get(payload["person"]) == "isolated":
        del now.outside[payload["person"]]
    yield from ()


def _removed(now: Course, entry: Entry, payload: Json) -> Findings:
    """For the rest of the hearing."""
    now.outside[payload["person"]] = "removed"
    yield from ()


def _started(now: Course, entry: Entry, payload: Json) -> Findings:
    now.stage, now.started = "REVIEW", entry.seq
    yield from ()


def _failed(now: Course, entry: Entry, payload: Json) -> Findings:
    now.stage = "DRAFT"
    yield from ()


def _frozen(now: Course, entry: Entry, payload: Json) -> Findings:
    if payload["of"] != now.started:
        yield wrong(
            "第 {seq} 条冻结依据第 {of} 条，而启动签署的是第 {started} 条",
            "entry {seq} froze for entry {of}, while entry {started} had started the signing",
            seq=entry.seq,
            of=payload["of"],
            started=now.started,
        )
    now.stage, now.frozen_at = "SIGNING", entry.header["at"]
    now.signers = {each["person"]: _asked(now, each) for each in payload.get("signers", ())}


def _asked(now: Course, facts: Json) -> Signer:
    """A part that has not changed since it was signed stays signed."""
    signer = Signer(facts["scope"], facts.get("part_sha256"))
    old = now.before.get(facts["person"])
    if old and old.state == "SIGNED" and signer.scope == old.scope == "part" and signer.part == old.part:
        signer.state = "SIGNED"
    return signer


def _own(now: Course, entry: Entry, payload: Json) -> Findings:
    """What only the signer does, for themselves, and only while they are there."""
    person = payload["person"]
    if entry.actor != person:
        yield wrong(
            "第 {seq} 条（{kind}）：{actor} 代替了 {person}",
            "entry {seq} ({kind}): {actor} acted for {person}",
            seq=entry.seq,
            kind=entry.kind,
            actor=entry.actor,
            person=person,
        )
    if person in now.outside:
        zh, en = _OUTSIDE[now.outside[person]]
        yield wrong(
            f"第 {{seq}} 条（{{kind}}）：{{person}} {zh}",
            f"entry {{seq}} ({{kind}}): {{person}} {en}",
            seq=entry.seq,
            kind=entry.kind,
            person=person,
        )
    if entry.kind != "KeyBound":
        yield from _is_asked(now, entry, person)


def _is_asked(now: Course, entry: Entry, person: str) -> Findings:
    if person not in now.signers:
        yield wrong(
            "第 {seq} 条（{kind}）：{person} 不是第 {v} 版的签署人",
            "entry {seq} ({kind}): {person} is not asked to sign version {v}",
            seq=entry.seq,
            kind=entry.kind,
            person=person,
            v=now.v,
        )


def _signed(now: Course, entry: Entry, payload: Json) -> Findings:
    yield from _own(now, entry, payload)
    signer = now.signers.get(payload["person"])
    if signer and signer.state in DONE:
        yield wrong(
            "第 {seq} 条：{person} 的第 {v} 版签署已完结，又签了一次",
            "entry {seq}: {person} was done with version {v} and signed again",
            seq=entry.seq,
            person=payload["person"],
            v=now.v,
        )
    if signer:
        signer.state, signer.refusal = "SIGNED", 0


def _turned(state: str) -> Step:
    def step(now: Course, entry: Entry, payload: Json) -> Findings:
        yield from _own(now, entry, payload)
        signer = now.signers.get(payload["person"])
        if signer and signer.state not in DONE:
            signer.state = state

    return step


def _requested(now: Course, entry: Entry, payload: Json) -> Findings:
    yield from _own(now, entry, payload)
    now.open_requests.add(entry.seq)


def _decided(now: Course, entry: Entry, payload: Json) -> Findings:
    if payload["of"] not in now.open_requests and now.hidden.get(payload["of"]) != "CorrectionRequested":
        yield wrong(
            "第 {seq} 条裁决的第 {of} 条不是未决的补正申请",
            "entry {seq} decides entry {of}, which is no open request",
            seq=entry.seq,
            of=payload["of"],
        )
    now.open_requests.discard(payload["of"])
    now.granted = payload["of"] if payload["granted"] else 0


def _reopened(now: Course, entry: Entry, payload: Json) -> Findings:
    if payload.get("of", 0) not in (0, now.granted) and "CorrectionDecided" not in now.hidden.values():
        yield wrong(
            "第 {seq} 条依据的补正申请（第 {of} 条）未获准许",
            "entry {seq} reopened for request {of}, which was not granted",
            seq=entry.seq,
            of=payload["of"],
        )
    now.stage, now.v, now.granted = "DRAFT", payload["v"], 0
    now.before, now.signers = now.signers, {}


def _refusal_recorded(now: Course, entry: Entry, payload: Json) -> Findings:
    yield from _is_asked(now, entry, payload["person"])
    if payload["person"] in now.signers:
        now.signers[payload["person"]].refusal = entry.seq


def _refusal_confirmed(now: Course, entry: Entry, payload: Json) -> Findings:
    signer = now.signers.get(payload["person"])
    recorded = signer is not None and signer.refusal == payload["of"]
    hidden = now.hidden.get(payload["of"]) == "RefusalRecorded"
    if not (recorded or hidden) or entry.actor == payload["person"]:
        yield wrong(
            "第 {seq} 条确认的第 {of} 条不是对 {person} 拒签的待确认记录",
            "entry {seq} confirms entry {of}, which is no open record of a refusal of {person} by somebody else",
            seq=entry.seq,
            of=payload["of"],
            person=payload["person"],
        )
    if signer:
        signer.state, signer.refusal = "REFUSED", 0


def _unreachable(now: Course, entry: Entry, payload: Json) -> Findings:
    yield from _is_asked(now, entry, payload["person"])
    frozen, at = parse(now.frozen_at), parse(entry.header["at"])
    if frozen is None or at is None or at - frozen < UNREACHABLE_AFTER:
        yield wrong(
            "第 {seq} 条：{person} 在冻结后不足五日即被记为无法联系",
            "entry {seq}: {person} was noted unreachable less than five days after the freeze",
            seq=entry.seq,
            person=payload["person"],
        )
    if payload["person"] in now.signers:
        now.signers[payload["person"]].state = "UNREACHABLE"


def _settled(now: Course, entry: Entry, payload: Json) -> Findings:
    pending = sorted(person for person, signer in now.signers.items() if signer.state not in DONE)
    if pending and not now.hidden:
        yield wrong(
            "第 {seq} 条称签署完毕，但 {people} 尚未完成",
            "entry {seq} says that all have signed, while {people} had not",
            seq=entry.seq,
            people=", ".join(pending),
        )
    now.stage = "SETTLED"


def _noted(now: Course, entry: Entry, payload: Json) -> Findings:
    """Nothing follows from it here."""
    yield from ()


_STAGES = frozenset({"SigningStarted", "FreezeFailed", "Frozen", "Reopened", "SigningSettled"})
_ANY: frozenset[str] = frozenset()
_OPEN = frozenset({"SIGNING"})
_STEPS: Mapping[str, tuple[frozenset[str], frozenset[str], Step]] = {  # kind: stages, roles of the actor, step
    "Isolated": (_ANY, JUDGES | CLERKS | frozenset({"assessor"}), _isolated),
    "Released": (_ANY, JUDGES | CLERKS, _released),
    "Removed": (_ANY, JUDGES, _removed),
    "SigningStarted": (frozenset({"DRAFT"}), JUDGES, _started),
    "FreezeFailed": (frozenset({"REVIEW"}), ANYBODY, _failed),
    "Frozen": (frozenset({"REVIEW"}), ANYBODY, _frozen),
    "KeyBound": (_ANY, ANYBODY, _own),
    "ReadingStarted": (_OPEN, ANYBODY, _turned("READING")),
    "Signed": (_OPEN, ANYBODY, _signed),
    "Objected": (_OPEN, ANYBODY, _turned("OBJECTED")),
    "CorrectionRequested": (_OPEN, ANYBODY, _requested),
    "CorrectionDecided": (frozenset({"DRAFT", "SIGNING", "SETTLED"}), JUDGES, _decided),
    "Reopened": (frozenset({"SIGNING", "SETTLED"}), JUDGES, _reopened),
    "RefusalRecorded": (_OPEN, CLERKS, _refusal_recorded),
    "RefusalConfirmed": (_OPEN, JUDGES, _refusal_confirmed),
    "Unreachable": (_OPEN, CLERKS, _unreachable),
    "LateEditKept": (_ANY, ANYBODY, _noted),
    "SigningSettled": (_OPEN, ANYBODY, _settled),
}
