"""The gate: what may reach pycrdt. Decides on an update by its bytes, the writer and an index of the document; no I/O.

Nothing enters a document but through here. A refused or held update leaves index and bindings exactly as they were.
"""

import gc
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

from .admission import Admission
from .bindings import Bindings
from .index import Log, Place
from .keystroke import LONGEST, keystroke
from .shapes import Shape
from .updates import TRUSTED, Limits, Update, decode
from .varint import Malformed
from .verdicts import (
    COURT,
    Admitted,
    Doubled,
    Frame,
    Gap,
    Known,
    Missing,
    Refusal,
    Refused,
    Stranded,
    Verdict,
    Writer,
)

__all__ = [
    "COURT",
    "Admitted",
    "Bindings",
    "Doubled",
    "Frame",
    "Gap",
    "Gate",
    "Known",
    "Refused",
    "Stranded",
    "Verdict",
    "Writer",
]

_LIMITS = Limits()
_NO_TIME = datetime.min.replace(tzinfo=UTC)
_FEW_RANGES = 16  # fewer are read faster than compared
_BIG = 16 * 1024  # bytes


@contextmanager
def _no_collector() -> Generator[None]:
    """Many small objects, none of them garbage: the cycle collector would take half of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


class Gate:
    def __init__(self, shape: Shape, bindings: Bindings) -> None:
        self._rules = shape.make()
        self._bindings = bindings
        self._logs: dict[int, Log] = {}
        self._recent: dict[str, Log] = {}  # the client each person wrote with last

    def admit(self, data: bytes, writer: Writer, frame: Frame, now: datetime) -> Verdict:
        """Judge one frame. The index and the bindings change only when the verdict is Admitted."""
        if frame is Frame.UPDATE and writer.may_write and len(data) < LONGEST:
            log = self._recent.get(writer.person)
            if log is not None and data.startswith(log.head):
                admitted = keystroke(data, log, self._logs)
                if admitted is not None:
                    return admitted
        if len(data) < _BIG:
            verdict = self._judge(data, writer, frame, now)
        else:
            with _no_collector():
                verdict = self._judge(data, writer, frame, now)
        if isinstance(verdict, Admitted) and verdict.client is not None:
            self._recent[writer.person] = self._logs[verdict.client]
        return verdict

    def _judge(self, data: bytes, writer: Writer, frame: Frame, now: datetime) -> Verdict:
        """The long path, for everything."""
        step2 = frame is Frame.STEP2
        if len(data) > _LIMITS.bytes:
            return Refused("malformed", "the update is too big")
        try:
            update = self._decode_step2(data) if step2 else self._decode_update(data)
        except Malformed as error:
            return Refused("forbidden" if error.code == "forbidden" else "malformed", str(error))
        if self._has_too_much_news(update):
            return Refused("malformed", "the update has news of too many clients, or too many structs")
        admission = self._admission(writer.person, writer.may_write, now, step2=step2)
        try:
            admission.judge(update)
        except (Refusal, Missing) as stop:
            admission.roll_back()
            return stop.verdict
        return admission.commit(data)

    def replay(self, data: bytes, person: str) -> None:
        """An update from the log: trusted, it fills the index. Raises ValueError when it does not fit."""
        log = self._recent.get(person)
        if log is not None and data.startswith(log.head) and len(data) < LONGEST and keystroke(data, log, self._logs):
            return
        parts = self._trust(data, person)
        if parts is not None and parts.client is not None and self._logs[parts.client].owner == person:
            self._recent[person] = self._logs[parts.client]

    def load_state(self, state: bytes) -> None:
        """A whole document as one update, from a checkpoint. Client ids belong to whom the bindings say."""
        with _no_collector():
            self._trust(state, "")

    def state_vector(self) -> dict[int, int]:
        return {client: log.next for client, log in self._logs.items()}

    def clock(self, client: int) -> int:
        """The clock the client's next unit must have."""
        log = self._logs.get(client)
        return log.next if log else 0

    def common(self, known: Mapping[int, int]) -> dict[int, int]:
        """The part of a peer's state vector this document knows too; never between the halves of a surrogate pair."""
        shared: dict[int, int] = {}
        for client, clock in known.items():
            log = self._logs.get(client)
            if log is None or clock <= 0:
                continue
            clock = min(clock, log.next)
            if clock < log.next and log.find(clock).splits_pair(clock):
                clock -= 1
            if clock:
                shared[client] = clock
        return shared

    def owing(self) -> Sequence[Doubled]:
        """Turns that still need the court's repair, e.g. because the server was killed before it was written."""
        return self._rules.owing()

    def newest(self, item: tuple[int, int], key: str) -> tuple[int, int]:
        """The newest item (client, clock) of an attribute of what `item` made, element or map; KeyError without one."""
        client, _, end, _, _ = self._made_by(item).slots[key].chain[-1]
        return client, end - 1

    def attribute(self, item: tuple[int, int], key: str) -> str:
        """What an attribute of the element that `item` made says now; empty without one."""
        slot = self._made_by(item).slots.get(key)
        return slot.value if slot and slot.alive and isinstance(slot.value, str) else ""

    def _made_by(self, item: tuple[int, int]) -> Place:
        place = self._logs[item[0]].find(item[1]).content
        if not isinstance(place, Place):
            raise KeyError(item)
        return place

    def _admission(
        self, person: str, may_write: bool, now: datetime, *, step2: bool, trusted: bool = False
    ) -> Admission:
        return Admission(self._logs, self._rules, self._bindings, person, may_write, now, step2=step2, trusted=trusted)

    def _trust(self, data: bytes, person: str) -> Admitted | None:
        admission = self._admission(person, True, _NO_TIME, step2=False, trusted=True)
        try:
            admission.judge(decode(data, TRUSTED))
        except (Refusal, Missing) as stop:
            admission.roll_back()
            raise ValueError(f"the log does not fit together: {stop}") from stop
        verdict = admission.commit(data)
        return verdict if isinstance(verdict, Admitted) else None

    def _decode_step2(self, data: bytes) -> Update:
        """An answer to our state vector honestly carries the document's whole delete set."""
        return decode(data, self._limits(), self._known_deletions)

    def _decode_update(self, data: bytes) -> Update:
        """pycrdt.Provider sends a whole document back as an Update when it was given one: limits are for news."""
        try:
            return decode(data, _LIMITS)
        except Malformed:
            return decode(data, self._limits())

    def _limits(self) -> Limits:
        """What a frame may hold that says again all that is known, and the usual limits beyond that."""
        logs = self._logs.values()
        clients, ranges = len(logs), sum(len(log.deleted.starts) for log in logs)
        return _LIMITS._replace(
            clients=_LIMITS.clients + clients,
            structs=_LIMITS.structs + sum(log.next for log in logs),
            delete_clients=_LIMITS.delete_clients + clients,
            delete_ranges=_LIMITS.delete_ranges + ranges,
        )

    def _has_too_much_news(self, update: Update) -> bool:
        blocks = update.blocks
        if len(blocks) <= _LIMITS.clients and sum(block[3] for block in blocks) <= _LIMITS.structs:
            return False
        news = [block for block in blocks if block[2] > self.clock(block[0])]
        return len(news) > _LIMITS.clients or sum(block[3] for block in news) > _LIMITS.structs

    def _known_deletions(self, client: int) -> bytes:
        log = self._logs.get(client)
        return log.deleted.encoded() if log and len(log.deleted.starts) >= _FEW_RANGES else b""
