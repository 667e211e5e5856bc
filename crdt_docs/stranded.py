"""Words that a deletion would swallow: deleted with their turn, though no deletion named them. Decides nothing."""

from .index import Log, Place, Run
from .updates import TYPE
from .verdicts import Stranded


class Swallowed:
    """Collects while deletions go into the index: `place` marks all that a dying turn or text holds as deleted."""

    def __init__(self, person: str, logs: dict[int, Log]) -> None:
        self._person = person
        self._logs = logs
        self._found: dict[tuple[Place, str], list[tuple[Run, int, int]]] = {}

    def late(self, run: Run, start: int, end: int) -> None:
        """Units just admitted into what was deleted before: the writer's own words."""
        self._take(run, start, end, True)

    def place(self, place: Place) -> None:
        for slot in place.slots.values():
            for client, start, end, _, _ in slot.chain:
                self._logs[client].deleted.add(start, end)
        for run in place.units():
            self._take(run, run.start, run.end, run.log.owner != self._person)
            if run.kind == TYPE and isinstance(run.content, Place):
                run.content.dead = True
                self.place(run.content)

    def _take(self, run: Run, start: int, end: int, report: bool) -> None:
        deleted = run.log.deleted
        if deleted.covers(start, end):
            return
        for part in deleted.missing(start, end):
            deleted.add(*part)
            if report and run.is_text() and run.place is not None:
                self._found.setdefault((run.place.top, run.log.owner), []).append((run, *part))

    def report(self) -> tuple[Stranded, ...]:
        return tuple(Stranded(_id_of(turn), person, _words(pieces)) for (turn, person), pieces in self._found.items())


def _id_of(turn: Place) -> str:
    slot = turn.slots.get("id")
    return slot.value if slot and isinstance(slot.value, str) else ""


def _words(pieces: list[tuple[Run, int, int]]) -> str:
    units = "".join(run.text(start, end) for run, start, end in pieces)
    return units.encode("utf-16-le", "surrogatepass").decode("utf-16-le")
