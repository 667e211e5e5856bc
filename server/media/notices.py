"""What the media process tells by itself of a room, passed on to the members whom it concerns: each notice names its
room, and a peer or people of it. Decides nothing, and tells the barred nothing about others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from server.media.room import Room
from server.media.tables import EMPTY, hears, is_heard

Notice = Mapping[str, Any]

_QUALITY: Sequence[str] = ("level", "loss", "rtt_ms", "jitter_ms", "kbps", "video_paused")


def pass_on(room: Room, notice: Notice) -> None:
    """Raises KeyError for a notice without what belongs to its kind; one of another kind is passed over."""
    if (tell := _KINDS.get(notice.get("notice"))) is not None:
        tell(room, notice)


def tell_speaker(room: Room) -> None:
    """Tell each member who of those whom they may hear speaks, where that is news to them. A speaker whom the table
    lets nobody hear has stopped."""
    sent = room.sent or EMPTY
    if not is_heard(sent, room.speaker):
        room.speaker = ""
    for member in list(room.members.values()):
        told = room.told[member.id]
        if room.is_barred(member.person):
            told.speaker = ""  # their page forgets it by itself; what others do is not for them
            continue
        may_know = room.speaker == member.person or hears(sent, member.person, room.speaker)
        speaker = room.speaker if may_know else ""
        if speaker != told.speaker:
            told.speaker = speaker
            member.send({"type": "Speaking", "person": speaker})


def _slots(room: Room, notice: Notice) -> None:
    """Nobody on any slot is said once: when the court acts on others is not for those who receive nobody."""
    member = room.members.get(str(notice["peer"]))
    if member is None:
        return
    audio, video, large = notice["audio"], notice["video"], notice.get("large") or ""
    if room.is_barred(member.person):
        audio, video, large = [None] * len(audio), [None] * len(video), ""
    told, seated = room.told[member.id], any(audio) or any(video)
    if seated or told.seated is not False:
        told.seated = seated
        member.send({"type": "Slots", "seq": notice["seq"], "audio": audio, "video": video, "large": large})


def _connected(room: Room, notice: Notice) -> None:
    member = room.members.get(str(notice["peer"]))
    if member is not None and not room.echo and notice["leg"] == "subscribe":
        room.control.media.note(member.person, connected=notice["notice"] == "connected")


def _ended(room: Room, notice: Notice) -> None:
    member = room.members.get(str(notice["peer"]))
    if member is not None:
        member.end("replaced" if notice.get("reason") == "replaced" else "closed")


def _quality(room: Room, notice: Notice) -> None:
    for member in list(room.members.values()):
        found = notice["people"].get(member.person)
        if found is not None:
            member.send({"type": "Quality", **{name: found.get(name) for name in _QUALITY}})
            if not room.echo:
                paused = bool(found.get("video_paused"))
                room.control.media.note(member.person, level=str(found.get("level")), video_paused=paused)


def _speaking(room: Room, notice: Notice) -> None:
    room.speaker = str(notice["person"] or "")
    tell_speaker(room)


_KINDS: Mapping[Any, Callable[[Room, Notice], None]] = {
    "slots": _slots,
    "connected": _connected,
    "disconnected": _connected,
    "ended": _ended,
    "quality": _quality,
    "speaking": _speaking,
}
