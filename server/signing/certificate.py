"""The certificate 签署情况说明: on paper who signed which version when, who refused and why, under which digests.

A reading aid made from the log: what proves it is the bundle around it. Same log, same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from server.control_entries import Entry
from server.fonts import code_points, fonts
from server.hearing import times
from server.hearing.signing_events import CorrectionDecided, CorrectionRequested, Frozen, NamedSigner, Signed
from server.hearing.signing_state import Scope, Signer, SignerState
from server.hearing.state import ROLE_WORDS, HearingState, Role
from server.signing.pdf import printable, short, typeset
from server.storage.hearings import HearingRecord

TEMPLATE = Path(__file__).with_name("certificate.typ")
STATES = {
    SignerState.PENDING: "未签",
    SignerState.READING: "阅读中",
    SignerState.SIGNED: "已签",
    SignerState.OBJECTED: "有异议",
    SignerState.REFUSED: "拒绝签名",
    SignerState.UNREACHABLE: "无法联系",
}
SCOPES = {Scope.WHOLE: "全文", Scope.PART: "本人部分"}
DIGESTS = (
    ("content_sha256", "正文摘要"),
    ("update_sha256", "数据摘要"),
    ("state_sha256", "状态摘要"),
    ("pdf_sha256", "PDF 摘要"),
)
REMARKS = (
    "本说明由庭审日志生成，供阅读之用；证明力在于卷宗包本身：日志、声明、签名与摘要均可脱离本系统核验。",
    "核验命令：yunting verify hearing.zip --court-key 法院公钥。不用本程序的办法见卷宗包内 README.zh.txt。",
)

Json = dict[str, Any]


def certificate(
    details: HearingRecord, entries: Sequence[Entry], root: str, court_vkey: str, pictures: Mapping[str, bytes]
) -> bytes:
    """`root`: the log's tree head in hex; `pictures`: handwriting by SHA-256.

    Blocks while typesetting; raises PdfFailed, FontsMissing.
    """
    known = code_points(fonts().regular) & code_points(fonts().bold)
    record, _ = printable(_record(details, entries, root, court_vkey, pictures), known)
    return typeset(TEMPLATE, record, entries[-1].event.at_ms)


def _record(
    details: HearingRecord, entries: Sequence[Entry], root: str, court_vkey: str, pictures: Mapping[str, bytes]
) -> Json:
    return {
        "court": details.court,
        "case": details.case_number,
        "head": {"size": str(len(entries)), "short": short(root)},
        "facts": [
            ["案　　号", details.case_number],
            ["案　　由", details.title],
            ["庭　　审", details.id],
            ["日志根值", root],
            ["日志条数", f"{len(entries)}（至 {times.words(entries[-1].event.at_ms)}）"],
            ["法院公钥", court_vkey],
        ],
        "versions": [_version(entries, each, pictures) for each in entries if isinstance(each.event.fact, Frozen)],
        "requests": list(_requests(entries)),
        "remarks": list(REMARKS),
    }


def _version(entries: Sequence[Entry], frozen: Entry, pictures: Mapping[str, bytes]) -> Json:
    fact = frozen.event.fact
    assert isinstance(fact, Frozen)
    last = _last_of(entries, fact.v)
    checked = f"{_name(last, fact.checked_by[0])}的页面" if fact.checked_by else "未经页面核对"
    digests = [[words, getattr(fact.digests, name)] for name, words in DIGESTS]
    return {
        "v": str(fact.v),
        "facts": [["定稿时间", times.words(frozen.event.at_ms)], ["核对", checked], *digests],
        "signers": [_signer(entries, last, each, pictures) for each in fact.signers],
    }


def _last_of(entries: Sequence[Entry], v: int) -> HearingState:
    """The hearing at the last moment at which version `v` lay before the signers."""
    return next(each.after for each in reversed(entries) if each.after.signing.v == v and each.after.signing.signers)


def _signer(entries: Sequence[Entry], state: HearingState, named: NamedSigner, pictures: Mapping[str, bytes]) -> Json:
    signer = state.signing.signers[named.person]
    signed = _signed(entries, signer)
    picture = pictures.get(signed.handwriting_sha256, b"") if signed else b""
    return {
        "name": _name(state, named.person),
        "role": ROLE_WORDS[Role(named.role)],
        "scope": SCOPES[named.scope],
        "state": STATES[signer.state],
        "at": times.words(signer.at_ms) if signer.at_ms else "",
        "picture": list(picture),
        "remarks": list(_remarks(signer, signed)),
    }


def _signed(entries: Sequence[Entry], signer: Signer) -> Signed | None:
    facts = (each.event.fact for each in entries)
    own = (fact for fact in facts if isinstance(fact, Signed) and fact.person == signer.person)
    return next((fact for fact in own if fact.v == signer.signed_v), None)


def _remarks(signer: Signer, signed: Signed | None) -> Iterator[str]:
    if signed is not None:
        yield f"声明 {short(signed.statement_sha256)}"
        yield f"密钥 {short(signed.envelope['signatures'][0]['keyid'])}"
        if signed.reservation:
            yield f"保留意见：{signed.reservation}"
    if signer.reason:
        yield signer.reason


def _requests(entries: Sequence[Entry]) -> Iterator[str]:
    """Each request for a correction and what was decided."""
    decided = {
        each.event.fact.of: each.event.fact for each in entries if isinstance(each.event.fact, CorrectionDecided)
    }
    for entry in entries:
        fact = entry.event.fact
        if isinstance(fact, CorrectionRequested):
            answer = decided.get(entry.seq)
            outcome = "未决定" if answer is None else ("准许" if answer.granted else f"不准许：{answer.reason}")
            yield f"第 {fact.v} 版　{_name(entry.after, fact.person)}：{fact.reason}（{outcome}）"


def _name(state: HearingState, person: str) -> str:
    return state.participants[person].name
