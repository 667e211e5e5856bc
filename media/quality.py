"""How well each person's sound and picture comes and goes, who speaks, and when pictures make way for the sound."""

from dataclasses import dataclass, field

from media import limits
from media.peer import Peer
from media.room import Room

POOR_LOSS, FAIR_LOSS = 0.10, 0.03
POOR_RTT, FAIR_RTT = 0.6, 0.3
SPEAKING_LEVEL = 50.0
SPEAKING_LEAD = 6.0
SPEAKING_SECONDS = 0.4
QUIET_SECONDS = 2.0
CALM_SECONDS = 10.0
LONGEST_CALM = 120.0


@dataclass(slots=True)
class _Watched:
    """What is remembered of one peer between two looks."""

    octets: int = 0
    at: float = 0.0
    uplink: float = 0.0
    kbps: int = 0
    bad: int = 0
    calm_since: float = 0.0
    patience: float = CALM_SECONDS
    told: dict[str, object] = field(default_factory=dict)


class Observer:
    """Looks at one room in time: tells `quality` and `speaking`, takes pictures where loss would cost sound."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._watched: dict[str, _Watched] = {}
        self._reported = self._judged = self._spoken = self._loud = 0.0
        self._speaking = ""

    def tick(self, now: float) -> None:
        """Reports, judges and listens, each at its own pace."""
        if now - self._reported >= limits.REPORT_SECONDS:
            self._reported = now
            self._report(now)
        if now - self._judged >= limits.QUALITY_SECONDS:
            self._judged = now
            self._judge(now)
        self._listen(now)

    def _report(self, now: float) -> None:
        for peer in self._room.peers.values():
            if peer.publication is not None:
                lost = peer.publication.acknowledge(now)
                watched = self._watched.setdefault(peer.name, _Watched(at=now))
                watched.uplink += (max(lost.values(), default=0.0) - watched.uplink) * 0.5

    def _judge(self, now: float) -> None:
        people = {}
        for gone in set(self._watched) - set(self._room.peers):
            del self._watched[gone]
        for peer in list(self._room.peers.values()):
            watched = self._watched.setdefault(peer.name, _Watched(at=now))
            self._count(peer, watched, now)
            found = self._quality(peer, watched, now)
            self._spare(peer, watched, float(str(found["loss"])), now)
            found["video_paused"] = peer.thrift == 2
            if _differs(found, watched.told):
                watched.told = found
                people[peer.person] = found
        if people:
            self._room.tell("quality", people=people)

    @staticmethod
    def _count(peer: Peer, watched: _Watched, now: float) -> None:
        octets = peer.publication.octets if peer.publication is not None else 0
        passed = now - watched.at
        if passed > 0:
            watched.kbps = max(0, round((octets - watched.octets) * 8 / 1000 / passed))
        watched.octets, watched.at = octets, now

    @staticmethod
    def _quality(peer: Peer, watched: _Watched, now: float) -> dict[str, object]:
        downlink = peer.subscription.loss(now) if peer.subscription is not None else 0.0
        loss = max(watched.uplink if peer.publication is not None else 0.0, downlink)
        rtt = peer.subscription.rtt if peer.subscription is not None else 0.0
        audio = peer.stream("audio")
        jitter = round(audio.reception.jitter / 48) if audio is not None else 0
        numbers = {"loss": round(loss, 3), "rtt_ms": round(rtt * 1000), "jitter_ms": jitter, "kbps": watched.kbps}
        return {"level": _level(loss, rtt), **numbers}

    def _spare(self, peer: Peer, watched: _Watched, loss: float, now: float) -> None:
        """Two bad looks in a row cost the large pictures, then all; a calm while gives back one step, ever later."""
        downlink = peer.subscription.loss(now) if peer.subscription is not None else 0.0
        watched.bad = watched.bad + 1 if downlink > POOR_LOSS else 0
        if downlink > FAIR_LOSS or not watched.calm_since:
            watched.calm_since = now
        if watched.bad >= 2 and peer.thrift < 2:
            peer.thrift += 1
            watched.bad, watched.calm_since = 0, now
            watched.patience = min(LONGEST_CALM, watched.patience * 1.5)
            self._room.settle(peer)
        elif peer.thrift and now - watched.calm_since >= watched.patience:
            peer.thrift -= 1
            watched.calm_since = now
            self._room.settle(peer)

    def _listen(self, now: float) -> None:
        """The loudest person whom anybody hears; another takes over who is clearly louder, for a while at least.

        Whom nobody hears any more stops at once, who is quiet after a while.
        """
        levels = self._levels(now)
        if self._speaking and self._has_stopped(levels, now):
            self._name("", now)
        loudest = min(levels, key=lambda person: levels[person], default="")
        if not loudest or levels[loudest] > SPEAKING_LEVEL or loudest == self._speaking:
            return
        current = levels.get(self._speaking, 127.0)
        if levels[loudest] < current - SPEAKING_LEAD and now - self._spoken >= SPEAKING_SECONDS:
            self._name(loudest, now)

    def _has_stopped(self, levels: dict[str, float], now: float) -> bool:
        """Whether the speaker is heard by nobody any more, or has been quiet for long enough."""
        level = levels.get(self._speaking)
        if level is not None and level <= SPEAKING_LEVEL:
            self._loud = now
        return level is None or now - self._loud >= QUIET_SECONDS

    def _levels(self, now: float) -> dict[str, float]:
        """How loud each is who sends and whom anybody hears, in -dBov."""
        levels: dict[str, float] = {}
        for person, peer in self._room.persons.items():
            audio = peer.stream("audio")
            if audio is not None and peer.publication is not None and now - audio.heard < 1.0 and self._heard(peer):
                levels[person] = peer.publication.level
        return levels

    @staticmethod
    def _heard(peer: Peer) -> bool:
        audio = peer.stream("audio")
        return audio is not None and bool(audio.legs)

    def _name(self, person: str, now: float) -> None:
        self._speaking, self._spoken, self._loud = person, now, now
        self._room.tell("speaking", person=person)
        if person:  # who fell silent stays the large one until another speaks
            self._room.speaker = person
            self._room.settle_all()

    def stats(self) -> dict[str, object]:
        """Counts of the room as it is now."""
        peers = {peer.name: _peer_stats(peer) for peer in self._room.peers.values()}
        legs = [leg for peer in self._room.peers.values() for leg in self._room.legs(peer)]
        slots = [slot for peer in self._room.peers.values() for slot in peer.slots()]
        totals = {"legs": len(legs), "packets": sum(slot.packets for slot in slots)}
        return {"peers": peers, "seq": self._room.seq, "speaking": self._speaking, **totals}


def _level(loss: float, rtt: float) -> str:
    if loss > POOR_LOSS or rtt > POOR_RTT:
        return "poor"
    return "fair" if loss > FAIR_LOSS or rtt > FAIR_RTT else "good"


def _differs(found: dict[str, object], told: dict[str, object]) -> bool:
    """Whether anything changed that a person could notice."""
    if any(found[name] != told.get(name) for name in ("level", "video_paused")):
        return True
    steps = {"loss": 0.01, "rtt_ms": 10, "jitter_ms": 5, "kbps": 50}
    return any(abs(float(str(found[name])) - float(str(told[name]))) >= step for name, step in steps.items())


def _peer_stats(peer: Peer) -> dict[str, object]:
    received = {stream.layer: stream.reception.counts() for stream in peer.streams()}
    slots = peer.slots()
    sent = {"packets": sum(slot.packets for slot in slots), "octets": sum(slot.octets for slot in slots)}
    connections = [side.connection for side in (peer.publication, peer.subscription) if side is not None]
    dropped, failures = (sum(getattr(own, name) for own in connections) for name in ("dropped", "failures"))
    return {"person": peer.person, "received": received, "sent": sent, "dropped": dropped, "failures": failures}
