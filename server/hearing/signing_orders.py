"""What the commands of the signing cause, once the guards let them through. Checks nothing again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from server.hearing.commands import (
    ConfirmRefusal,
    DecideCorrection,
    MarkUnreachable,
    Object,
    RecordRefusal,
    Reopen,
    RequestCorrection,
    SigningCommand,
    StartSigning,
)
from server.hearing.signing_events import (
    CorrectionDecided,
    CorrectionRequested,
    Objected,
    RefusalConfirmed,
    RefusalRecorded,
    Reopened,
    SigningFact,
    SigningStarted,
    Unreachable,
)
from server.hearing.signing_state import FROZEN, Signing
from server.hearing.state import HearingState

Facts = tuple[SigningFact, ...]


def caused(state: HearingState, actor: str, command: SigningCommand) -> Facts:
    """The facts of an order that is allowed, in their order."""
    return _CAUSED[type(command)](state.signing, actor, command)


def _decided(now: Signing, _actor: str, order: DecideCorrection) -> Facts:
    """A granted request opens the transcript, unless it is being corrected already. What the signer wrote stays between
    them and the court: everybody reads the judge's reason alone."""
    decided = CorrectionDecided(now.v, order.of, order.granted, order.reason)
    if not order.granted or now.stage not in FROZEN:
        return (decided,)
    return (decided, Reopened(now.v + 1, order.of, order.reason))


def _confirmed(now: Signing, _actor: str, order: ConfirmRefusal) -> Facts:
    signer = now.signers[order.person]
    return (RefusalConfirmed(now.v, order.person, signer.refusal, order.reason),)


_CAUSED: Mapping[type[SigningCommand], Callable[[Signing, str, Any], Facts]] = {
    StartSigning: lambda now, _, order: (SigningStarted(now.v, order.reason),),
    Reopen: lambda now, _, order: (Reopened(now.v + 1, 0, order.reason),),
    RequestCorrection: lambda now, actor, order: (CorrectionRequested(now.v, actor, order.turn, order.reason),),
    DecideCorrection: _decided,
    Object: lambda now, actor, order: (Objected(now.v, actor, order.reason),),
    RecordRefusal: lambda now, _, order: (RefusalRecorded(now.v, order.person, order.code, order.reason),),
    ConfirmRefusal: _confirmed,
    MarkUnreachable: lambda now, _, order: (Unreachable(now.v, order.person, order.reason),),
}
