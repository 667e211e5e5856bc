"""The quarantine: edits of clerks that came after the freeze, kept beside the documents and named in the log.

Owns how one gets there: row and entry in one transaction. What would have been admitted is judged by the rooms.
"""

from __future__ import annotations

import hashlib
import logging

from server.control import Hearings
from server.hearing import times
from server.hearing.reasons import Refusal
from server.hearing.signing import late_edit
from server.hearing.state import COURT
from server.storage.freezes import LateEdit, keep_late

log = logging.getLogger("yunting.signing")


class Quarantine:
    """For all hearings; `keep` is the rooms' port."""

    def __init__(self, hearings: Hearings) -> None:
        self._hearings = hearings

    async def keep(self, hearing: str, document: str, person: str, update: bytes, at_ms: int) -> None:
        """Returns when it is on disk, or left out because it is there already, no room is left or the transcript is a
        draft again."""
        control = await self._hearings.get(hearing)
        sha256 = hashlib.sha256(update).hexdigest()
        row = LateEdit(document, sha256, hearing, person, update, times.utc(at_ms))
        entered = await control.record(
            COURT,
            lambda state, _now_ms: late_edit(state, document, person, sha256, len(update)),
            beside=keep_late(row),
        )
        if isinstance(entered, Refusal) or not entered:
            log.warning("hearing %s: a late edit of %s was not kept", hearing, person)
