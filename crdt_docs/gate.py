"""The gate: what may reach pycrdt. Decides on each update by its bytes, the writer and an index of the document; does no I/O.

Nothing enters a document but through here. A refused or held update leaves index and bindings exactly as they were.
"""

from datetime import UTC, datetime

from .admission import Admission
from .bindings import Bindings
from .index import Log
from .shapes import Shape
from .updates import TRUSTED, Limits, decode
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
_KNOWN = Known()
_NO_TIME = datetime.min.replace(tzinfo=UTC)
_FEW_RANGES = 16  # fewer are read faster than compared


class Gate:
    def __init__(self, shape: Shape, bindings: Bindings) -> None:
        self._rules = shape.make()
        self._bindings = bindings
        self._logs: dict[int, Log] = {}

    def admit(self, data: bytes, writer: Writer, frame: Frame, now: datetime) -> Verdict:
        """Judge one frame. The index and the bindings change only when the verdict is Admitted."""
        step2 = frame is Frame.STEP2
        limits = self._step2_limits() if step2 else _LIMITS
        if len(data) > limits.bytes:
            return Refused("too_large", "the update is too big")
        try:
            update = decode(data, limits, self._known_deletions)
        except Malformed as error:
            return Refused("forbidden" if error.code == "forbidden" else "malformed", str(error))
        admission = self._admission(writer.person, writer.may_write, now, step2=step2)
        try:
            admission.judge(update)
        except (Refusal, Missing) as stop:
            admission.roll_back()
            return stop.verdict
        return admission.commit(data)

    def replay(self, data: bytes, person: str) -> None:
        """An update from the log: trusted, it only fills the index. Raises ValueError when it does not fit what came before."""
        self._trust(data, person)

    def load_state(self, state: bytes) -> None:
        """A whole document as one update, from a checkpoint. Client ids belong to whom the bindings say."""
        self._trust(state, "")

    def state_vector(self) -> dict[int, int]:
        return {client: log.next for client, log in self._logs.items()}

    def clock(self, client: int) -> int:
        """The clock the client's next unit must have."""
        log = self._logs.get(client)
        return log.next if log else 0

    def _admission(self, person: str, may_write: bool, now: datetime, *, step2: bool, trusted: bool = False) -> Admission:
        return Admission(
            self._logs, self._rules, self._bindings, person, may_write, now, step2=step2, trusted=trusted
        )

    def _trust(self, data: bytes, person: str) -> None:
        admission = self._admission(person, True, _NO_TIME, step2=False, trusted=True)
        try:
            admission.judge(decode(data, TRUSTED))
        except (Refusal, Missing) as stop:
            admission.roll_back()
            raise ValueError(f"the log does not fit together: {stop}") from stop
        admission.commit(data)

    def _step2_limits(self) -> Limits:
        """A SyncStep2 honestly carries the document's whole delete set."""
        clients, ranges = len(self._logs), sum(len(log.deleted.starts) for log in self._logs.values())
        return _LIMITS._replace(
            delete_clients=_LIMITS.delete_clients + clients, delete_ranges=_LIMITS.delete_ranges + ranges
        )

    def _known_deletions(self, client: int) -> bytes:
        log = self._logs.get(client)
        return log.deleted.encoded() if log and len(log.deleted.starts) >= _FEW_RANGES else b""
