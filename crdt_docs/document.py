"""One live document in pycrdt. Takes admitted updates only; never judges them.

Besides transcript.py (and annotations.py) nothing here uses pycrdt.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from pycrdt import Doc

T = TypeVar("T")


class DocumentBroken(Exception):
    """pycrdt failed; the Doc may be half changed and must be thrown away."""


class Document:
    def __init__(self, name: str) -> None:
        self.name = name
        # without skip_gc a snapshot of an earlier moment could not be restored
        self.doc: Doc[Any] = Doc(skip_gc=True)

    def apply(self, update: bytes) -> None:
        self._call(lambda: self.doc.apply_update(update))

    def state_vector(self) -> bytes:
        return self._call(self.doc.get_state)

    def diff(self, state_vector: bytes | None = None) -> bytes:
        """What a peer with this state vector lacks; everything when it has none."""
        return self._call(lambda: self.doc.get_update(state_vector))

    def _call(self, action: Callable[[], T]) -> T:
        """PanicException is a BaseException, hence the wide net."""
        try:
            return action()
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:
            raise DocumentBroken(f"{self.name}: {error}") from error
