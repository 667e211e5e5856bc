"""Structs of one update on their way into the index: each in its place, in order of need, judged as they come.

Whatever is changed stands in a journal, so that it can be taken out again. Deletions and verdicts are not its business.
"""

from bisect import bisect_right
from datetime import datetime
from typing import cast

from .bindings import Bindings
from .index import LONGEST_RUN, Log, Place, Run, Slot, integrate, were_neighbours
from .rules import TEXT, Rules
from .updates import ANY, DELETED, FORMAT, GC, STRING, TYPE, WIDE, Struct, Update
from .values import Value
from .verdicts import Missing, forbidden, malformed

Piece = tuple[Log, int, int]
# an update, past what others wrote at the same spots: about half a second; honest ones need few
MOST_STEPS = 1_000_000


class Pending:
    """One client's new structs and how far they are placed. `wait`: the unit the next one needs."""

    __slots__ = ("at", "clock", "log", "structs", "wait")

    def __init__(self, log: Log, clock: int, structs: list[Struct]) -> None:
        self.log = log
        self.clock = clock
        self.structs = structs
        self.at = 0
        self.wait: tuple[int, int] | None = None


class Placing:
    def __init__(
        self,
        logs: dict[int, Log],
        rules: Rules,
        bindings: Bindings,
        person: str,
        may_write: bool,
        now: datetime,
        *,
        step2: bool,
        trusted: bool = False,
    ) -> None:
        self.logs = logs
        self.rules = rules
        self.bindings = bindings
        self.person = person
        self.may_write = may_write
        self.now = now
        self.step2 = step2
        self.trusted = trusted
        self.touched: dict[Place, None] = {}
        self.bound: list[int] = []
        self.cut = False  # the update's blocks are no longer as they came
        self.dropped = False  # the update's deletions are no longer as they came
        self._update: Update | None = None
        self._pending: list[Pending] = []
        self._steps = 0
        self._starts: list[tuple[Log, int]] = []
        self._journal: list[tuple[Place, str, object]] = []
        self._explicit: list[Piece] = []
        self._implied: list[Piece] = []
        self._late: list[tuple[Run, int, int]] = []  # units placed where all is deleted
        self._dying: list[Place] = []
        self._clearing: list[tuple[Run, int, int]] = []

    def _place_all(self) -> None:
        """Clients take turns, each as far as what it needs is there."""
        waiting = self._pending
        while waiting:
            progress = False
            for pending in waiting:
                if pending.wait and not self._is_known(pending.wait):
                    continue
                before = pending.at
                pending.wait = self._place(pending)
                progress = progress or pending.at > before
            waiting = [pending for pending in waiting if pending.wait]
            if waiting and not progress:
                first = waiting[0].wait
                assert first
                raise Missing(*first)

    def _is_known(self, unit: tuple[int, int]) -> bool:
        log = self.logs.get(unit[0])
        return log is not None and unit[1] < log.next

    def _place(self, pending: Pending) -> tuple[int, int] | None:
        """Put a client's structs in their places; the missing unit, or None at the end. One flat loop: it is hot."""
        log, structs, logs, trusted = pending.log, pending.structs, self.logs, self.trusted
        client, clock, person = log.client, log.next, self.person
        for at in range(pending.at, len(structs)):
            kind, length, left, left_clock, right, right_clock, parent, key, content, _, _ = structs[at]
            place: Place | None = None
            left_run: Run | None = None
            right_run: Run | None = None
            if left >= 0:
                other = logs.get(left)
                if other is None or left_clock >= other.next:
                    return self._stop(pending, at, left, left_clock)
                left_run = other.find(left_clock)
                place = left_run.place
                if left_run.kind == WIDE and left_run.splits_pair(left_clock + 1):
                    raise malformed("a left origin parts a surrogate pair")
            if right >= 0:
                other = logs.get(right)
                if other is None or right_clock >= other.next:
                    return self._stop(pending, at, right, right_clock)
                right_run = other.find(right_clock)
                if right_run.kind == WIDE and right_run.splits_pair(right_clock):
                    raise malformed("a right origin parts a surrogate pair")
                if left_run is None:
                    place = right_run.place
                elif right_run.place is not place:
                    if place is not None and right_run.place is not None:
                        raise malformed("the origins of a struct stand in different places")
                    place = None
            elif left_run is None and kind:
                if isinstance(parent, tuple) and not self._is_known(parent):
                    return self._stop(pending, at, *parent)
                place = self._named(parent, key)
            end = clock + length
            if place is None:
                self._collect(pending, at, clock, end)
                clock = end
                continue
            if not trusted:
                keeper = place.top.keeper
                if keeper is not None and keeper != person:
                    raise forbidden("the place belongs to somebody else")
                if (key is not None) is not place.keyed:
                    raise malformed("a struct says wrongly whether it stands at a key")
            if place.role == TEXT:
                if left_run and kind == left_run.kind == STRING and left == client and left_clock == clock - 1:
                    following = left_run.after
                    if (
                        following is right_run
                        and (following is None or following.start == right_clock)
                        and left_run.right == (right, right_clock)
                        and left_run.end - left_run.start < LONGEST_RUN
                    ):
                        left_run.content += content  # pyright: ignore[reportOperatorIssue]
                        left_run.end = log.next = end
                        if place.dead:
                            self._late.append((left_run, clock, end))
                        clock = end
                        continue
                if kind == FORMAT:
                    if not trusted:
                        self.rules.mark(*cast("tuple[str, str]", content))
                elif kind == DELETED:
                    self._implied.append((log, clock, end))
                elif kind not in (STRING, WIDE):
                    raise forbidden("a text holds something other than words and marks")
                run = Run(log, clock, end, kind, place, content, (left, left_clock), (right, right_clock))
                if place.dead:
                    self._late.append((run, clock, end))
            else:
                run = self._place_other(place, log, clock, structs[at])
            if not place.keyed:
                sound = trusted or were_neighbours(left_run, left_clock, right_run, right_clock, logs)
                if not sound and (place.item[0] != client or place.item[1] < pending.clock):
                    raise malformed("the origins of a struct cannot have been neighbours")
                if left_run and left_run.end != left_clock + 1:
                    rest = left_run.log.split(left_run, left_clock + 1)
                    if right_run is left_run and right_clock > left_clock:
                        right_run = rest
                if right_run and right_run.start != right_clock:
                    rest = right_run.log.split(right_run, right_clock)
                    if left_run is right_run and left_clock >= right_clock:
                        left_run = rest
                    right_run = rest
                steps = integrate(run, left_run, right_run, logs)
                if steps:
                    self._count(steps)
                if not sound:
                    self._restate(pending, at, run)
            log.add(run)
            clock = end
        pending.at = len(structs)
        return None

    def _restate(self, pending: Pending, at: int, run: Run) -> None:
        """Give a struct its true neighbours as origins.

        Yjs' redo of a whole text gives its parts origins in the wrong order. In a text that the update itself makes
        nobody else has written yet, so the order is the writer's; with true origins it stays so in every other copy.
        """
        before, after = run.before, run.after
        left, left_clock = (before.log.client, before.end - 1) if before else (-1, -1)
        right, right_clock = (after.log.client, after.start) if after else (-1, -1)
        run.origin, run.right = (left, left_clock), (right, right_clock)
        kind, length, _, _, _, _, _, _, content, _, _ = pending.structs[at]
        pending.structs[at] = (kind, length, left, left_clock, right, right_clock, None, None, content, -1, -1)
        self.cut = True

    def _count(self, steps: int) -> None:
        self._steps += steps
        if self._steps > MOST_STEPS and not self.trusted:
            raise malformed("too much was written at one spot at once")

    def _stop(self, pending: Pending, at: int, client: int, clock: int) -> tuple[int, int]:
        if client == pending.log.client:
            raise malformed("a struct needs a later one of its own client")
        pending.at = at
        log = self.logs.get(client)
        return client, max(clock, log.next if log else 0)

    def _named(self, parent: str | tuple[int, int] | None, key: str | None) -> Place | None:
        """The place a struct without origins names; None when that was collected."""
        base: object
        if isinstance(parent, tuple):
            run = self.logs[parent[0]].find(parent[1])
            if run.kind in (GC, DELETED):
                return None
            base = run.content
            if not isinstance(base, Place):
                raise malformed("a parent is no type")
        else:
            base = self.rules.root
            if parent != self.rules.root_name:
                raise forbidden("the root has another name")
        if key is None:
            return base
        slot = base.slots.get(key)
        if slot is None:
            slot = self.rules.key(self, base, key)
            base.slots[key] = slot
            self._journal.append((base, key, slot))
        return slot

    def _collect(self, pending: Pending, at: int, clock: int, end: int) -> None:
        """Beside a collected unit everything is collected."""
        log = pending.log
        if pending.structs[at][0] != GC:
            pending.structs[at] = (GC, end - clock, -1, -1, -1, -1, None, None, None, -1, -1)
            self.cut = True
        log.add(Run(log, clock, end, GC, None, None, (-1, -1), (-1, -1)))
        self._implied.append((log, clock, end))

    def _place_other(self, place: Place, log: Log, clock: int, struct: Struct) -> Run:
        """A struct that stands in no text: a type, a value, or a deleted one."""
        kind, length, left, left_clock, right, right_clock, _, _, content, _, _ = struct
        inner: object = None
        if kind == TYPE:
            inner = self.rules.inner(self, place, cast("tuple[int, str]", content), log, clock)
            inner.dead = place.top.dead
        elif kind == ANY and isinstance(place, Slot):
            inner = content
        elif kind != DELETED:
            raise forbidden("content of this kind has no place here")
        run = Run(log, clock, clock + length, kind, place, inner, (left, left_clock), (right, right_clock))
        if isinstance(place, Slot):
            if right >= 0:
                raise malformed("a key's value has a right origin")
            self._into_slot(place, run)
        elif kind == DELETED or place.dead:
            self._implied.append((log, clock, clock + length))
        return run

    def _into_slot(self, slot: Slot, run: Run) -> None:
        log, clock = run.log, run.start
        if run.kind != ANY:
            self._link(slot, log, clock, run.end, run.origin, run.kind == TYPE, None)
            return
        values = cast("list[Value]", run.content)
        if len(values) > 1 and not self.trusted and not self._deletes(log.client, clock, run.end):
            raise forbidden("a key has several values at once")
        origin = run.origin
        for value in values:
            if not self.trusted:
                self.rules.value(self, slot, value)
            self._link(slot, log, clock, clock + 1, origin, True, value)
            origin = (log.client, clock)
            clock += 1

    def _deletes(self, client: int, start: int, end: int) -> bool:
        """Whether the update itself deletes all of it. Yjs joins neighbours that are deleted, values too."""
        assert self._update
        for other, starts, ends in self._update.deletes:
            if other == client:
                at = bisect_right(starts, start) - 1
                return at >= 0 and ends[at] >= end
        return False

    def _link(
        self, slot: Slot, log: Log, start: int, end: int, origin: tuple[int, int], alive: bool, value: Value
    ) -> None:
        """One value among all the key ever had: the last one counts, every other is deleted."""
        chain = slot.chain
        left, left_clock = origin
        self.touched[slot.top] = None
        if not chain or (chain[-1][0] == left and chain[-1][2] == left_clock + 1):
            at = len(chain)
        else:
            slot.steps = 0
            at = slot.position(log.client, left, left_clock)
            self._count(slot.steps)
        self._journal.append((slot, "link", (at, slot.alive, slot.value)))
        chain.insert(at, (log.client, start, end, left, left_clock))
        if at < len(chain) - 1 or slot.top.dead or not alive:
            self._implied.append((log, start, end))
        if at == len(chain) - 1:
            if slot.alive:
                client, _, last, _, _ = chain[at - 1]
                self._implied.append((self.logs[client], last - 1, last))
            slot.alive = alive
            slot.value = value

    def undo_later(self, place: Place, name: str, before: object) -> None:
        self._journal.append((place, name, before))
