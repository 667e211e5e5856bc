"""One update on its way into the index, judged and kept whole or not at all.

Structs go into the index as they are judged (placing.py) and a journal takes them out again; deletions touch the index
only in `commit`.
"""

from collections.abc import Sequence
from typing import cast

from .bindings import MOST_CLIENTS
from .deletes import Ranges, union
from .index import Log, Place, Run, Slot
from .known import after_known
from .placing import Pending, Placing
from .stranded import Swallowed
from .updates import DELETED, FORMAT, GC, TYPE, WIDE, Block, Struct, Update, encode, write_struct
from .values import Value
from .verdicts import COURT, Admitted, Known, Missing, forbidden, malformed


class Admission(Placing):
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

    def roll_back(self) -> None:
        for place, name, before in reversed(self._journal):
            if isinstance(before, Slot):
                del place.slots[name]
            elif name == "link":
                assert isinstance(place, Slot)
                at, place.alive, place.value = cast("tuple[int, bool, Value]", before)
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
