"""The routes of signing, as rows of the route table."""

from __future__ import annotations

from server.endpoints import signing, signing_files
from server.endpoints.api_route import ApiRoute
from server.endpoints.schemas import ID

_HEARING = {"hearing": ID}
_VERSION = {**_HEARING, "v": {"type": "integer", "minimum": 1}}
_HIDDEN = ("isolated", "released", "removed", "not_found")
_CHANGES = ("cross_site", "storage_unavailable", *_HIDDEN)
_READS = ("role_may_not_read", "observers_not_admitted", "not_let_in", "wrong_phase", *_HIDDEN)
_PREFIX = "/api/hearings/{hearing}/signing"
STATEMENT_CODES = (
    "statement_malformed",
    "statement_other_hearing",
    "statement_other_person",
    "statement_other_text",
    "statement_other_role",
    "statement_other_scope",
    "statement_other_time",
    "statement_other_log",
    "handwriting_differs",
    "handwriting_unreadable",
    "key_unknown",
    "signature_wrong",
)
_ASKERS = ("not_a_signer", "not_being_signed", "wrong_version")

SIGNING_ROUTES: tuple[ApiRoute, ...] = (
    ApiRoute("GET", _PREFIX, signing.signing, "Where signing stands", "Signing", refusals=_HIDDEN, place=_HEARING),
    ApiRoute(
        "POST",
        _PREFIX + "/code",
        signing.send_code,
        "Send me a one-time code",
        None,
        204,
        refusals=("too_many_codes", "not_a_signer", "not_being_signed", *_CHANGES),
        place=_HEARING,
    ),
    ApiRoute(
        "POST",
        _PREFIX + "/keys",
        signing.bind_key,
        "Bind my public key; 200 when it was mine already",
        "BoundKey",
        201,
        again=200,
        body="NewKey",
        refusals=("bad_key", "key_of_another", "too_many_keys", "not_a_signer", *_CHANGES),
        place=_HEARING,
    ),
    ApiRoute(
        "POST",
        _PREFIX + "/reading",
        signing.start_reading,
        "I have this version before me",
        None,
        204,
        body="Reading",
        refusals=(*_ASKERS, *_CHANGES),
        place=_HEARING,
    ),
    ApiRoute(
        "POST",
        _PREFIX + "/digest",
        signing.report_digest,
        "What my own page has computed of the transcript that is being frozen",
        None,
        204,
        body="ReportedDigest",
        refusals=("forbidden", *_CHANGES),
        place=_HEARING,
    ),
    ApiRoute(
        "POST",
        _PREFIX + "/signatures",
        signing.sign,
        "Sign; the same statement again gives the same receipt",
        "Receipt",
        201,
        again=200,
        body="Signature",
        refusals=(
            *STATEMENT_CODES,
            *_ASKERS,
            "key_missing",
            "already_signed",
            "signer_done",
            "code_wrong",
            "code_ended",
            *_CHANGES,
        ),
        place=_HEARING,
    ),
    ApiRoute(
        "GET",
        _PREFIX + "/{v}/receipt",
        signing.receipt,
        "The receipt of my signature",
        "Receipt",
        refusals=_HIDDEN,
        place=_VERSION,
    ),
    ApiRoute(
        "GET",
        _PREFIX + "/{v}/content",
        signing_files.content,
        "The content that is signed, as canonical JSON; a part signer gets their part",
        "Content",
        refusals=_READS,
        place=_VERSION,
    ),
    ApiRoute(
        "GET",
        _PREFIX + "/{v}/pdf",
        signing_files.pdf,
        "The frozen transcript as PDF/A",
        None,
        refusals=_READS,
        media_type="application/pdf",
        place=_VERSION,
    ),
    ApiRoute(
        "GET",
        _PREFIX + "/{v}/update",
        signing_files.update,
        "The frozen transcript as one Yjs update",
        None,
        refusals=_READS,
        media_type="application/octet-stream",
        place=_VERSION,
    ),
    ApiRoute(
        "GET",
        "/api/hearings/{hearing}/bundle",
        signing_files.bundle,
        "Everything that lets others check the record without us; for court staff and those who signed",
        None,
        refusals=("forbidden", "nothing_frozen", "exports_busy", "bundle_too_large", "storage_unavailable", *_READS),
        media_type="application/zip",
        place=_HEARING,
    ),
)
