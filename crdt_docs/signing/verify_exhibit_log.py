"""Replays the exhibits from the log alone: what was offered, refused, renamed, moved, withdrawn; and holds the list of
the bundle, and what each freeze named, against it. A log without such entries says nothing, and nothing is asked of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from .verify_case import Case, Entry, Json
from .verify_findings import Finding, Findings, guarded, note, wrong

OFFERED, REFUSED, DESCRIBED, WITHDRAWN = "ExhibitOffered", "ExhibitRefused", "ExhibitDescribed", "ExhibitWithdrawn"
FROZEN = "Frozen"
WORDS: Mapping[str, tuple[str, str]] = {
    "title": ("名称", "title"),
    "purpose": ("证明目的", "purpose"),
    "sha256": ("原件摘要", "digest"),
    "size": ("大小", "size"),
    "name": ("文件名", "file name"),
    "offered_by": ("提交方", "party that offers it"),
    "uploaded_by": ("提交人", "person who handed it in"),
    "number": ("序号", "number"),
    "withdrawn": ("撤回情况", "withdrawal"),
}


@dataclass
class Told:
    """What the log has said up to an entry. `said`: exhibit -> member of the list -> (value, entry that said it);
    `order`: those with a number, in order, while the log says enough to know it."""

    order: list[str] | None
    said: dict[str, dict[str, tuple[object, int]]] = field(default_factory=dict[str, dict[str, tuple[object, int]]])

    def say(self, exhibit: str, seq: int, members: Json) -> None:
        self.said.setdefault(exhibit, {}).update({name: (value, seq) for name, value in members.items()})

    def withdrawn(self, exhibit: str) -> bool:
        return "withdrawn" in self.said.get(exhibit, {})


def replayed(case: Case, listed: Mapping[str, Json]) -> Findings:
    """`listed`: the bundle's list, by id."""
    told = Told(_before(case, listed))
    for entry in case.of_kind(*_STEPS):
        if entry.payload is None:
            told.order = None
        yield from guarded(f"entry {entry.seq}", _STEPS[entry.kind], told, listed, entry)
    for exhibit, members in sorted(told.said.items()):
        if exhibit in listed:
            yield from guarded(exhibit, _as_said, listed[exhibit], members)
    yield from _order(listed, told)
    for exhibit, facts in sorted(listed.items()):
        if facts.get("withdrawn") and not told.withdrawn(exhibit) and told.order is not None:
            yield wrong(
                "列表称证据 {exhibit} 已撤回，日志中没有撤回记录",
                "the list says that exhibit {exhibit} was withdrawn, the log does not",
                exhibit=exhibit,
            )


def _before(case: Case, listed: Mapping[str, Json]) -> list[str] | None:
    """Those that the hearing began with, of which no entry says that they were offered. Nobody knows where one of them
    stood that was moved later, so then no order is asked for."""
    payloads = [(entry.kind, entry.payload) for entry in case.of_kind(OFFERED, REFUSED, DESCRIBED) if entry.payload]
    offered = {payload["exhibit"] for kind, payload in payloads if kind == OFFERED}
    moved = {
        payload["exhibit"]
        for kind, payload in payloads
        if kind == REFUSED or (kind == DESCRIBED and "number" in payload["changed"])
    }
    rest = [exhibit for exhibit, facts in listed.items() if exhibit not in offered and facts["number"]]
    return None if moved - offered else sorted(rest, key=lambda exhibit: listed[exhibit]["number"])


def _offered(told: Told, listed: Mapping[str, Json], entry: Entry) -> Findings:
    payload = entry.told()
    exhibit = payload["exhibit"]
    members: Json = {name: payload.get(name, "") for name in ("title", "purpose", "offered_by", "name")}
    given = {"sha256": payload["sha256"], "size": payload["bytes"], "uploaded_by": entry.actor}
    if exhibit in told.said:
        yield _twice(entry.seq, exhibit, "提交", "handed in")
    yield from known(listed, entry.seq, exhibit)
    told.say(exhibit, entry.seq, {**members, **given})
    if told.order is not None:
        told.order.append(exhibit)
        if payload["number"] != len(told.order):
            yield _differs(exhibit, "number", entry.seq)


def _refused(told: Told, listed: Mapping[str, Json], entry: Entry) -> Findings:
    exhibit = entry.told()["exhibit"]
    yield from known(listed, entry.seq, exhibit)
    told.say(exhibit, entry.seq, {"number": 0})
    if told.order is not None and exhibit in told.order:
        told.order.remove(exhibit)


def _described(told: Told, listed: Mapping[str, Json], entry: Entry) -> Findings:
    payload = entry.told()
    exhibit, changed = payload["exhibit"], dict(payload["changed"])
    yield from known(listed, entry.seq, exhibit)
    if told.withdrawn(exhibit):
        yield wrong(
            "第 {seq} 条修改了已经撤回的证据 {exhibit}",
            "entry {seq} describes exhibit {exhibit}, which had been withdrawn",
            seq=entry.seq,
            exhibit=exhibit,
        )
    place = changed.pop("number", None)
    told.say(exhibit, entry.seq, changed)
    if place is not None and told.order is not None:
        told.order.remove(exhibit)
        told.order.insert(place - 1, exhibit)


def _withdrawn(told: Told, listed: Mapping[str, Json], entry: Entry) -> Findings:
    payload = entry.told()
    exhibit = payload["exhibit"]
    yield from known(listed, entry.seq, exhibit)
    if told.withdrawn(exhibit):
        yield _twice(entry.seq, exhibit, "撤回", "withdrawn")
    facts = {"person": entry.actor, "at": entry.header["at"], "reason": payload["reason"]}
    told.say(exhibit, entry.seq, {"withdrawn": facts})
    yield note(
        "证据 {exhibit}（{title}）已由 {person} 撤回（第 {seq} 条），理由：{reason}",
        "exhibit {exhibit} ({title}) was withdrawn by {person} at entry {seq}: {reason}",
        exhibit=exhibit,
        title=listed.get(exhibit, {}).get("title", ""),
        person=entry.actor,
        seq=entry.seq,
        reason=payload["reason"],
    )


def _frozen(told: Told, _listed: Mapping[str, Json], entry: Entry) -> Findings:
    """A freeze names what the log has said so far."""
    for facts in entry.told().get("exhibits", ()):
        said = told.said.get(facts["id"], {})
        for name in ("title", "sha256"):
            if name in said and facts.get(name, "") != said[name][0]:
                yield _differs(facts["id"], name, said[name][1], entry.seq)
        if told.order is not None and facts.get("withdrawn", False) != told.withdrawn(facts["id"]):
            yield _differs(facts["id"], "withdrawn", said.get("withdrawn", (None, entry.seq))[1], entry.seq)


_STEPS: Mapping[str, Callable[[Told, Mapping[str, Json], Entry], Findings]] = {
    OFFERED: _offered,
    REFUSED: _refused,
    DESCRIBED: _described,
    WITHDRAWN: _withdrawn,
    FROZEN: _frozen,
}


def known(listed: Mapping[str, Json], seq: int, exhibit: str) -> Findings:
    """Whether an exhibit that an entry names is in the list."""
    if exhibit not in listed:
        yield wrong(
            "第 {seq} 条所记的证据 {exhibit} 不在列表中",
            "exhibit {exhibit}, which entry {seq} names, is not in the list",
            seq=seq,
            exhibit=exhibit,
        )


def _as_said(facts: Json, members: Mapping[str, tuple[object, int]]) -> Findings:
    for name, (value, seq) in members.items():
        if facts.get(name) != value:
            yield _differs(facts["id"], name, seq)


def _order(listed: Mapping[str, Json], told: Told) -> Findings:
    if told.said and told.order is not None:
        for number, exhibit in enumerate(told.order, 1):
            if exhibit in listed and listed[exhibit]["number"] != number:
                zh, en = (
                    "证据 {exhibit} 的序号与日志所记的次序不同",
                    "exhibit {exhibit} has another number than in the log",
                )
                yield wrong(zh, en, exhibit=exhibit)


def _differs(exhibit: str, member: str, seq: int, at: int = 0) -> Finding:
    """The list, or the freeze of entry `at`, says otherwise than entry `seq`."""
    zh, en = WORDS[member]
    where = (f"（第 {at} 条冻结时）", f" at the freeze of entry {at}") if at else ("", "")
    return wrong(
        "证据 {exhibit} 的{what}{when}与第 {seq} 条所记不同",
        "the {which} of exhibit {exhibit}{then} is not the one that entry {seq} says",
        exhibit=exhibit,
        what=zh,
        which=en,
        when=where[0],
        then=where[1],
        seq=seq,
    )


def _twice(seq: int, exhibit: str, zh: str, en: str) -> Finding:
    return wrong(
        "第 {seq} 条再次记载{what}证据 {exhibit}",
        "entry {seq} says again that exhibit {exhibit} was {done}",
        seq=seq,
        exhibit=exhibit,
        what=zh,
        done=en,
    )
