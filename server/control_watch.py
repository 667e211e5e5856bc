"""The technical hold: when the court sits and no judge is connected for a while, nobody is heard until one is back.

Owns the clocks and nothing else: the hold itself is an entry of the log by the court. A start of the server is no drop
by the judge, so after one they have longer to come back. Nobody inherits a judge's rights by it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any

from server.hearing.court_events import CourtFact, HoldEnded, HoldStarted
from server.hearing.court_guards import HOLD_MS
from server.hearing.reasons import Refusal
from server.hearing.state import COURT, JUDGES, HearingState, Phase

if TYPE_CHECKING:
    from server.control import HearingControl

log = logging.getLogger("yunting.control")

GRACE = 60.0  # seconds for a judge to come back after a start of the server in the middle of a session
RETRY = 1.0  # seconds until an entry that the disk refused is tried again


def judge_here(state: HearingState, connected: Collection[str]) -> bool:
    """Whether any judge who has not lost their rights is connected."""
    return any(each.person in connected and not each.barred for each in state.of_role(JUDGES))


class _Clock:
    """Of one hearing. `seen`: a judge has been connected since the start of the server; `away_ms`: since when none is
    (milliseconds since 1970, 0: one is, or the court does not sit); `seq`: the log as it was looked at last."""

    __slots__ = ("away_ms", "seen", "seq", "timer")

    def __init__(self) -> None:
        self.seen = False
        self.away_ms = 0
        self.seq = 0
        self.timer: asyncio.TimerHandle | None = None

    def stop(self) -> None:
        if self.timer is not None:
            self.timer.cancel()
        self.timer = None


class HoldWatch:
    """`after`: seconds without a judge until the hold, 0: never; `grace`: the same after a start of the server."""

    def __init__(self, after: float, now_ms: Callable[[], int], *, grace: float = GRACE) -> None:
        self.after = after
        self._now_ms = now_ms
        self._grace = max(after, grace)
        self._clocks: dict[HearingControl, _Clock] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self._closed = False

    def look(self, control: HearingControl) -> None:
        """Somebody came or went, or the log has grown."""
        if not self.after or self._closed:
            return
        clock, state = self._clocks.setdefault(control, _Clock()), control.state
        if judge_here(state, control.connected()) or _judge_acted(control, clock.seq):
            clock.seen, clock.away_ms = True, 0
            clock.stop()
        clock.seq = control.seq
        if judge_here(state, control.connected()):
            if state.hold_ms:
                self._enter(control)
        else:
            self._away(control, clock)

    def _away(self, control: HearingControl, clock: _Clock) -> None:
        if control.state.phase is not Phase.IN_SESSION:
            clock.away_ms = 0
            clock.stop()
        elif clock.timer is None and control.state.hold_ms:
            left = control.state.hold_ms + HOLD_MS - self._now_ms()
            if left > 0:  # what the others may do changes then
                self._later(clock, left / 1_000, control.audience.presence_changed)
        elif clock.timer is None and (clock.seen or control.sat_at_load):
            clock.away_ms = clock.away_ms or self._now_ms()
            self._later(clock, self.after if clock.seen else self._grace, lambda: self._enter(control))

    def _later(self, clock: _Clock, delay: float, then: Any) -> None:
        def due() -> None:
            clock.timer = None
            then()

        clock.timer = asyncio.get_running_loop().call_later(delay, due)

    def _enter(self, control: HearingControl) -> None:
        if self._closed:
            return
        task = asyncio.get_running_loop().create_task(self._record(control), name=f"hold {control.hearing}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _record(self, control: HearingControl) -> None:
        clock = self._clocks[control]

        def decide(state: HearingState, _now_ms: int) -> tuple[CourtFact, ...]:
            return _due(state, judge_here(state, control.connected()), clock.away_ms)

        try:
            outcome = await control.record(COURT, decide)
        except Exception:
            log.exception("hearing %s: the hold could not be entered", control.hearing)
            return
        if isinstance(outcome, Refusal) and clock.timer is None:
            self._later(clock, RETRY, lambda: self._enter(control))

    async def close(self) -> None:
        """Nothing is entered any more."""
        self._closed = True
        for clock in self._clocks.values():
            clock.stop()
        if self._tasks:
            await asyncio.wait(self._tasks)


def _due(state: HearingState, here: bool, away_ms: int) -> tuple[CourtFact, ...]:
    """What is to be entered at this moment, when it was due a moment before."""
    if here:
        return (HoldEnded(),) if state.hold_ms else ()
    missed = state.phase is Phase.IN_SESSION and not state.hold_ms and away_ms > 0
    return (HoldStarted(away_ms),) if missed else ()


def _judge_acted(control: HearingControl, after: int) -> bool:
    """Whether an entry after this one was a judge's: they are there, if without a socket."""
    judges = {each.person for each in control.state.of_role(JUDGES)}
    return any(entry.event.actor in judges for entry in control.entries[after:]) if after else False
