"""A hearing from its stored log: the record, the entries revived in order, the state they lead to. Writes nothing."""

from __future__ import annotations

from typing import Any

from server.control_entries import Entry, revive
from server.control_ports import Storage
from server.hearing.state import HearingState, Options, Participant, Role, scheduled
from server.storage import control_log
from server.storage.control_log import LogRow
from server.storage.hearings import HearingRecord, hearing_record


class UnknownHearing(LookupError):
    """There is no hearing of this id."""


async def load(storage: Storage, hearing: str) -> tuple[HearingRecord, list[Entry], HearingState]:
    """Raises UnknownHearing, or LogDamaged when the log is not whole."""

    def query(connection: Any) -> tuple[HearingRecord | None, tuple[LogRow, ...]]:
        return hearing_record(connection, hearing), control_log.entries(connection, hearing)

    record, rows = await storage.read(query)
    if record is None:
        raise UnknownHearing(hearing)
    state = scheduled(hearing, Options.from_record(record.options), _people(record))
    entries: list[Entry] = []
    for row in rows:
        entries.append(revive(state, row))
        state = entries[-1].after
    return record, entries, state


def _people(record: HearingRecord) -> list[Participant]:
    return [
        Participant(each.person, each.name, Role(each.role), each.label, each.represents)
        for each in record.participants
    ]
