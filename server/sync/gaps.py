"""Frames that build on something not here yet: held unacked, tried again, dropped and asked for after a while.

No offence: both providers send `Update clock 10` before the SyncStep2 that fills it when a user types during
the handshake.
"""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crdt_docs.gate import Frame

if TYPE_CHECKING:
    from server.sync.peer import Peer
    from server.sync.room import Room

HELD_LIMIT = 256 * 1024  # bytes of frames a peer
HELD_SECONDS = 10.0
GAPS_PER_MINUTE = 3  # the third drop within a minute is `stale`


@dataclass(slots=True)
class Waiting:
    """One peer's held frames, and how many it sent that were dropped unacked."""

    frames: deque[tuple[bytes, Frame, int]] = field(default_factory=lambda: deque[tuple[bytes, Frame, int]]())
    size: int = 0
    timer: asyncio.TimerHandle | None = None
    dropped_at: list[float] = field(default_factory=lambda: list[float]())


class Gaps:
    """The held frames of one room. `waiting` is false while nobody waits, so that honest typing pays nothing."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._peers: dict[Peer, Waiting] = {}
        self.waiting = False
        self._retrying = False

    def hold(self, peer: Peer, data: bytes, kind: Frame, acks: int) -> None:
        """Keep a frame until what it needs is here; at most HELD_LIMIT bytes and HELD_SECONDS."""
        waiting = self._peers.setdefault(peer, Waiting())
        waiting.frames.append((data, kind, acks))
        waiting.size += len(data)
        self.waiting = True
        if waiting.size > HELD_LIMIT:
            self._drop(peer)
        elif waiting.timer is None:
            waiting.timer = asyncio.get_running_loop().call_later(HELD_SECONDS, self._drop, peer)

    def retry(self) -> None:
        """Something new was admitted: try held frames again, each peer's in order, until nothing moves."""
        if self._retrying:
            return
        self._retrying = True
        try:
            moved = True
            while moved:
                moved = any([self._retry(peer) for peer in list(self._peers)])
        finally:
            self._retrying = False

    def _retry(self, peer: Peer) -> bool:
        waiting = self._peers.get(peer)
        if waiting is None or not waiting.frames:
            return False
        frames, waiting.frames, waiting.size = waiting.frames, deque(), 0
        for data, kind, acks in frames:
            if peer in self._room.members:
                self._room.write(peer, data, kind, acks)
        if not waiting.frames:
            self._rest(waiting)
        return len(waiting.frames) < len(frames)

    def forget(self, peer: Peer) -> None:
        """The peer has gone."""
        waiting = self._peers.pop(peer, None)
        if waiting is not None:
            self._rest(waiting)
        self.waiting = any(each.frames for each in self._peers.values())

    def _rest(self, waiting: Waiting) -> None:
        if waiting.timer is not None:
            waiting.timer.cancel()
            waiting.timer = None
        self.waiting = any(each.frames for each in self._peers.values())

    def _drop(self, peer: Peer) -> None:
        """Never filled: the frames go, unacked, and the peer is asked for all it has; the third time it is `stale`."""
        waiting = self._peers[peer]
        now = asyncio.get_running_loop().time()
        waiting.dropped_at = [at for at in waiting.dropped_at if now - at < 60] + [now]
        peer.owed += sum(acks for _, _, acks in waiting.frames)
        waiting.frames.clear()
        waiting.size = 0
        self._rest(waiting)
        if len(waiting.dropped_at) >= GAPS_PER_MINUTE:
            self._room.refuse(peer, "stale")
        else:
            self._room.ask(peer, acked=False)
