"""The line to the media process, played from its other end; and the settings of the media room."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import subprocess
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from server.media import link as lines
from server.media.link import Link, MediaLost, MediaRefused
from server.media.pidfd import Process
from server.settings import BadSetting, Settings
from tests.harness.waiting import until

LIMIT = 30.0


class OtherEnd:
    """The process's end: reads requests, writes what it is told."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, link: Link) -> None:
        self.reader, self.writer, self.link = reader, writer, link
        self.notices: list[dict[str, Any]] = []

    async def asked(self) -> dict[str, Any]:
        async with asyncio.timeout(LIMIT):
            return json.loads(await self.reader.readline())

    def write(self, text: str) -> None:
        self.writer.write(text.encode())


@pytest.fixture
async def other() -> AsyncIterator[OtherEnd]:
    ours, theirs = socket.socketpair()
    heard: list[dict[str, Any]] = []
    link = Link(heard.append)
    await asyncio.get_running_loop().create_unix_connection(lambda: link, sock=ours)
    reader, writer = await asyncio.open_unix_connection(sock=theirs)
    end = OtherEnd(reader, writer, link)
    end.notices = heard
    yield end
    link.abort()
    writer.close()
    await asyncio.wait({link.lost}, timeout=LIMIT)


async def test_each_answer_finds_its_request_in_whatever_order_and_pieces(other: OtherEnd) -> None:
    first, second = other.link.request("stats", room="r"), other.link.request("offer", sdp="庭")
    numbers = [(await other.asked())["id"], (await other.asked())["id"]]
    other.write(f'{{"id": {numbers[1]}, "sdp": "答"}}\n{{"notice": "speaking"}}\n{{"id": {numbers[0]}')
    assert (await asyncio.wait_for(second, LIMIT))["sdp"] == "答"
    other.write(', "error": "no_room", "detail": "r"}\n')
    with pytest.raises(MediaRefused) as refused:
        await asyncio.wait_for(first, LIMIT)
    assert refused.value.code == "no_room" and other.notices == [{"notice": "speaking"}]


async def test_the_end_of_the_process_is_the_answer_to_everything_asked(other: OtherEnd) -> None:
    asked = other.link.request("apply", room="r")
    await other.asked()
    other.writer.close()
    with pytest.raises(MediaLost):
        await asyncio.wait_for(asked, LIMIT)
    with pytest.raises(MediaLost):
        await other.link.request("apply", room="r")


async def test_a_process_that_does_not_carry_out_a_cut_is_given_up(
    other: OtherEnd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "APPLY_SECONDS", 0.05)
    with pytest.raises(MediaLost):
        await asyncio.wait_for(other.link.request("apply", room="r"), LIMIT)
    await asyncio.wait_for(asyncio.shield(other.link.lost), LIMIT)


@pytest.fixture
def child() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(["sleep", "600"])
    yield process
    process.kill()
    process.wait(LIMIT)


async def test_what_was_asked_is_unanswered_only_when_the_process_is_dead(
    other: OtherEnd, child: subprocess.Popen[bytes]
) -> None:
    """Its line is broken, and it still has its routes."""
    other.link.process = Process(child.pid)
    before = other.link.request("apply", room="r")
    await other.asked()
    other.write("no json\n")
    await until(lambda: other.link._transport.is_closing(), "the end of the line", LIMIT)
    after = other.link.request("apply", room="r")
    for asked in (before, after):
        with pytest.raises(MediaLost):
            await asyncio.wait_for(asked, LIMIT)
        assert child.poll() == -signal.SIGKILL


async def test_a_process_that_is_told_to_end_is_left_alone(other: OtherEnd, child: subprocess.Popen[bytes]) -> None:
    other.link.process = Process(child.pid)
    other.link.finish()
    assert await other.reader.read() == b""
    asked = other.link.request("stats", room="r")  # too late to be told
    other.writer.close()
    with pytest.raises(MediaLost):
        await asyncio.wait_for(asked, LIMIT)
    assert child.poll() is None
    other.link.process.release()


@pytest.mark.parametrize("line", ["no json\n", "[]\n", '"text"\n'])
async def test_a_process_that_says_what_is_no_message_is_given_up(other: OtherEnd, line: str) -> None:
    other.write(line)
    await asyncio.wait_for(asyncio.shield(other.link.lost), LIMIT)


async def test_a_notice_that_fails_leaves_the_line_as_it_was(other: OtherEnd, caplog: pytest.LogCaptureFixture) -> None:
    other.link._on_notice = lambda notice: notice["missing"]
    other.write('{"notice": "slots"}\n')
    asked = other.link.request("hello")
    number = (await other.asked())["id"]
    other.write(f'{{"id": {number}, "pid": 7}}\n')
    assert (await asyncio.wait_for(asked, LIMIT))["pid"] == 7
    assert "a notice of the media process failed" in caplog.text


def media(**env: str) -> Any:
    return Settings.from_environment({f"YUNTING_{name}": value for name, value in env.items()}).media


def test_a_server_on_loopback_uses_private_candidates_and_no_other_unless_told() -> None:
    assert media().private_candidates and media(HOST="::1").private_candidates
    assert not media(HOST="0.0.0.0").private_candidates
    assert media(HOST="0.0.0.0", MEDIA_PRIVATE_CANDIDATES="1").private_candidates
    assert not media(MEDIA_PRIVATE_CANDIDATES="0").private_candidates


def test_the_media_room_is_a_child_a_unit_of_its_own_or_off() -> None:
    assert (media().on, media().socket) == (True, "")
    assert (media(MEDIA="/run/media.sock").on, media(MEDIA="/run/media.sock").socket) == (True, "/run/media.sock")
    assert (media(MEDIA="off").on, media(MEDIA="off").socket) == (False, "")
    assert media(MEDIA_PUBLIC_ADDRESS="203.0.113.7", FORCE_RELAY="1").public_address == "203.0.113.7"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TURN_URLS", "relay.example"),
        ("TURN_URLS", "turn:relay.example"),  # without its secret
        ("FORCE_RELAY", "2"),
        ("MEDIA_PUBLIC_ADDRESS", "court.example"),
        ("MEDIA_PRIVATE_CANDIDATES", "yes"),
    ],
)
def test_what_cannot_be_used_ends_the_start_with_a_sentence(name: str, value: str) -> None:
    with pytest.raises(BadSetting, match=f"YUNTING_{'TURN_SECRET' if value == 'turn:relay.example' else name}"):
        media(**{name: value})
