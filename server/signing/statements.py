"""Whether a statement says exactly what its signer may sign now: one table, read from top to bottom, a code each.

Pure; the key and the one-time code are asked elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from crdt_docs.rfc3339 import parse
from crdt_docs.signing.merkle import Tree
from crdt_docs.signing.statement import Statement
from server.hearing.signing_state import Signer, Version
from server.hearing.state import HearingState

CLOCKS_APART_MS = 10 * 60 * 1000  # a signer's clock may be off by that much


@dataclass(frozen=True, slots=True)
class Moment:
    """What a statement is held against: the hearing, the version before the signers, the signer, the log, the clock."""

    state: HearingState
    version: Version
    signer: Signer
    log: Tree
    now_ms: int
    handwriting_sha256: str  # of the picture that came with it; empty: none


def fault(statement: Statement, moment: Moment) -> str:
    """The code of the first thing that is not as it must be; empty when all is."""
    return next((code for code, holds in CHECKS.items() if not holds(statement, moment)), "")


def _names_the_signer(statement: Statement, moment: Moment) -> bool:
    participant = moment.state.participants[moment.signer.person]
    return (statement.person.id, statement.person.name) == (participant.person, participant.name)


def _has_all_digests(statement: Statement, moment: Moment) -> bool:
    names = ("content_sha256", "update_sha256", "state_sha256", "pdf_sha256")
    return all(getattr(statement.digests, name) == getattr(moment.version.digests, name) for name in names)


def _has_the_role(statement: Statement, moment: Moment) -> bool:
    return statement.person.role == moment.state.participants[moment.signer.person].role.value


def _has_the_scope(statement: Statement, moment: Moment) -> bool:
    return (statement.scope, statement.part_sha256 or "") == (moment.signer.scope.value, moment.signer.part_sha256)


def _is_of_now(statement: Statement, moment: Moment) -> bool:
    said = parse(statement.time)
    if said is None:
        return False
    off = (said - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1000 - moment.now_ms
    return abs(off) <= CLOCKS_APART_MS


def _knows_the_log(statement: Statement, moment: Moment) -> bool:
    """A head that the log really had, with the freeze in it."""
    head = statement.log_head
    return moment.version.seq <= head.size <= len(moment.log) and head.root == moment.log.root(head.size).hex()


def _has_the_handwriting(statement: Statement, moment: Moment) -> bool:
    return (statement.handwriting_sha256 or "") == moment.handwriting_sha256


CHECKS: dict[str, Callable[[Statement, Moment], bool]] = {
    "statement_other_hearing": lambda statement, moment: statement.hearing == moment.state.id,
    "statement_other_person": _names_the_signer,
    "statement_other_text": _has_all_digests,
    "statement_other_role": _has_the_role,
    "statement_other_scope": _has_the_scope,
    "statement_other_time": _is_of_now,
    "statement_other_log": _knows_the_log,
    "handwriting_differs": _has_the_handwriting,
}
