"""The route table of a room: who may receive whose sound and picture; pure. Whoever is not in it receives nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Routes:
    """`audio` and `video`: listener -> speakers, in the order in which slots are given. Persons are opaque texts."""

    audio: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    video: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    recorded_audio: frozenset[str] = frozenset()
    recorded_video: frozenset[str] = frozenset()
    large: str = ""

    def speakers(self, kind: str, listener: str) -> tuple[str, ...]:
        """Whose sound or picture this listener may receive."""
        return (self.audio if kind == "audio" else self.video).get(listener, ())

    def permits(self, kind: str, speaker: str, listener: str) -> bool:
        """Whether this listener may receive this of this speaker."""
        return speaker in self.speakers(kind, listener)


def read(request: Mapping[str, object]) -> Routes:
    """Routes as the server sends them (`routes`, `recorded`, `large`); ValueError for any other shape."""
    routes, recorded = _mapping(request.get("routes")), _mapping(request.get("recorded") or {})
    large = request.get("large") or ""
    if not isinstance(large, str):
        raise ValueError("large is no text")
    return Routes(
        {person: _people(speakers) for person, speakers in _mapping(routes.get("audio", {})).items()},
        {person: _people(speakers) for person, speakers in _mapping(routes.get("video", {})).items()},
        frozenset(_people(recorded.get("audio", []))),
        frozenset(_people(recorded.get("video", []))),
        large,
    )


def _mapping(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise ValueError("an object is missing")
    return value


def _people(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(person, str) and person for person in value):
        raise ValueError("a list of persons is missing")
    return tuple(dict.fromkeys(value))


def seat(seats: Sequence[str | None], wanted: Sequence[str], beside: Sequence[str | None] = ()) -> list[str | None]:
    """Who sits in which slot: whoever is still wanted stays, others come in order into what is free.

    `beside` are the other kind's slots: a person takes the one of the same number where it is free, so that sound and
    picture belong together. Who finds none free is left out.
    """
    out = [person if person in wanted else None for person in seats]
    for person in wanted:
        if person in out or None not in out:
            continue
        mate = beside.index(person) if person in beside else -1
        at = mate if 0 <= mate < len(out) and out[mate] is None else _free(out, beside)
        out[at] = person
    return out


def _free(seats: Sequence[str | None], beside: Sequence[str | None]) -> int:
    """The first free slot, those first whose other kind is free too."""
    free = [index for index, person in enumerate(seats) if person is None]
    return next((index for index in free if index >= len(beside) or beside[index] is None), free[0])
