"""Whose states are shown: nobody without a name, and no stroke of somebody who may not write."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crdt_docs.wire import y_protocol
from crdt_docs.wire.y_protocol import AwarenessEntry
from server.hearing.signing_state import TranscriptPhase
from server.hearing.state import ParticipantState, Phase
from server.sync.awareness import STATE_LIMIT, Person, Shown, shown
from tests.sync.conftest import Client, Court

ANNA = Person("p-1", "安娜")
USER = '{"id":"p-1","name":"安娜"}'
STROKE = '"stroke":{"page":0,"points":[1,1]}'


@pytest.mark.parametrize(
    "state",
    [
        '{"user":{"id":"p-1"},"x":"' + "x" * STATE_LIMIT + '"}',
        "no json",
        "[" * 4_000,
        "[]",
        '"text"',
        '{"user":"安娜"}',
        '{"user":{}}',
        '{"user":{"id":"p-2","name":"安娜"}}',
        '{"user":{"id":"p-1","name":"别人"}}',
        '{"user":{"id":"p-1","name":null}}',
    ],
)
def test_what_names_somebody_else_is_not_taken(state: str) -> None:
    assert shown(state, ANNA, True) is None


def test_a_state_needs_no_name_but_for_a_stroke() -> None:
    assert shown("null", ANNA, False) == Shown("null")
    assert shown("{ }", ANNA, False) == Shown("{}")
    assert shown('{"cursor":null}', ANNA, True) == Shown('{"cursor":null}')
    assert shown("{" + STROKE + "}", ANNA, True) == Shown("{}")
    assert shown('{"user":null,' + STROKE + "}", ANNA, True) == Shown('{"user":null}')


def test_a_reader_shows_itself_without_its_stroke() -> None:
    state = '{"user":' + USER + "," + STROKE + "}"
    assert shown(state, ANNA, True) == Shown(state, draws=True)
    assert shown(state, ANNA, False) == Shown('{"user":' + USER + "}")
    assert shown(state.replace('"stroke"', '"\\u0073troke"'), ANNA, False) == Shown('{"user":' + USER + "}")


async def test_a_stroke_ends_for_others_with_the_right_to_write(court: Court) -> None:
    court.change("judge", ParticipantState.IN_COURT, Phase.IN_SESSION)
    room = await court.room()
    clerk, judge = Client(room, "clerk"), Client(room, "judge", collab=False)
    judge.open()
    drawn = AwarenessEntry(7, 1, '{"user":{"name":"clerk"},' + STROKE + "}")
    room.awareness.receive(clerk.peer, [drawn])
    await court.stored()
    assert clerk.messages()[-1] == y_protocol.awareness([drawn])
    court.stage(replace(court.state.signing, stage=TranscriptPhase.REVIEW, started=5))
    newcomer = Client(room, "clerk2")
    newcomer.open()
    assert not any(b"stroke" in message for message in newcomer.messages())
    room.awareness.receive(judge.peer, [AwarenessEntry(8, 1, drawn.state.replace('"clerk"', '"judge"'))])
    await court.stored()
    told = y_protocol.read_awareness(judge.messages()[-1], 1)  # together with the clerk's, where a turn took long
    assert AwarenessEntry(8, 1, '{"user":{"name":"judge"}}') in told
    assert not any("stroke" in entry.state for entry in told)
