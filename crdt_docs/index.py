"""The gate's index of a document: which client wrote which units, where they stand, what is deleted. Judges nothing."""

from bisect import bisect_right
from collections.abc import Iterator

from .deletes import Deleted
from .updates import STRING, WIDE
from .values import Value
from .varint import write

LONGEST_RUN = 1024  # units: typing extends a run up to here, so that a keystroke costs the same in a long text


class Place:
    """Where units stand side by side: the root, a turn, a text, an entry; as Slot, one key of a turn or map.

    `top` is the turn or entry around it; `top.keeper`, when set, is the only person who may write there. `first` begins
    the runs in the order of the document.
    """

    __slots__ = ("dead", "first", "item", "keeper", "role", "slots", "top")
    keyed = False

    def __init__(self, role: int, top: "Place | None" = None, item: tuple[int, int] = (-1, -1)) -> None:
        self.role = role
        self.top = top or self
        self.item = item
        self.dead = False
        self.keeper: str | None = None
        self.first: Run | None = None
        self.slots: dict[str, Slot] = {}

    def units(self) -> "Iterator[Run]":
        """The runs in the order of the document."""
        run = self.first
        while run is not None:
            yield run
            run = run.after


# client, first clock, end clock, left origin (client, clock)
Link = tuple[int, int, int, int, int]


class Slot(Place):
    """One key: every value it ever had in the order of Yjs, the last one alive or not."""

    __slots__ = ("alive", "chain", "key", "parent", "steps", "value")
    keyed = True

    def __init__(self, role: int, parent: Place, key: str, top: Place | None = None) -> None:
        super().__init__(role, top or parent.top)
        self.parent = parent
        self.key = key
        self.chain: list[Link] = []
        self.alive = False
        self.steps = 0
        self.value: Value = None

    def position(self, client: int, left: int, left_clock: int) -> int:
        """Where an item with this left origin goes among concurrent ones (YATA; keys have no right origins).

        `steps` counts the work, which hostile updates could make long.
        """
        chain = self.chain
        at = 0
        if left >= 0:
            at = self._index(left, left_clock) + 1
            if chain[at - 1][2] != left_clock + 1:
                self._split(at - 1, left_clock + 1)
        before: set[int] = set()
        conflicting: set[int] = set()
        for n in range(at, len(chain)):
            other, _, _, origin, origin_clock = chain[n]
            before.add(n)
            conflicting.add(n)
            self.steps += 1
            if origin == left and origin_clock == left_clock:
                if other >= client:
                    break
                at = n + 1
                conflicting.clear()
            elif origin >= 0 and (index := self._index(origin, origin_clock)) in before:
                if index not in conflicting:
                    at = n + 1
                    conflicting.clear()
            else:
                break
        return at

    def _index(self, client: int, clock: int) -> int:
        for n in range(len(self.chain) - 1, -1, -1):
            link = self.chain[n]
            if link[0] == client and link[1] <= clock < link[2]:
                self.steps += len(self.chain) - n
                return n
        raise KeyError((client, clock))

    def _split(self, n: int, clock: int) -> None:
        client, start, end, left, left_clock = self.chain[n]
        self.chain[n : n + 1] = [(client, start, clock, left, left_clock), (client, clock, end, client, clock - 1)]


class Run:
    """Units of one client that follow each other in clock and in place; nothing stands between them.

    `content`: the text of String (UTF-16 units when WIDE), the inner Place of Type, the values of Any, name and value
    of Format. `origin` and `right` are the first unit's origins, (-1, -1) without. `label` orders the runs of a place.
    """

    __slots__ = ("after", "before", "content", "end", "kind", "label", "log", "origin", "place", "right", "start")

    def __init__(
        self,
        log: "Log",
        start: int,
        end: int,
        kind: int,
        place: Place | None,
        content: object,
        origin: tuple[int, int],
        right: tuple[int, int],
    ) -> None:
        self.log = log
        self.start = start
        self.end = end
        self.kind = kind
        self.place = place
        self.content = content
        self.origin = origin
        self.right = right
        self.label = 0
        self.before: Run | None = None
        self.after: Run | None = None

    def text(self, start: int, end: int) -> str:
        """The units start..end (clocks) of a String run."""
        content = self.content
        assert isinstance(content, str)
        return content[start - self.start : end - self.start]

    def splits_pair(self, clock: int) -> bool:
        """Whether a cut before `clock` would part the halves of a surrogate pair."""
        return self.kind == WIDE and clock > self.start and "\udc00" <= self.text(clock, clock + 1) <= "\udfff"

    def is_text(self) -> bool:
        return self.kind in (STRING, WIDE)


class Log:
    """All units of one client id: gapless runs from clock 0 on."""

    __slots__ = ("client", "deleted", "head", "id", "next", "owner", "runs", "starts")

    def __init__(self, client: int, owner: str) -> None:
        self.client = client
        self.id = write(client)
        self.head = b"\1\1" + self.id  # how an update starts that brings one struct of this client
        self.owner = owner
        self.next = 0
        self.starts: list[int] = []
        self.runs: list[Run] = []
        self.deleted = Deleted()

    def find(self, clock: int) -> Run:
        """The run that holds `clock`, which must be below `next`."""
        run = self.runs[-1]
        return run if clock >= run.start else self.runs[bisect_right(self.starts, clock) - 1]

    def add(self, run: Run) -> None:
        self.runs.append(run)
        self.starts.append(run.start)
        self.next = run.end

    def split(self, run: Run, clock: int) -> Run:
        """Part a run before `clock`, as Yjs does when something comes between; the right part."""
        content = run.content
        rest = content[clock - run.start :] if isinstance(content, str) else None
        right = Run(self, clock, run.end, run.kind, run.place, rest, (self.client, clock - 1), run.right)
        if isinstance(content, str):
            run.content = content[: clock - run.start]
        run.end = clock
        at = bisect_right(self.starts, clock)
        self.runs.insert(at, right)
        self.starts.insert(at, clock)
        insert(right, run)
        return right

    def forget(self, clock: int) -> None:
        """Take out all units from `clock` on."""
        while self.runs and self.runs[-1].start >= clock:
            remove(self.runs.pop())
            self.starts.pop()
        if self.runs and self.runs[-1].end > clock:
            last = self.runs[-1]
            last.end = clock
            if isinstance(last.content, str):
                last.content = last.content[: clock - last.start]
        self.next = clock


_APART = 2**32  # between labels of neighbours, to be halved by what comes between


def insert(run: Run, left: Run | None) -> None:
    """Put a run behind `left`, or first in its place."""
    place = run.place
    assert place is not None
    following = left.after if left else place.first
    run.before, run.after = left, following
    if left:
        left.after = run
    else:
        place.first = run
    if following is None:
        run.label = left.label + _APART if left else 0
    else:
        following.before = run
        low = left.label if left else following.label - 2 * _APART
        run.label = (low + following.label) >> 1
        if run.label == low:
            for n, other in enumerate(place.units()):
                other.label = n * _APART


def remove(run: Run) -> None:
    place = run.place
    if place is None or place.keyed:
        return
    if run.before:
        run.before.after = run.after
    else:
        place.first = run.after
    if run.after:
        run.after.before = run.before


def _precedes(run: Run, clock: int, other: Run, other_clock: int) -> bool:
    return clock < other_clock if run is other else run.label < other.label


def were_neighbours(left_run: Run | None, left: int, right_run: Run | None, right: int, logs: "dict[int, Log]") -> bool:
    """Whether units `left` and `right` of these runs can have stood side by side in any copy of the document.

    What the left one had on its right, and the right one on its left, was there before them in every copy. Where this
    does not hold, Yjs orders the units by their time of arrival and copies differ for ever.
    """
    if left_run is not None:
        if right_run is not None and not _precedes(left_run, left, right_run, right):
            return False
        client, clock = left_run.right
        if (
            client >= 0
            and _precedes(left_run, left, logs[client].find(clock), clock)
            and (right_run is None or _precedes(logs[client].find(clock), clock, right_run, right))
        ):
            return False
    if right_run is not None:
        client, clock = right_run.origin if right == right_run.start else (right_run.log.client, right - 1)
        if client >= 0 and (left_run is None or _precedes(left_run, left, logs[client].find(clock), clock)):
            return False
    return True


def integrate(run: Run, left: Run | None, right: Run | None, logs: "dict[int, Log]") -> int:
    """Put a run between its origins and among what others put there at the same time (YATA, as Yjs does it).

    `left` must end with the left origin, `right` start with the right one. Returns how many runs were passed.
    """
    steps = 0
    at = left
    place = run.place
    assert place is not None
    other = left.after if left else place.first
    if other is not right:
        client = run.log.client
        passed: set[Run] = set()
        conflicting: set[Run] = set()
        while other is not None and other is not right:
            passed.add(other)
            conflicting.add(other)
            steps += 1
            if other.origin == run.origin:
                if other.log.client < client:
                    at = other
                    conflicting.clear()
                elif other.right == run.right:
                    break
            elif other.origin[0] >= 0 and (holder := logs[other.origin[0]].find(other.origin[1])) in passed:
                if holder not in conflicting:
                    at = other
                    conflicting.clear()
            else:
                break
            other = other.after
    insert(run, at)
    return steps
