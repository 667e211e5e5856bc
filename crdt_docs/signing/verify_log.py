"""Checks of the hearing's log: numbered without holes, each leaf made of its entry, all under the checkpoint."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from . import checkpoint, merkle
from .keys import BadKey, fingerprint
from .log_tree import HEADER_KEYS, HEADER_VERSION, canonical, leaf, payload_digest
from .verify_case import CHECKPOINT, KEYS, Case, Entry
from .verify_findings import Findings, guarded, note, wrong


def order(case: Case) -> Findings:
    """Entries are numbered 1, 2, 3 … and all of this hearing."""
    for place, entry in enumerate(case.entries, 1):
        if entry.seq != place:
            yield wrong(
                "日志第 {place} 行是第 {seq} 条：有缺失或次序不对",
                "line {place} of the log is entry {seq}: one is missing or out of order",
                place=place,
                seq=entry.seq,
            )
            return
        if set(entry.header) != set(HEADER_KEYS) or entry.header["v"] != HEADER_VERSION:
            yield wrong("第 {seq} 条的条目头格式有误", "the header of entry {seq} has another form", seq=entry.seq)
        if entry.header["hearing"] != case.id:
            yield wrong("第 {seq} 条属于另一庭审", "entry {seq} is another hearing's", seq=entry.seq)
    if not case.entries:
        yield wrong("日志是空的", "the log is empty")


def leaves(case: Case) -> Findings:
    """Each leaf follows from its header and its payload, or from the digest of a payload that is withheld."""
    for entry in case.entries:
        yield from guarded(f"entry {entry.seq}", _leaf, entry)
    withheld = sum(entry.payload is None for entry in case.entries)
    if withheld:
        yield note(
            "有 {count} 条的内容未提供，但其摘要可证", "{count} entries are withheld and stay proven", count=withheld
        )


def _leaf(entry: Entry) -> Findings:
    if entry.payload is not None and entry.salt is not None:
        digest = payload_digest(entry.salt, canonical(entry.payload))
    elif entry.payload_digest is None:
        zh = "第 {seq} 条（{kind}）既无内容也无摘要，条目头无从证明"
        yield wrong(zh, "entry {seq} ({kind}) has neither payload nor digest", seq=entry.seq, kind=entry.kind)
        return
    else:
        digest = entry.payload_digest
    if leaf(canonical(entry.header), digest) != entry.leaf:
        yield wrong(
            "第 {seq} 条（{kind}）与其叶值不符：内容被改动",
            "entry {seq} ({kind}) is not what its leaf says: it was changed",
            seq=entry.seq,
            kind=entry.kind,
        )


def root(case: Case) -> Findings:
    """The checkpoint stands over exactly these leaves."""
    stated = stated_head(case)
    if stated.size != len(case.entries):
        yield wrong(
            "检查点有 {size} 条，日志有 {count} 条：条目被删去或添加",
            "the checkpoint counts {size} entries, the log has {count}: some were removed or added",
            size=stated.size,
            count=len(case.entries),
        )
    elif merkle.root(leaf_hashes(case)) != stated.root:
        yield wrong(
            "日志的根值与检查点不符：条目被替换或调换",
            "the log's root is not the checkpoint's: an entry was replaced or moved",
        )


def stated_head(case: Case) -> checkpoint.Checkpoint:
    """What the checkpoint says, whoever has signed it."""
    text = case.file(CHECKPOINT).decode()
    return checkpoint.read_note(text.partition("\n\n")[0] + "\n")


def leaf_hashes(case: Case) -> list[bytes]:
    return [entry.leaf for entry in case.entries]


def checkpoint_signature(case: Case) -> Findings:
    """The court's key has signed the checkpoint, for this hearing."""
    try:
        checkpoint.open_checkpoint(case.file(CHECKPOINT).decode(), case.court_key, checkpoint.origin(case.id))
    except (checkpoint.BadNote, BadKey) as error:
        yield wrong(
            "检查点的法院签名无效：{why}", "the court's signature of the checkpoint is not valid: {why}", why=error
        )


def keys(case: Case) -> Findings:
    """keys.json holds the keys that the log bound to people, no more and no fewer, each under its fingerprint."""
    bound = [entry for entry in case.of_kind("KeyBound") if entry.payload is not None]
    for entry in bound:
        yield from guarded(f"entry {entry.seq} (KeyBound)", _key, entry)
    stated = [_known(key) for key in case.json(KEYS)["keys"]]
    if stated != [_known(entry.told()) for entry in case.of_kind("KeyBound")]:
        yield wrong("keys.json 与日志中绑定的公钥不一致", "keys.json does not hold the keys that the log bound")


def _known(key: dict[str, object]) -> dict[str, object]:
    return {name: key[name] for name in ("person", "fingerprint", "jwk")}


def _key(entry: Entry) -> Findings:
    payload = entry.told()
    if fingerprint(payload["jwk"]) != payload["fingerprint"]:
        yield wrong(
            "第 {seq} 条：{person} 的公钥与其指纹不符",
            "entry {seq}: the key of {person} has another fingerprint",
            seq=entry.seq,
            person=payload["person"],
        )


def roots(hashes: Sequence[bytes], sizes: set[int]) -> Iterator[tuple[int, bytes]]:
    """(size, root) of the log as it was when it had so many entries."""
    return ((size, merkle.root(hashes[:size])) for size in sizes if 0 <= size <= len(hashes))
