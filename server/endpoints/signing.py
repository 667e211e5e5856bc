"""Signing over HTTP: where it stands, keys, one-time codes, reading, digests, signatures, receipts. Asks the rules,
decides nothing.
"""

from __future__ import annotations

import base64
import binascii
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from crdt_docs.signing.log_tree import canonical
from server.endpoints.bodies import json_object
from server.endpoints.entering import entered
from server.endpoints.errors import ApiError
from server.endpoints.headers import PRIVATE
from server.hearing.signing_state import TranscriptPhase
from server.hearing.state import JUDGES, Role
from server.signing import signatures, view
from server.signing.court_key import CourtKey
from server.signing.receipts import receipt_of, signature_of
from server.signing.signatures import NotTaken, Signatures

Json = dict[str, Any]
LARGEST_VERSION = 10_000
_DIGITS = "0123456789abcdef"


async def signing(request: Request) -> Response:
    """GET /api/hearings/{hearing}/signing."""
    control, person = await entered(request)
    return JSONResponse(view.shown(control, person, court_key_of(request)), headers=PRIVATE)


async def send_code(request: Request) -> Response:
    """POST …/signing/code: a one-time code to the signer who asks."""
    control, person = await entered(request)
    try:
        await _signatures(request).send_code(control, person)
    except NotTaken as refused:
        raise _problem(refused) from None
    return Response(status_code=204, headers=PRIVATE)


async def bind_key(request: Request) -> Response:
    """POST …/signing/keys: the key is this person's from the entry on whose number is answered."""
    control, person = await entered(request)
    body = await json_object(request, {"jwk": dict}, frozenset({"jwk"}))
    try:
        bound, new = await _signatures(request).bind_key(control, person, body["jwk"])
    except NotTaken as refused:
        raise _problem(refused) from None
    return JSONResponse(bound, 201 if new else 200, PRIVATE)


async def start_reading(request: Request) -> Response:
    """POST …/signing/reading: the signer has version `v` before them."""
    control, person = await entered(request)
    body = await json_object(request, {"v": int}, frozenset({"v"}))
    try:
        await _signatures(request).start_reading(control, person, body["v"])
    except NotTaken as refused:
        raise _problem(refused) from None
    return Response(status_code=204, headers=PRIVATE)


async def report_digest(request: Request) -> Response:
    """POST …/signing/digest: what a clerk's or judge's own page has computed of the transcript being frozen."""
    control, person = await entered(request)
    members = {"v": int, "of": int, "content_sha256": str}
    body = await json_object(request, members, frozenset(members))
    if control.state.participants[person].role not in JUDGES | {Role.CLERK}:
        raise ApiError("forbidden")
    digest = body["content_sha256"]
    if len(digest) != 64 or digest.strip(_DIGITS):
        raise ApiError("malformed", "content_sha256 must be 64 hexadecimal digits")
    if control.state.transcript is TranscriptPhase.REVIEW:
        request.app.state.freezing.reported(control.hearing, person, (body["v"], body["of"]), digest)
    return Response(status_code=204, headers=PRIVATE)


async def sign(request: Request) -> Response:
    """POST …/signing/signatures: 201 with the receipt; 200 with the same receipt for the same statement again."""
    control, person = await entered(request)
    members = {"envelope": dict, "handwriting": str, "code": str}
    body = await json_object(request, members, frozenset({"envelope", "code"}))
    try:
        brought = signatures.read(body["envelope"], _picture(body.get("handwriting", "")))
        receipt, new = await _signatures(request).sign(control, person, brought, body["code"])
    except NotTaken as refused:
        raise _problem(refused) from None
    return _receipt(receipt, 201 if new else 200)


async def receipt(request: Request) -> Response:
    """GET …/signing/{v}/receipt: one's own, of the version or of the earlier one that still counts for it."""
    control, person = await entered(request)
    v = version_of(request)
    signer = control.state.signing.signers.get(person)
    if signer is not None and v == control.state.signing.v and signer.signed_v:
        v = signer.signed_v
    entry = signature_of(control.entries, person, v)
    if entry is None:
        raise ApiError("not_found")
    return _receipt(receipt_of(control, entry, court_key_of(request)))


def _receipt(made: Json, status: int = 200) -> Response:
    """Canonical, so that the same receipt is the same bytes on any day."""
    return Response(canonical(made), status, PRIVATE, "application/json")


def court_key_of(request: Request) -> CourtKey:
    return request.app.state.court_key


def version_of(request: Request) -> int:
    """The version in the path; raises `not_found` for what can be none."""
    text = request.path_params["v"]
    if not (text.isascii() and text.isdecimal() and 0 < len(text) <= 5 and 0 < int(text) <= LARGEST_VERSION):
        raise ApiError("not_found")
    return int(text)


def _signatures(request: Request) -> Signatures:
    return request.app.state.signatures


def _picture(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise ApiError("handwriting_unreadable", "handwriting must be base64 of a PNG") from None


def _problem(refused: NotTaken) -> ApiError:
    headers: dict[str, Any] = {"Retry-After": str(refused.wait)} if refused.wait else {}
    return ApiError(refused.code, refused.detail if refused.detail != refused.code else "", headers)
