"""Checks of the documents' history: each update under the one after it, and all of it under the heads that the log's
entries name.
"""

from __future__ import annotations

from .log_tree import head0
from .verify_case import Case, Chain, Entry
from .verify_findings import Findings, guarded, note, wrong


def chains(case: Case) -> Findings:
    """Updates are numbered without holes and each head follows from the one before."""
    case.chain(f"{case.id}/transcript")
    for chain in case.chains.values():
        yield from guarded(chain.path, _chain, chain)


def _chain(chain: Chain) -> Findings:
    for place, update in enumerate(chain.updates, 1):
        if update.seq != place:
            yield wrong(
                "{path} 第 {place} 行是第 {seq} 个修改：有缺失或次序不对",
                "line {place} of {path} is update {seq}: one is missing or out of order",
                path=chain.path,
                place=place,
                seq=update.seq,
            )
            return
        if update.head.hex() != update.written:
            yield wrong(
                "{path} 第 {place} 行与修改链不符：修改、作者或时间被改动",
                "line {place} of {path} breaks the chain: the update, its writer or its time was changed",
                path=chain.path,
                place=place,
            )
            return


def heads(case: Case) -> Findings:
    """The heads of every entry are heads of these updates, and never go back."""
    reached: dict[str, int] = {}
    for entry in case.entries:
        yield from guarded(f"entry {entry.seq}", _heads, case, entry, reached)
    for document, chain in sorted(case.chains.items()):
        later = len(chain.updates) - reached.get(document, 0)
        if later:
            yield note(
                "{path} 中有 {count} 个修改在最后一条日志之后，只由修改链证明",
                "{count} updates of {path} came after the last entry of the log, which does not prove them",
                path=chain.path,
                count=later,
            )


def _heads(case: Case, entry: Entry, reached: dict[str, int]) -> Findings:
    for document in sorted(name for name, place in reached.items() if place and name not in entry.heads):
        yield wrong(
            "第 {seq} 条不再提到 {document}", "entry {seq} names {document} no more", seq=entry.seq, document=document
        )
    for document in sorted(entry.heads):
        yield from guarded(f"entry {entry.seq}", _head, case, entry, document, reached)


def _head(case: Case, entry: Entry, document: str, reached: dict[str, int]) -> Findings:
    place = place_of(case, entry, document)
    before = reached.get(document, 0)
    reached[document] = before if place is None else max(place, before)
    if place is None:
        yield wrong(
            "第 {seq} 条所记的 {document} 状态不在其修改链中：修改历史被改写",
            "the head of {document} in entry {seq} is none of its updates': its history was rewritten",
            seq=entry.seq,
            document=document,
        )
    elif place < before:
        yield wrong(
            "第 {seq} 条的 {document} 早于前一条所记",
            "entry {seq} goes back in {document}",
            seq=entry.seq,
            document=document,
        )


def place_of(case: Case, entry: Entry, document: str) -> int | None:
    """How many updates the document had at this entry; None when its head is none of the chain's."""
    head = entry.heads.get(document, _empty(document))
    return 0 if head == _empty(document) else case.chain(document).places.get(head)


def _empty(document: str) -> str:
    """The head of a document that nobody has written in; its chain need not be there."""
    return head0(document).hex()


def barriers(case: Case) -> Findings:
    """No update came into the transcript between the start of the signing's barrier and its end: from a freeze on to
    the reopening, the transcript is the frozen one."""
    document = f"{case.id}/transcript"
    barrier: int | None = None
    for entry in case.entries:
        if barrier is not None:
            yield from _still(case, entry, document, barrier)
        if entry.kind == "Frozen":
            frozen: int = entry.told()["barrier"]
            yield from _still(case, entry, document, frozen)
            barrier = frozen
        elif entry.kind == "Reopened":
            barrier = None
    updates = case.chain(document).updates
    if barrier is not None and len(updates) > barrier:
        yield wrong(
            "冻结（第 {barrier} 个修改）之后又有 {count} 个修改进入笔录，第一个出自 {person}",
            "after the freeze at update {barrier} came {count} more into the transcript, the first by {person}",
            barrier=barrier,
            count=len(updates) - barrier,
            person=updates[barrier].person,
        )


def _still(case: Case, entry: Entry, document: str, barrier: int) -> Findings:
    place = place_of(case, entry, document)
    if place != barrier:
        yield wrong(
            "第 {seq} 条（{kind}）时笔录有 {place} 个修改，冻结的却是 {barrier} 个",
            "at entry {seq} ({kind}) the transcript had {place} updates, while {barrier} are frozen",
            seq=entry.seq,
            kind=entry.kind,
            place="?" if place is None else place,
            barrier=barrier,
        )
