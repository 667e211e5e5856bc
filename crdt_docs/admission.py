"""One update on its way into the index: placed in order of its dependencies, judged, and kept whole or not at all.

Structs go into the index as they are judged and a journal takes them out again; deletions touch the index only in `commit`.
"""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime

from .bindings import MOST_CLIENTS, Bindings
from .deletes import Ranges, union
from .index import LONGEST_RUN, Log, Place, Run, Slot, integrate, were_neighbours
from .known import after_known
from .rules import TEXT, Rules
from .stranded import Swallowed
from .updates import ANY, DELETED, FORMAT, GC, STRING, TYPE, WIDE, Block, Struct, Update, encode, write_struct
from .verdicts import COURT, Admitted, Known, Missing, forbidden, malformed

Piece = tuple[Log, int, int]
MOST_STEPS = 1_000_000  # an update, past what others wrote at the same spots: about half a second; honest ones need few


class Pending:
    """One client's new structs and how far they are placed. `wait`: the unit the next one needs."""

    __slots__ = ("at", "clock", "log", "structs", "wait")

    def __init__(self, log: Log, clock: int, structs: list[Struct]) -> None:
        self.log = log
        self.clock = clock
        self.structs = structs
        self.at = 0
        self.wait: tuple[int, int] | None = None


class Admission:
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

    # judging

    def judge(self, update: Update) -> None:
        """Raises Refusal or Missing; call `roll_back` then."""
        self._update = update
        for block, structs in zip(update.blocks, update.structs, strict=True):
            self._open(block, structs)
        self._place_all()
        for deletes in update.deletes:
            self._delete(deletes)
        self._clear()
        self.rules.finish(self)

    def _open(self, block: Block, structs: Sequence[Struct]) -> None:
        client, clock, end, _, _ = block
        log = self.logs.get(client)
        known = log.next if log else 0
        if end > known:
            self._check_owner(client, log)
        if clock > known:
            raise Missing(client, known)
        new = list(structs)
        if log and clock < known:
            new = after_known(log, clock, new)
            self.cut = True
            if not new:
                return
        if log is None:
            log = self.logs[client] = Log(client, self._owner(client))
        self._starts.append((log, known))
        self._pending.append(Pending(log, known, new))

    def _owner(self, client: int) -> str:
        return self.bindings.person_of(client) or self.person

    def _check_owner(self, client: int, log: Log | None) -> None:
        owner = self.bindings.person_of(client) or (log.owner if log else None)
        if self.trusted:
            if owner is None and self.person:
                self.bound.append(client)
            return
        if not self.may_write:
            raise forbidden("a reader wrote something new")
        if owner is None:
            self.bound.append(client)
            if self.person != COURT and self.bindings.count(self.person) + len(self.bound) > MOST_CLIENTS:
                raise forbidden("the person has too many client ids")
        elif owner != self.person:
            raise forbidden(f"client {client} belongs to somebody else")
        self.rules.may_write(self)

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
        """Put a client's structs in their places; the unit that is missing, or None at the end. One flat loop: it is hot."""
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
                if kind == STRING and left_run and left == client and left_clock == clock - 1 and left_run.kind == STRING:
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
                        self.rules.mark(*content)  # pyright: ignore
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
                # Yjs' redo of a whole text gives its parts origins in the wrong order; in a text that this update makes
                # nobody else can have written, so every copy orders them the same.
                is_new = place.item[0] == client and place.item[1] >= pending.clock
                if not (trusted or is_new or were_neighbours(left_run, left_clock, right_run, right_clock, logs)):
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
            log.add(run)
            clock = end
        pending.at = len(structs)
        return None

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
            assert isinstance(content, tuple)
            inner = self.rules.inner(self, place, content, log, clock)  # pyright: ignore[reportArgumentType]
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
        values = run.content
        assert isinstance(values, list)
        if len(values) > 1 and not self.trusted and not self._deletes(log.client, clock, run.end):  # pyright: ignore
            raise forbidden("a key has several values at once")
        origin = run.origin
        for value in values:  # pyright: ignore[reportUnknownVariableType]
            if not self.trusted:
                self.rules.value(self, slot, value)  # pyright: ignore[reportUnknownArgumentType]
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
        self, slot: Slot, log: Log, start: int, end: int, origin: tuple[int, int], alive: bool, value: object
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
            slot.value = value  # pyright: ignore[reportAttributeAccessIssue]

    # deletions

    def _delete(self, deletes: Ranges) -> None:
        client, starts, ends = deletes
        log = self.logs.get(client)
        if log is None or ends[-1] > log.next:
            raise Missing(client, log.next if log else 0)
        end_of = log.deleted.end_of
        for start, end in zip(starts, ends, strict=True):
            if end_of.get(start, 0) >= end:
                self.dropped = True
                continue
            parts = log.deleted.missing(start, end)
            if len(parts) != 1 or parts[0] != (start, end):
                self.dropped = True
            for a, b in parts:
                self._delete_part(log, a, b)

    def _delete_part(self, log: Log, start: int, end: int) -> None:
        while start < end:
            run = log.find(start)
            stop = min(run.end, end)
            if run.kind == WIDE and (run.splits_pair(start) or run.splits_pair(stop)):
                raise malformed("a deletion parts a surrogate pair")
            if run.kind in (GC, DELETED) or self._may_delete(run):
                self._note_deletion(run, start, stop)
            start = stop

    def _may_delete(self, run: Run) -> bool:
        if self.trusted:
            return True
        if not self.may_write:
            # Yjs tidies marks that do nothing in every replica, readers' too: that is no edit of theirs
            if run.kind != FORMAT:
                raise forbidden("a reader deleted something")
        elif self.rules.may_delete(self, run):
            return True
        elif not self.step2:
            raise forbidden("the deletion touches what is not the writer's to delete")
        self.dropped = True
        return False

    def _note_deletion(self, run: Run, start: int, stop: int) -> None:
        if isinstance(run.place, Slot):
            self._clearing.append((run, start, stop))
            return
        self._explicit.append((run.log, start, stop))
        inner = run.content
        if run.kind == TYPE and isinstance(inner, Place) and not inner.dead:
            self._kill(inner)

    def _kill(self, inner: Place) -> None:
        self.undo_later(inner, "dead", False)
        inner.dead = True
        self._dying.append(inner)
        self.touched[inner.top] = None

    def _clear(self) -> None:
        """Deletions at keys, judged when it is known which turns go altogether."""
        for run, start, stop in self._clearing:
            slot = run.place
            assert isinstance(slot, Slot)
            client, _, end, _, _ = slot.chain[-1]
            living = slot.alive and client == run.log.client and start < end <= stop
            if living and not self.trusted and not slot.top.dead and not self.rules.may_clear(self, slot):
                if not self.step2:
                    raise forbidden(f"the key {slot.key} was removed")
                self.dropped = True
                continue
            self._explicit.append((run.log, start, stop))
            if living:
                self.undo_later(slot, "alive", True)
                slot.alive = False
                self.touched[slot.top] = None
            if run.kind == TYPE and isinstance(run.content, Place) and not run.content.dead:
                self._kill(run.content)

    # outcome

    def undo_later(self, place: Place, name: str, before: object) -> None:
        self._journal.append((place, name, before))

    def roll_back(self) -> None:
        for place, name, before in reversed(self._journal):
            if isinstance(before, Slot):
                del place.slots[name]
            elif name == "link":
                assert isinstance(place, Slot) and isinstance(before, tuple)
                at, place.alive, place.value = before
                del place.chain[at]
            else:
                setattr(place, name, before)
        for log, clock in self._starts:
            log.forget(clock)
            if not log.runs:
                del self.logs[log.client]

    def commit(self, data: bytes) -> Admitted | Known:
        """Deletions into the index, and the verdict."""
        if not self._pending and not self._explicit:
            return Known()
        for client in self.bound:
            self.bindings.bind(client, self.person)
        explicit: dict[Log, list[tuple[int, int]]] = {}
        for log, start, end in self._explicit:
            explicit.setdefault(log, []).append((start, end))
        for log, ranges in explicit.items():
            log.deleted.add_all(ranges)
        swallowed = Swallowed(self.person, self.logs)
        for run, start, end in self._late:
            swallowed.late(run, start, end)
        for log, start, end in self._implied:
            log.deleted.add(start, end)
        for place in self._dying:
            swallowed.place(place)
        doubled = self.rules.commit(self)
        update, parts = self._result(data)
        client = parts.blocks[0][0] if parts.blocks else None
        stranded = () if self.trusted else swallowed.report()
        return Admitted(update, parts, client, tuple(self.bound), stranded, () if self.trusted else tuple(doubled))

    def _result(self, data: bytes) -> tuple[bytes, Update]:
        assert self._update
        update = self._update
        blocks = [self._block(pending, data) for pending in self._pending] if self.cut else update.blocks
        rewrite = self.cut or ((self.step2 or not self.may_write) and (self.dropped or update.passed_over))
        if not rewrite:
            return data, Update(blocks, update.deletes)
        news = union((log.client, [start], [end]) for log, start, end in self._explicit)
        parts = Update(blocks, news)
        return encode(parts), parts

    def _block(self, pending: Pending, data: bytes) -> Block:
        body = b"".join(data[s[9] : s[10]] if s[9] >= 0 else write_struct(s) for s in pending.structs)
        return pending.log.client, pending.clock, pending.log.next, len(pending.structs), body
