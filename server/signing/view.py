"""What one person is shown of the signing: stage, version, signers, requests, keys, the log's head. Decides nothing.

Court staff see everybody, others themselves; whoever neither signs nor belongs to the court sees the stage.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from server.control import HearingControl
from server.hearing import times
from server.hearing.signing import may_sign
from server.hearing.signing_state import CorrectionRequest, Finding, LateEdit, Signer, Version
from server.hearing.state import STAFF, HearingState
from server.signing.court_key import CourtKey
from server.signing.receipts import fingerprints, signed_head

Json = dict[str, Any]


def shown(control: HearingControl, person: str, court: CourtKey) -> Json:
    """The answer of GET /api/hearings/{hearing}/signing."""
    state = control.state
    signing = state.signing
    staff = state.participants[person].role in STAFF
    told = staff or may_sign(state, person)
    frozen = signing.frozen
    return {
        "stage": signing.stage.value,
        "v": signing.v,
        "fault": signing.fault or None,
        "frozen": _version(frozen) if frozen and told else None,
        "findings": [_finding(each) for each in signing.findings] if staff else [],
        "signers": [_signer(state, each) for each in _own(signing.signers.values(), person, staff)],
        "requests": [_request(each) for each in _own(signing.requests, person, staff)],
        "late": [_late(each) for each in _own(signing.late, person, staff)],
        "versions": [_short(each) for each in signing.versions] if told else [],
        "you": _you(state, person),
        "keys": fingerprints(signing) if told else [],
        "head": signed_head(control, court),
        "court_key": court.vkey,
    }


def _own(entries: Iterable[Any], person: str, staff: bool) -> list[Any]:
    return [each for each in entries if staff or each.person == person]


def _version(version: Version) -> Json:
    checked = version.checked_by
    return {
        "v": version.v,
        "seq": version.seq,
        "of": version.of,
        "at": times.utc(version.at_ms),
        "barrier": version.barrier,
        "content_sha256": version.digests.content_sha256,
        "update_sha256": version.digests.update_sha256,
        "state_sha256": version.digests.state_sha256,
        "pdf_sha256": version.digests.pdf_sha256,
        "checked_by": {"person": checked[0], "role": checked[1]} if checked else None,
        "unprintable": [{"turn": turn, "code_point": number} for turn, number in version.unprintable],
    }


def _short(version: Version) -> Json:
    return {"v": version.v, "seq": version.seq, "content_sha256": version.digests.content_sha256}


def _finding(finding: Finding) -> Json:
    return {"code": finding.code, "turn": finding.turn, "at": finding.at, "code_point": finding.code_point}


def _signer(state: HearingState, signer: Signer) -> Json:
    participant = state.participants[signer.person]
    told = {"at": times.utc(signer.at_ms) if signer.at_ms else "", "reason": signer.reason}
    return {
        "person": signer.person,
        "name": participant.name,
        "role": participant.role.value,
        "label": participant.label,
        "scope": signer.scope.value,
        "state": signer.state.value,
        "refusal": {"of": signer.refusal, "code": signer.refusal_code} if signer.refusal else None,
        "signed_v": signer.signed_v or None,
        **{key: value for key, value in told.items() if value},
    }


def _request(request: CorrectionRequest) -> Json:
    return {
        "of": request.of,
        "v": request.v,
        "person": request.person,
        "turn": request.turn,
        "reason": request.reason,
        "state": request.state.value,
    }


def _late(late: LateEdit) -> Json:
    return {"of": late.of, "person": late.person, "at": times.utc(late.at_ms), "bytes": late.bytes}


def _you(state: HearingState, person: str) -> Json:
    signer = state.signing.signers.get(person)
    return {
        "signer": may_sign(state, person),
        "scope": signer.scope.value if signer else None,
        "state": signer.state.value if signer else None,
        "part_sha256": (signer.part_sha256 or None) if signer else None,
        "keys": [key.fingerprint for key in state.signing.keys_of(person)],
    }
