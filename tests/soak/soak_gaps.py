"""A gap that is never filled: dropped unacked after 10 s and asked for, the third time in a minute `stale`."""

import pytest

from tests.faults.test_handshake_typing import joined, two_edits
from tests.harness.fixtures import MakeServer
from tests.harness.speakers import WIRES, CollabSpeaker
from tests.harness.waiting import until


@pytest.mark.parametrize("wire", WIRES)
async def test_the_third_unfilled_gap_in_a_minute_is_stale(make_server: MakeServer, wire: str) -> None:
    server = make_server(env={"YUNTING_REFUSAL_BACKOFF": "0"}).start()
    writer = await joined(server, wire)
    _, second, _ = two_edits(writer)
    writer.is_mute = True
    for number in (1, 2):
        before = writer.questions
        writer.send_update(second)
        await until(lambda n=before: writer.questions > n, f"the question after gap {number}", 60)
        assert writer.closed is None and not getattr(writer, "closes", [])
    writer.send_update(second)
    if isinstance(writer, CollabSpeaker):
        await until(lambda: writer.closes, "CLOSE", 60)
        assert (writer.acks[-1], writer.denied, writer.closes) == (False, ["stale"], ["stale"])
    else:
        assert (await writer.raw.ended(60)).code == 4409
