"""A folder that a recording writes into, at a clock of the test's own; its files decoded again."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import av

from media.depayload import AUDIO, VIDEO, Packet
from media.rounds import Recording
from media.segments import SealedRound
from tests.recording.prepared import Sender, together

START_MS = 1_700_000_000_000
STEP_MS = 200


@dataclass
class Written:
    """`asked`: whose key frame was asked for, in order."""

    folder: Path
    segment_ms: int = 4_000
    people: tuple[str, ...] = ("a", "b")
    answers: bool = True  # whether people send a key frame when asked
    now_ms: int = START_MS
    sealed: list[SealedRound] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    senders: dict[str, Sender] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.recording = self.begun()
        for person in self.people:
            self.senders[f"{person}/{VIDEO}"] = Sender(VIDEO, self.now_ms)
            self.senders[f"{person}/{AUDIO}"] = Sender(AUDIO, self.now_ms)

    def begun(self) -> Recording:
        recording = Recording(self.folder, self.segment_ms, self.sealed.append, self._ask)
        recording.members(frozenset(self.people), frozenset(self.people))
        return recording

    def _ask(self, person: str) -> None:
        self.asked.append(person)
        if self.answers:
            self.senders[f"{person}/{VIDEO}"].key()

    def step(self) -> list[tuple[str, str, Packet]]:
        """The packets of the next STEP_MS; the clock has gone on by them."""
        self.now_ms += STEP_MS
        return together(*((name, sender.packets(STEP_MS)) for name, sender in self.senders.items()))

    def go(self, milliseconds: int, *silent: str) -> None:
        """Everybody sends but the streams named (`person/kind`), whose packets are lost."""
        for _ in range(milliseconds // STEP_MS):
            for person, kind, packet in self.step():
                if f"{person}/{kind}" not in silent:
                    self.recording.packet(person, kind, packet)
            self.recording.tick(self.now_ms)

    def stop(self) -> None:
        self.recording.stop(self.now_ms)

    def files(self, person: str, kind: str) -> list[Path]:
        return [
            self.folder / file.name
            for each in self.sealed
            for file in each.files
            if (file.person, file.kind) == (person, kind)
        ]


def decoded(path: Path) -> int:
    """Frames of the file's first track, each decoded."""
    with av.open(str(path)) as container:
        return sum(1 for _ in container.decode(container.streams[0]))


def times_of(path: Path) -> list[int]:
    """When each packet is shown, in milliseconds from the file's beginning."""
    with av.open(str(path)) as container:
        stream = container.streams[0]
        return [round((each.pts or 0) * (each.time_base or 0) * 1_000) for each in container.demux(stream) if each.size]
