"""The gate's index of a document: which client wrote which units, where they stand, what is deleted. Judges nothing."""

from bisect import bisect_right

from .deletes import Deleted
from .updates import STRING, WIDE
from .values import Value
from .varint import write

LONGEST_RUN = 1024  # units: typing extends a run up to here, so that a keystroke costs the same in a long text


class Place:
    """Where units stand side by side: the root, a turn, a text, an entry; as Slot, one key of a turn or map.

    `top` is the turn or entry around it; `top.keeper`, when set, is the only person who may write there.
    """

    __slots__ = ("dead", "item", "keeper", "role", "runs", "slots", "top")
    keyed = False

    def __init__(self, role: int, top: "Place | None" = None, item: tuple[int, int] = (-1, -1)) -> None:
        self.role = role
        self.top = top or self
        self.item = item
        self.dead = False
        self.keeper: str | None = None
        self.runs: list[Run] = []
        self.slots: dict[str, Slot] = {}


# client, first clock, end clock, left origin (client, clock)
Link = tuple[int, int, int, int, int]


class Slot(Place):
    """One key: every value it ever had in the order of Yjs, the last one alive or not."""

    __slots__ = ("alive", "chain", "key", "parent", "value")
    keyed = True

    def __init__(self, role: int, parent: Place, key: str, top: Place | None = None) -> None:
        super().__init__(role, top or parent.top)
        self.parent = parent
        self.key = key
        self.chain: list[Link] = []
        self.alive = False
        self.value: Value = None

    def position(self, client: int, left: int, left_clock: int) -> int:
        """Where an item with this left origin goes among concurrent ones (YATA; keys have no right origins)."""
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
                return n
        raise KeyError((client, clock))

    def _split(self, n: int, clock: int) -> None:
        client, start, end, left, left_clock = self.chain[n]
        self.chain[n : n + 1] = [(client, start, clock, left, left_clock), (client, clock, end, client, clock - 1)]


class Run:
    """Units of one client that follow each other in clock and in place. `origin` is what the first one stood behind.

    `content`: the text of String (UTF-16 units when WIDE), the inner Place of Type, the value of Any, key and value of Format.
    """

    __slots__ = ("content", "end", "kind", "log", "origin", "place", "start")

    def __init__(
        self, log: "Log", start: int, end: int, kind: int, place: Place | None, content: object, origin: tuple[int, int]
    ) -> None:
        self.log = log
        self.start = start
        self.end = end
        self.kind = kind
        self.place = place
        self.content = content
        self.origin = origin

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
