"""`yunting sign`: shows what is to be signed, trusts no digest that it has not computed itself, signs with a key from a
file, and checks the receipt. `yunting export`: the hearing's bundle as a file.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

from clients.cli import key_file, sentences, signing_checks, times
from clients.cli.api import Api, hearing_path
from clients.cli.commands import who
from clients.cli.files import receive
from clients.cli.outcomes import Exit, Failure, Words
from clients.cli.output import Output
from clients.cli.signing_checks import Version
from clients.cli.verifying import court_key, printable, read
from crdt_docs.signing import content, keys, statement
from crdt_docs.signing.envelope import keyid_of
from crdt_docs.signing.receipt import verify_receipt
from crdt_docs.signing.statement import Statement

Json = dict[str, Any]
PATIENCE = 120.0  # seconds for one answer: a bundle is put together before its first byte comes


@dataclass(frozen=True, slots=True)
class Desk:
    """What a signature is made with: the version as the server shows it, the signer's key."""

    version: Version
    key: EllipticCurvePrivateKey

    @property
    def api(self) -> Api:
        return self.version.api

    @property
    def jwk(self) -> Json:
        return keys.to_jwk(self.key.public_key())

    @property
    def fingerprint(self) -> str:
        return keys.fingerprint(self.jwk)


def sign(options: argparse.Namespace, out: Output) -> Exit:
    picture = read(options.handwriting, bytes) if options.handwriting else b""
    given = court_key(options.court_key)
    login = who(options)
    with Api(login, out.lang) as api:
        shown = api.get(hearing_path(options.hearing, "/signing"))
        _may_sign(shown, given)
        key, is_new = key_file.load_or_make(Path(options.key))
        if is_new:
            out.aside(sentences.KEY_MADE, path=options.key)
        desk = Desk(signing_checks.opened(api, login, options.hearing, shown), key)
        receipt, made = _receipt_of(desk, options, picture, out)
    return _told(desk, receipt, made, options.output, out)


def _may_sign(shown: Json, given: str | None) -> None:
    if given is not None and given != shown["court_key"]:
        raise Failure(Exit.REFUSED, "other_court_key", sentences.OTHER_COURT_KEY)
    if shown["frozen"] is None:
        raise Failure(Exit.REFUSED, "not_being_signed", sentences.NOT_BEING_SIGNED)
    if not shown["you"]["signer"]:
        raise Failure(Exit.REFUSED, "not_a_signer", sentences.NOT_A_SIGNER)


def _receipt_of(desk: Desk, options: argparse.Namespace, picture: bytes, out: Output) -> tuple[Json, Statement | None]:
    """The receipt: of the signature that is there already (then without a statement), else of the one made now."""
    version = desk.version
    if version.shown["you"]["state"] == "SIGNED":
        out.aside(sentences.SIGNED_BEFORE)
        return desk.api.get(version.file("receipt")), None
    text, pdf = signing_checks.text(version)
    _show(options, text, pdf, out)
    out.aside(sentences.TO_SIGN, **_described(version, text))
    if desk.fingerprint not in version.shown["you"]["keys"]:
        desk.api.post(version.path("/keys"), {"jwk": desk.jwk})
    desk.api.post(version.path("/reading"), {"v": version.frozen["v"]})
    made = _statement(desk, options.reservation, picture)
    drawn = {"handwriting": base64.b64encode(picture).decode()} if picture else {}
    code = options.code or _asked_code(desk, out)
    body = {"envelope": statement.sign(made, desk.key), "code": code, **drawn}
    return desk.api.post(version.path("/signatures"), body), made


def _show(options: argparse.Namespace, text: content.Content, pdf: bytes, out: Output) -> None:
    """Before a code is asked for, the signer has what they sign: in files, the text otherwise on the terminal."""
    shown = signing_checks.readable(text)
    if options.pdf is not None and not pdf:
        raise Failure(Exit.USAGE, "no_pdf", sentences.NO_PDF)
    for path, data in ((options.text, shown.encode()), (options.pdf, pdf)):
        if path is not None:
            _kept(Path(path), data)
            out.aside(sentences.TO_READ, path=path)
    if options.text is None:
        out.aside(Words(shown, shown))


def _described(version: Version, text: content.Content) -> Json:
    """For the line that says what is about to be signed."""
    digest = content.content_sha256(text)
    return {"case": printable(text["case"]), "v": version.frozen["v"], "count": len(text["blocks"]), "digest": digest}


def export(options: argparse.Namespace, out: Output) -> Exit:
    with Api(who(options), out.lang, seconds=PATIENCE) as api:
        path, name = hearing_path(options.hearing, "/bundle"), f"{options.hearing}.zip"
        return receive(api, path, options.output, name, out)[0]


def _statement(desk: Desk, reservation: str | None, picture: bytes) -> Statement:
    version, you = desk.version, desk.version.known["you"]
    return Statement(
        hearing=version.hearing,
        version=version.frozen["v"],
        digests=statement.Digests(*(version.frozen[name] for name in statement.Digests.__slots__)),
        person=content.Person(you["person"], you["role"], you["name"]),
        scope=version.shown["you"]["scope"],
        time=times.stamp(times.now()),
        key=desk.fingerprint,
        log_head=signing_checks.log_head(version),
        part_sha256=version.part_sha256,
        handwriting_sha256=hashlib.sha256(picture).hexdigest() if picture else None,
        reservation=reservation,
    )


def _asked_code(desk: Desk, out: Output) -> str:
    """The one-time code, sent now and typed by the person at the terminal."""
    desk.api.post(desk.version.path("/code"))
    out.aside(sentences.CODE_SENT)
    code = sys.stdin.readline().strip()
    if not code:
        raise Failure(Exit.USAGE, "no_code", sentences.NO_CODE)
    return code


# ---- the receipt


def _told(desk: Desk, receipt: Json, made: Statement | None, output: str | None, out: Output) -> Exit:
    """Kept before it is judged: what the server said is evidence, right or wrong."""
    if output is not None:
        _keep_receipt(Path(output), receipt)
    if keyid_of(receipt.get("envelope")) != desk.fingerprint:
        raise Failure(Exit.REFUSED, "other_key", sentences.OTHER_KEY)
    try:
        stated = verify_receipt(receipt, desk.version.shown["court_key"], desk.jwk)
    except ValueError as error:
        raise Failure(Exit.OTHER, "receipt_wrong", sentences.RECEIPT_WRONG.fill(why=error)) from error
    if not signing_checks.is_of(stated, desk.version) or made not in (None, stated):
        raise Failure(Exit.OTHER, "receipt_wrong", sentences.RECEIPT_OF_ANOTHER)
    if out.as_json or output is None:
        out.json(receipt)
    if not out.as_json:
        seq = receipt["entry"]["header"]["seq"]
        out.say(sentences.SIGNED, v=stated.version, seq=seq, scope=sentences.SCOPES[stated.scope].say(out.lang))
    return Exit.OK


def _keep_receipt(path: Path, receipt: Json) -> None:
    text = json.dumps(receipt, ensure_ascii=False, indent=1) + "\n"
    try:
        _write(path, text.encode())
    except OSError as error:
        words = sentences.RECEIPT_NOT_WRITTEN.fill(path=path, why=error.strerror or error, receipt=text)
        raise Failure(Exit.OTHER, "not_written", words) from error


def _kept(path: Path, data: bytes) -> None:
    try:
        _write(path, data)
    except OSError as error:
        words = sentences.NOT_WRITTEN.fill(path=path, why=error.strerror or error)
        raise Failure(Exit.OTHER, "not_written", words) from error


def _write(path: Path, data: bytes) -> None:
    draft = path.with_name(f"{path.name}.{os.getpid()}.new")
    draft.write_bytes(data)
    os.replace(draft, path)
