"""The system-call trace: each update is written to the WAL, synced, and only then acknowledged and sent on."""

import asyncio
from pathlib import Path

import pytest

from tests.faults.system_calls import Call, calls, sends_of, way_of
from tests.harness import messages as m
from tests.harness.demo import DemoHearing
from tests.harness.figures import keep
from tests.harness.fixtures import MakeServer
from tests.harness.speakers import CollabSpeaker, YjsSpeaker
from tests.harness.waiting import until
from tests.harness.writing import add_turn, all_words, append_words, random_word

pytestmark = pytest.mark.usefixtures("tracing")
UPDATES = 40


async def session(url: str, hearing: DemoHearing, marks: list[str]) -> None:
    """One clerk writes word by word, waiting for each ack; another clerk reads on the other wire."""
    writer = await CollabSpeaker.connect(url, hearing.transcript, hearing.clerk.token)
    reader = await YjsSpeaker.connect(url, hearing.transcript, hearing.person("clerk", 1).token)
    for speaker in (writer, reader):
        await speaker.in_step()
        await speaker.asked_again()
        await speaker.saved()
    text = add_turn(writer.doc, "")
    await writer.saved()
    for _ in range(UPDATES):
        marks.append(random_word())
        append_words(text, marks[-1])
        await writer.saved()
    await until(lambda: marks[-1] in all_words(reader.doc), "the last word")
    for speaker in (writer, reader):
        await speaker.leave()


@pytest.fixture
def traced(make_server: MakeServer, tmp_path: Path) -> tuple[list[Call], list[str], str]:
    """(calls, marks in order of writing, document) of one session."""
    server = make_server(trace=tmp_path / "trace").start(limit=180)
    marks: list[str] = []
    hearing = server.demo.hearing
    asyncio.run(session(server.url, hearing, marks))
    assert server.terminate(120) == 0
    return list(calls(tmp_path / "trace")), marks, hearing.transcript


def test_an_fdatasync_of_the_wal_stands_between_each_write_and_its_fan_out_and_ack(
    traced: tuple[list[Call], list[str], str],
) -> None:
    trace, marks, document = traced
    ways = [way_of(mark.encode(), trace) for mark in marks]
    assert [way for way in ways if not way.is_safe] == []
    acks = sends_of(m.named(document, bytes((m.SYNC_STATUS, 1))), trace)[-UPDATES:]
    assert len(acks) == UPDATES
    assert [pair for pair in zip(ways, acks, strict=True) if pair[1] <= pair[0].synced] == []
    keep("order_on_disk", {"updates": UPDATES, "synced_before_ack_and_fan_out": UPDATES, "calls": len(trace)})


def test_the_reading_of_a_trace_notices_a_send_before_the_sync(tmp_path: Path) -> None:
    """The test of the test: an ack-first server would be caught."""
    mark = "".join(f"\\x{byte:02x}" for byte in b"mark")
    wal, socket = ("".join(f"\\x{byte:02x}" for byte in name) for name in (b"/d/x.db-wal", b"socket:[7]"))
    lines = [
        f'1 pwrite64(4<{wal}>, "{mark}", 4, 0) = 4',
        f"1 fdatasync(4<{wal}> <unfinished ...>",
        f'2 sendto(6<{socket}>, "{mark}", 4, 0, NULL, 0) = 4',
        "1 <... fdatasync resumed>) = 0",
    ]
    (tmp_path / "bad").write_text("\n".join(lines))
    assert not way_of(b"mark", list(calls(tmp_path / "bad"))).is_safe
    (tmp_path / "good").write_text("\n".join([*lines[:2], lines[3], lines[2]]))
    assert way_of(b"mark", list(calls(tmp_path / "good"))).is_safe
