"""One login session a person in a hearing: whoever comes with another one, on any wire or over HTTP, ends the first
(token, link and cookie are of one session, on however many sockets and devices). Owns the memory of who came with what;
sessions are server/people's.
"""

from __future__ import annotations

from server.control import HearingControl, Hearings, UnknownHearing
from server.hearing.media_events import SessionReplaced
from server.hearing.state import COURT, GONE
from server.people.tokens import Session, Sessions
from server.storage.commit_thread import StorageUnavailable


class ReplacedSessions:
    """Who entered which hearing with which session, since the server's start."""

    def __init__(self, sessions: Sessions, hearings: Hearings) -> None:
        self._sessions = sessions
        self._hearings = hearings
        self._known: dict[tuple[str, str], Session] = {}

    async def entered(self, control: HearingControl, session: Session) -> None:
        """The session is used in the hearing now; an older one of the same person ends, in the log and for good."""
        place = control.hearing, session.person
        before = self._known.get(place)
        self._known[place] = session
        if before is None or before.id == session.id or not self._sessions.alive(before.id):
            return
        try:
            await self._sessions.end(before)
        except StorageUnavailable:
            self._known[place] = before  # tried again when they come again
            return
        await control.record(COURT, lambda _state, _now: (SessionReplaced(session.person),))

    async def came(self, hearing: str, session: Session) -> None:
        """The same by the hearing's id; nothing happens where it is unknown or the person is no part of it."""
        before = self._known.get((hearing, session.person))
        if before is not None and before.id == session.id:
            return
        try:
            control = await self._hearings.get(hearing)
        except UnknownHearing:
            return
        participant = control.state.participants.get(session.person)
        if participant is not None and participant.state not in GONE:
            await self.entered(control, session)
