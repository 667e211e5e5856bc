"""Where the exhibits stand after each of their events: one function per event; asks for no right."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from server.hearing.events import Event
from server.hearing.exhibit_events import (
    ExhibitDescribed,
    ExhibitFact,
    ExhibitOffered,
    ExhibitRefused,
    ExhibitWithdrawn,
)
from server.hearing.state import HearingState, Withdrawal


def _offer(state: HearingState, event: Event, fact: ExhibitOffered) -> HearingState:
    return replace(state, handed_in={**state.handed_in, fact.exhibit: event.actor})


def _withdraw(state: HearingState, event: Event, fact: ExhibitWithdrawn) -> HearingState:
    withdrawal = Withdrawal(event.actor, event.at_ms, fact.reason)
    return replace(state, withdrawn={**state.withdrawn, fact.exhibit: withdrawal})


EFFECTS: Mapping[type[ExhibitFact], Callable[[HearingState, Event, Any], HearingState]] = {
    ExhibitOffered: _offer,
    ExhibitRefused: lambda state, _event, _fact: state,
    ExhibitDescribed: lambda state, _event, _fact: state,
    ExhibitWithdrawn: _withdraw,
}
