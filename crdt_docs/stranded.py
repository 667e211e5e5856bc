"""Words that a deletion would swallow: deleted with their turn, though their writer's copy of the deletion never named them."""

from .index import Place, Run
from .rules import TEXT
from .updates import TYPE
from .verdicts import Stranded


class Swallowed:
    """Collects while deletions go into the index: `place` marks all that a dying turn or text holds as deleted."""

    def __init__(self, person: str) -> None:
        self._person = person
        self._found: dict[tuple[Place, str], list[tuple[Run, int, int]]] = {}

    def late(self, run: Run, start: int, end: int) -> None:
        """Units just admitted into what was deleted before: the writer's own words."""
        self._take(run, start, end, True)

    def place(self, place: Place) -> None:
        for slot in place.slots.values():
            self.place(slot)
        for run in place.runs:
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
        return tuple(
            Stranded(_id_of(turn), person, _words(pieces)) for (turn, person), pieces in self._found.items()
        )


def _id_of(turn: Place) -> str:
    slot = turn.slots.get("id")
    return slot.value if slot and isinstance(slot.value, str) else ""


def _words(pieces: list[tuple[Run, int, int]]) -> str:
    """The pieces in the order in which they stood in the text."""
    if len(pieces) > 1:
        rank = _ranks([place for place in dict.fromkeys(run.place for run, _, _ in pieces) if place is not None])
        cut: list[tuple[int, str]] = []
        for run, start, end in pieces:
            cut += ((rank[run.log.client, unit], run.text(unit, unit + 1)) for unit in range(start, end))
        units = "".join(text for _, text in sorted(cut))
    else:
        units = pieces[0][0].text(*pieces[0][1:])
    return units.encode("utf-16-le", "surrogatepass").decode("utf-16-le")


def _ranks(texts: list[Place]) -> dict[tuple[int, int], int]:
    """Every unit's place in its text: behind its origin, the newest first (as it is when nobody wrote at the same spot at once)."""
    assert all(text.role == TEXT for text in texts)
    ranks: dict[tuple[int, int], int] = {}
    for text in texts:
        behind: dict[tuple[int, int], list[Run]] = {}
        for run in text.runs:
            behind.setdefault(run.origin, []).append(run)
        stack = [(run, run.start) for run in behind.get((-1, -1), [])]
        while stack:
            run, clock = stack.pop()
            unit = run.log.client, clock
            ranks[unit] = len(ranks)
            if clock + 1 < run.end:
                stack.append((run, clock + 1))
            stack += ((follower, follower.start) for follower in behind.get(unit, []))
    return ranks
