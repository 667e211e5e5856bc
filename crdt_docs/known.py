"""What an update repeats of the known: compared with the index and cut off. Changes nothing."""

from typing import cast

from .index import Log
from .updates import ANY, DELETED, FORMAT, GC, STRING, TYPE, WIDE, Struct
from .values import Value
from .verdicts import Refusal, malformed


def after_known(log: Log, clock: int, structs: list[Struct]) -> list[Struct]:
    """The structs from `clock` on without the known units. Raises Refusal `conflict` where content differs.

    ContentDeleted or GC in place of known content is normal, and so is content where a deleted unit is known.
    """
    known = log.next
    for n, struct in enumerate(structs):
        end = clock + struct[1]
        _compare(log, struct, clock, min(end, known))
        if end > known:
            rest = structs[n:]
            if clock < known:
                rest[0] = _cut(log, struct, known - clock)
            return rest
        clock = end
    return []


def _compare(log: Log, struct: Struct, clock: int, stop: int) -> None:
    kind, content, start = struct[0], struct[8], clock
    if kind in (GC, DELETED):
        return
    while clock < stop:
        run = log.find(clock)
        end = min(run.end, stop)
        if run.kind not in (GC, DELETED):
            same = False
            if isinstance(content, str):
                same = run.kind in (STRING, WIDE) and run.text(clock, end) == content[clock - start : end - start]
            elif kind == run.kind == ANY and isinstance(content, list):
                ours = cast("list[Value]", run.content)
                same = content[clock - start : end - start] == ours[clock - run.start : end - run.start]
            elif kind == run.kind == FORMAT:
                same = content == run.content
            elif kind == run.kind == TYPE:
                same = True
            if not same:
                raise Refusal("conflict", f"client {log.client} wrote something else at clock {clock}")
        clock = end


def _cut(log: Log, struct: Struct, n: int) -> Struct:
    """The struct without its first `n` units; behind the last of them, as Yjs splits."""
    kind, length, _, _, right, right_clock, _, key, content, _, _ = struct
    if kind == WIDE and isinstance(content, str) and "\udc00" <= content[n] <= "\udfff":
        raise malformed("a cut parts a surrogate pair")
    rest = content[n:] if isinstance(content, str | list) else content
    key = None if key is None else ""
    return kind, length - n, log.client, log.next - 1, right, right_clock, None, key, rest, -1, -1
