"""Taking in what signers bring: keys, the start of reading, one-time codes, signatures. Each is on disk when answered.

Owns the order of the checks: what costs the signer nothing comes first, the one-time code last, so that no malformed
request burns it. The rules of who may sign are server/hearing/signing.py's.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from crdt_docs.signing import statement as statements_form
from crdt_docs.signing.envelope import BadEnvelope, keyid_of
from crdt_docs.signing.keys import BadKey, fingerprint, public_jwk
from crdt_docs.signing.statement import BadStatement, Statement
from server.control import HearingControl
from server.control_entries import Entry
from server.hearing import signing as rules
from server.hearing.reasons import Refusal
from server.hearing.signing_state import TranscriptPhase
from server.hearing.state import HearingState
from server.signing import handwriting
from server.signing.confirmations import Confirmations, Refused, Right
from server.signing.court_key import CourtKey
from server.signing.receipts import receipt_of, signature_over
from server.signing.statements import Moment, fault
from server.storage import signing as sql
from server.storage.signing import Write

Json = dict[str, Any]


class NotTaken(Exception):
    """What was brought is not taken in. `code` is stable, `wait` in seconds where waiting helps."""

    def __init__(self, code: str, detail: str = "", wait: int = 0) -> None:
        super().__init__(detail or code)
        self.code, self.detail, self.wait = code, detail, wait


@dataclass(frozen=True, slots=True)
class Brought:
    """A signature as it came in: the statement is read, nothing of it is believed yet."""

    envelope: Mapping[str, Any]
    statement: Statement
    sha256: str
    keyid: str
    picture: bytes

    @property
    def picture_sha256(self) -> str:
        return hashlib.sha256(self.picture).hexdigest() if self.picture else ""


def read(envelope: Mapping[str, Any], picture: bytes) -> Brought:
    """Raises NotTaken: statement_malformed, handwriting_unreadable."""
    try:
        statement = statements_form.read_statement(envelope)
        keyid = keyid_of(envelope)
    except (BadEnvelope, BadStatement) as error:
        raise NotTaken("statement_malformed", str(error)) from None
    if picture:
        try:
            handwriting.check(picture)
        except handwriting.BadPicture as error:
            raise NotTaken("handwriting_unreadable", str(error)) from None
    return Brought(envelope, statement, statements_form.statement_sha256(statement), keyid, picture)


class Signatures:
    """The one way in for keys and signatures of all hearings; one at a time for each person of a hearing."""

    def __init__(self, confirmations: Confirmations, court: CourtKey, now_ms: Callable[[], int]) -> None:
        self._confirmations = confirmations
        self._court = court
        self._now_ms = now_ms
        self._locks: defaultdict[tuple[str, str], asyncio.Lock] = defaultdict(asyncio.Lock)

    async def bind_key(self, control: HearingControl, person: str, jwk: Mapping[str, Any]) -> tuple[Json, bool]:
        """{fingerprint, seq} of the entry that bound the key, and whether it is a new one."""
        try:
            public = public_jwk(jwk)
        except BadKey as error:
            raise NotTaken("bad_key", str(error)) from None
        name = fingerprint(public)
        async with self._locks[control.hearing, person]:
            for key in control.state.signing.keys_of(person):
                if key.fingerprint == name:
                    return {"fingerprint": name, "seq": key.seq}, False
            entries = await _record(control, person, lambda state, _: rules.bind_key(state, person, public, name))
            return {"fingerprint": name, "seq": entries[0].seq}, True

    async def start_reading(self, control: HearingControl, person: str, v: int) -> None:
        await _record(control, person, lambda state, _: rules.start_reading(state, person, v))

    async def send_code(self, control: HearingControl, person: str) -> None:
        """A one-time code to somebody who can sign now."""
        state = control.state
        if state.transcript is not TranscriptPhase.SIGNING:
            raise NotTaken("not_being_signed")
        if person not in state.signing.signers:
            raise NotTaken("not_a_signer")
        name = state.participants[person].name
        refused = await self._confirmations.send(control.hearing, person, name, control.details.case_number)
        if refused is not None:
            raise _not_taken(refused)

    async def sign(self, control: HearingControl, person: str, brought: Brought, code: str) -> tuple[Json, bool]:
        """The receipt, and whether the signature is a new one; the same statement again gives the same receipt."""
        async with self._locks[control.hearing, person]:
            known = signature_over(control.entries, person, brought.sha256)
            if known is not None:
                return receipt_of(control, known, self._court), False
            self._judge(control, person, brought)
            checked = await self._confirmations.check(control.hearing, person, code)
            if isinstance(checked, Refused):
                raise _not_taken(checked)
            entry = await _keep(control, person, brought, checked)
            return receipt_of(control, entry, self._court), True

    def _judge(self, control: HearingControl, person: str, brought: Brought) -> None:
        """Everything but the code. Raises NotTaken."""
        state = control.state
        decided = _decide(state, person, brought)
        if isinstance(decided, Refusal):
            raise NotTaken(decided.code)
        version = state.signing.frozen
        assert version is not None  # the rules let nobody sign otherwise
        signer = state.signing.signers[person]
        moment = Moment(state, version, signer, control.tree, self._now_ms(), brought.picture_sha256)
        if wrong := fault(brought.statement, moment):
            raise NotTaken(wrong)
        _verify(state, person, brought)


async def _keep(control: HearingControl, person: str, brought: Brought, right: Right) -> Entry:
    """The entry, the picture that it names and the end of the code in one transaction."""
    picture = sql.keep_handwriting(control.hearing, brought.picture_sha256, brought.picture)

    def beside(connection: Any) -> None:
        right.spend()(connection)
        if brought.picture:
            picture(connection)

    entries = await _record(control, person, lambda state, _: _decide(state, person, brought), beside)
    return entries[0]


def _decide(state: HearingState, person: str, brought: Brought) -> rules.Decided:
    statement = brought.statement
    told = (brought.sha256, statement.handwriting_sha256 or "", statement.reservation or "")
    return rules.sign(state, person, statement.version, brought.envelope, *told)


def _verify(state: HearingState, person: str, brought: Brought) -> None:
    """The signature is that of a key which is this person's in this hearing. Raises NotTaken."""
    keys = state.signing.keys_of(person)
    jwk = next((key.jwk for key in keys if key.fingerprint == brought.keyid), None)
    if jwk is None:
        raise NotTaken("key_unknown")
    try:
        statements_form.open_statement(brought.envelope, jwk)
    except (BadEnvelope, BadStatement) as error:
        raise NotTaken("signature_wrong", str(error)) from None


async def _record(
    control: HearingControl,
    person: str,
    decide: Callable[[HearingState, int], rules.Decided],
    beside: Write | None = None,
) -> tuple[Entry, ...]:
    recorded = await control.record(person, decide, beside=beside)
    if isinstance(recorded, Refusal):
        raise NotTaken(recorded.code)
    return recorded


def _not_taken(refused: Refused) -> NotTaken:
    return NotTaken(refused.code, wait=refused.wait)
