"""Checks of receipts that signers kept: their entry still stands in this log, which goes on from the one they saw and
had bound the keys that they name.

A log from which the last entries were dropped is whole in itself; only what somebody else has kept shows the loss.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import checkpoint, merkle
from .receipt import verify_receipt
from .verify_case import Case
from .verify_findings import Findings, wrong
from .verify_log import leaf_hashes


def receipt(case: Case, name: str, kept: Mapping[str, Any]) -> Findings:
    """`name`: of the receipt's file, for the sentences."""
    entry = kept["entry"]
    seq, person = entry["header"]["seq"], entry["payload"]["person"]
    keys = {each.payload["fingerprint"]: each.payload["jwk"] for each in case.of_kind("KeyBound") if each.payload}
    (keyid,) = (signature["keyid"] for signature in kept["envelope"]["signatures"])
    for hidden in case.of_kind("KeyBound") if keyid not in keys else ():
        hidden.told()
    if keyid not in keys:
        yield wrong(
            "{name}：包内没有 {person} 的公钥",
            "{name}: the key of {person} is not in the bundle",
            name=name,
            person=person,
        )
        return
    verify_receipt(kept, case.court_key, keys[keyid])
    yield from _still_there(case, name, kept, seq, person)
    head = checkpoint.open_checkpoint(kept["checkpoint"], case.court_key, checkpoint.origin(case.id))
    yield from _names_the_keys(case, name, kept, head.size)
    hashes = leaf_hashes(case)
    if head.size > len(hashes):
        yield wrong(
            "{name} 证明日志曾有 {size} 条，包内只有 {count} 条：末尾的条目被删去",
            "{name} proves that the log had {size} entries, while the bundle has {count}: the last were dropped",
            name=name,
            size=head.size,
            count=len(hashes),
        )
    elif merkle.root(hashes[: head.size]) != head.root:
        yield wrong(
            "{name} 所证的日志（{size} 条）与包内日志不同：历史被改写",
            "{name} proves another log of {size} entries than the bundle's: it was rewritten",
            name=name,
            size=head.size,
        )


def _names_the_keys(case: Case, name: str, kept: Mapping[str, Any], size: int) -> Findings:
    """Its keys are those that the first `size` entries bound; of a withheld one the header still says whose it is."""
    named = [(each["person"], each["fingerprint"]) for each in kept["keys"]]
    bound = [entry for entry in case.of_kind("KeyBound") if entry.seq <= size]
    for entry in sorted(bound, key=lambda each: each.payload is None):
        said = entry.payload and (entry.payload["person"], entry.payload["fingerprint"])
        found = next((each for each in named if each == said or (said is None and each[0] == entry.actor)), None)
        if found is not None:
            named.remove(found)
            continue
        yield wrong(
            "{name} 没有列出日志第 {seq} 条登记的 {person} 的公钥",
            "{name} does not name the key of {person} that entry {seq} of the log bound",
            name=name,
            seq=entry.seq,
            person=entry.actor,
        )
    for person, _ in named:
        yield wrong(
            "{name} 列出了日志没有登记的公钥（{person}）",
            "{name} names a key of {person} that the log had not bound",
            name=name,
            person=person,
        )


def _still_there(case: Case, name: str, kept: Mapping[str, Any], seq: int, person: str) -> Findings:
    found = next((entry for entry in case.entries if entry.seq == seq), None)
    if found is None or found.leaf.hex() != kept["entry"]["leaf"]:
        yield wrong(
            "{name} 中 {person} 的签名（第 {seq} 条）不在包内日志中",
            "the signature of {person} that {name} proves (entry {seq}) is not in the bundle's log",
            name=name,
            person=person,
            seq=seq,
        )
