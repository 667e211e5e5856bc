"""Offline verification of a bundle: every check in order, each with a stable code, a result, and sentences that name
what is wrong. Needs the bundle's bytes and the court's key; asks nobody and opens nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from . import container
from . import verify_container as form
from . import verify_course as signing
from . import verify_documents as documents
from . import verify_exhibits as evidence
from . import verify_log as log
from . import verify_receipt as receipts
from . import verify_recording as recorded
from . import verify_statements as stated
from . import verify_versions as version
from .verify_case import Case, load
from .verify_findings import Finding, Findings, Status, guarded, status

Check = Callable[[Case], Findings]


@dataclass(frozen=True, slots=True)
class Result:
    """One check. `missing`: what it needs was not given, or is withheld as the court itself says; no failure."""

    code: str
    name_zh: str
    name_en: str
    status: Status
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """All checks in order. `hearing`: its id as the bundle says."""

    hearing: str
    results: tuple[Result, ...]

    @property
    def is_right(self) -> bool:
        """Nothing contradicts anything."""
        return all(result.status != "failed" for result in self.results)

    @property
    def failed(self) -> tuple[str, ...]:
        """Codes of the checks that failed."""
        return tuple(result.code for result in self.results if result.status == "failed")


def verify(
    archive: bytes,
    *,
    court_key: str | None = None,
    kept: Mapping[str, Mapping[str, Any]] | None = None,
    recording: Mapping[str, str] | None = None,
) -> Report:
    """`court_key`: the vkey as the court publishes it; `kept`: receipts by the name of their file; `recording`: SHA-256
    (hex) of each segment by its name. Never raises on a bundle, whatever its bytes are."""
    case, results = _checked(archive, court_key, kept or {}, recording)
    return Report(case.id, tuple(results))


def first_fault(archive: bytes, *, court_key: str | None = None) -> Result | None:
    """The first check that fails; those after it are not made. None: nothing contradicts anything."""
    _, results = _checked(archive, court_key, {})
    return next((result for result in results if result.status == "failed"), None)


def _checked(
    archive: bytes,
    court_key: str | None,
    kept: Mapping[str, Mapping[str, Any]],
    recording: Mapping[str, str] | None = None,
) -> tuple[Case, Iterator[Result]]:
    files, faults = container.unpack(archive)
    case, unread = load(files, court_key)
    checks: list[tuple[str, str, str, Check]] = [
        ("container", "文件包未被改动", "the archive is as it was written", lambda _: form.archive(faults)),
        ("readable", "文件可读", "its files can be read", lambda _: form.readable(unread)),
        *_CHECKS[:2],
        ("court_key", "法院公钥", "the court's key", partial(form.court_key, given=court_key)),
        *_CHECKS[2:],
        *_receipts(kept),
        *_segments(recording),
    ]
    return case, (_result(case, *check) for check in checks)


def _receipts(kept: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, str, str, Check]]:
    def check(case: Case) -> Findings:
        for name, receipt in kept.items():
            yield from guarded(name, receipts.receipt, case, name, receipt)

    if kept:
        yield "receipts", "签署回执", "receipts kept by signers", check


def _segments(held: Mapping[str, str] | None) -> Iterator[tuple[str, str, str, Check]]:
    if held is not None:
        check = partial(recorded.segments, held=held)
        yield RECORDING, "录音录像与日志一致", "segments are those that the log names", check


def _result(case: Case, code: str, zh: str, en: str, check: Check) -> Result:
    findings = tuple(dict.fromkeys(guarded(code, check, case)))  # the same sentence once
    return Result(code, zh, en, status(findings), findings)


_CHECKS: Sequence[tuple[str, str, str, Check]] = (
    ("manifest", "清单与文件一致", "the manifest names these files", form.manifest),
    ("manifest_signature", "清单由法院签名", "the court signed the manifest", form.manifest_signature),
    ("log_order", "日志连续", "the log has no holes", log.order),
    ("log_leaves", "日志各条与叶值一致", "entries make their leaves", log.leaves),
    ("log_root", "日志与检查点一致", "the checkpoint stands over the log", log.root),
    ("checkpoint_signature", "检查点由法院签名", "the court signed the checkpoint", log.checkpoint_signature),
    ("keys", "签署人公钥", "the signers' keys", log.keys),
    ("update_chains", "修改链完整", "updates make their chains", documents.chains),
    ("log_heads", "修改历史与日志一致", "the log names these histories", documents.heads),
    ("versions", "冻结版本齐全", "frozen versions are complete", version.versions),
    ("barriers", "冻结后未再修改", "nothing came in after a freeze", documents.barriers),
    ("contents", "正文与摘要一致", "contents have their digests", version.each(version.contents)),
    ("updates", "存储数据给出同一正文", "stored updates hold the same words", version.each(version.stored)),
    ("snapshots", "快照可恢复", "snapshots restore the versions", version.each(version.snapshot)),
    ("rebuilt", "由修改历史重建", "the histories give the same words", version.each(version.rebuilt)),
    ("pdf", "PDF 与摘要一致", "PDFs have their digests", version.each(version.pdf)),
    ("signers", "签署人与各自部分", "signers and their parts", version.each(version.signers)),
    ("signatures", "签名由本人公钥作出", "signatures are by the signers' keys", stated.each(stated.signatures)),
    ("statements", "声明与版本一致", "statements are of these versions", stated.each(stated.statements)),
    ("signature_places", "签名的先后", "signatures stand in their places", stated.each(stated.places)),
    ("statement_files", "声明与手写签名文件", "statement and handwriting files", stated.statement_files),
    ("course", "签署过程", "the course of the signing", signing.course),
    ("exhibits", "证据原件", "exhibits are the originals", evidence.exhibits),
    ("annotations", "冻结时的批注", "annotations at each freeze", version.each(version.annotations)),
    ("annotation_files", "批注文件", "annotation files", version.annotation_files),
    ("recording_rounds", "录音录像各轮", "rounds of the recording", recorded.rounds),
)
CODES = ("container", "readable", *(check[0] for check in _CHECKS), "court_key", "receipts")
RECORDING = "recording"  # made where a recording was given
