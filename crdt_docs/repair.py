"""One attribute of one element given a new value, written as the bytes of an update. Decides nothing."""

from .updates import ANY, KEY, LEFT
from .varint import write, write_text

_TEXT = b"\x77"  # lib0's mark of a string in an Any


def added(turn: tuple[int, int], key: str, value: str, client: int) -> bytes:
    """The first update of a new `client`: an attribute that the element made by `turn` (client, clock) never had."""
    parent = b"\x00" + write(turn[0]) + write(turn[1])
    struct = bytes((ANY | KEY,)) + parent + write_text(key) + b"\x01" + _TEXT + write_text(value)
    return b"\x01\x01" + write(client) + b"\x00" + struct + b"\x00"


def rewritten(last: tuple[int, int], value: str, client: int) -> bytes:
    """The first update of a new `client`: `value` after `last`, the newest item (client, clock) of the attribute.

    With an origin neither parent nor key stands in the bytes; both come from it; whoever integrates it deletes `last`.
    """
    origin = write(last[0]) + write(last[1])
    struct = bytes((ANY | LEFT | KEY,)) + origin + b"\x01" + _TEXT + write_text(value)
    return b"\x01\x01" + write(client) + b"\x00" + struct + b"\x00"
