"""`/media/<hearing>` by frames alone: who gets in, what is no message, one login a person, and the protocol's word."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from server.endpoints.media import media
from server.hearing import court_commands
from server.media.offers import BURST, SECONDS, Offers
from tests.architecture.checkout import ROOT, tree
from tests.architecture.vocabulary import message_types, section, tables
from tests.endpoints.serving import HEARING, serving
from tests.harness.fixtures import MakeServer
from tests.harness.freezes import log_of
from tests.harness.server import ServerProcess
from tests.media_link.conftest import judge_of
from tests.media_link.peers import Signalling

pytestmark = pytest.mark.usefixtures("sockets_dropped")

BAD = [
    "no json",
    "[]",
    '{"type": "Hello"}',
    '{"type": "Offer", "leg": "publish"}',
    '{"type": "Offer", "leg": "both", "sdp": "v=0"}',
    '{"type": "Candidate", "leg": "publish", "candidate": "candidate:1"}',
    '{"type": "Candidate", "leg": "publish", "candidate": {"candidate": 1}}',
    '{"type": "Want", "large": 7}',
    '{"type": "Want", "visible": "all"}',
    '{"type": "Want", "visible": [""]}',
    '{"type": "Want", "video": "yes"}',
    '{"type": "Sending", "audio": true}',
]


async def test_what_is_no_message_closes_the_socket(shared_server: ServerProcess) -> None:
    hearing = shared_server.demo.scheduled
    for frame in BAD:
        signalling = await Signalling.open(shared_server, hearing.id, hearing.judge.token)
        signalling.raw.send_text(frame)
        closed = await signalling.raw.ended()
        assert (closed.code, closed.reason) == (4400, "malformed"), frame


async def test_nobody_gets_in_without_login_or_into_a_hearing_of_others(shared_server: ServerProcess) -> None:
    hearing = shared_server.demo.scheduled
    for token, path, code in (
        ("wrong", hearing.id, 4401),
        (hearing.judge.token, "no-such-hearing", 4403),
    ):
        signalling = await Signalling.open(shared_server, path, token)
        assert (await signalling.raw.ended()).code == code


async def test_an_offer_that_is_none_is_refused_with_a_sentence(shared_server: ServerProcess) -> None:
    hearing = shared_server.demo.scheduled
    signalling = await Signalling.open(shared_server, hearing.id, hearing.judge.token)
    await signalling.wait_for("Welcome")
    signalling.send(type="Offer", leg="publish", sdp="no sdp")
    refused = await signalling.wait_for("Refused")
    assert (refused["leg"], refused["code"]) == ("publish", "bad_sdp")
    assert refused["title_zh"] and refused["title_en"]


def test_a_person_has_so_many_offers_at_once_and_then_one_in_a_while() -> None:
    offers = Offers()
    assert [offers.takes("p", 100.0) for _ in range(BURST + 1)] == [True] * BURST + [False]
    assert offers.takes("another", 100.0)
    assert [offers.takes("p", 100.0 + SECONDS), offers.takes("p", 100.0 + SECONDS)] == [True, False]
    rested = 100.0 + SECONDS * (BURST + 2)
    assert sum(offers.takes("p", rested) for _ in range(2 * BURST)) == BURST


async def test_offers_are_counted_over_all_sockets_of_a_person(shared_server: ServerProcess) -> None:
    hearing = shared_server.demo.scheduled
    agent, witness = hearing.person("agent"), hearing.person("witness")
    codes: list[str] = []
    while "too_many" not in codes:
        signalling = await Signalling.open(shared_server, hearing.id, agent.token, echo=len(codes) % 2 == 0)
        await signalling.wait_for("Welcome")
        codes += [await refused_offer(signalling) for _ in range(3)]
        assert len(codes) < 100
    assert set(codes[:BURST]) == {"bad_sdp"}
    other = await Signalling.open(shared_server, hearing.id, witness.token)
    await other.wait_for("Welcome")
    assert await refused_offer(other) == "bad_sdp"


async def refused_offer(signalling: Signalling) -> str:
    before = len(signalling.of("Refused"))
    signalling.send(type="Offer", leg="publish", sdp="no sdp")
    return (await signalling.wait_for("Refused", before + 1))["code"]


async def test_a_server_without_a_media_room_says_so(make_server: MakeServer) -> None:
    server = make_server(env={"YUNTING_MEDIA": "off"}).start()
    hearing = server.demo.hearing
    signalling = await Signalling.open(server, hearing.id, hearing.judge.token)
    closed = await signalling.raw.ended()
    assert (closed.code, closed.reason) == (4403, "media_off")
    control = await judge_of(server)
    assert (await control.command("isolate", person=hearing.person("defendant").id))["type"] == "Ack"
    assert "StreamsCut" not in [entry["header"]["kind"] for entry in log_of(server, hearing)]


async def test_a_second_login_session_ends_the_first_and_is_logged(tmp_path: Path) -> None:
    """However often one session comes, it stays; with another one the first is over, once."""
    async with serving(tmp_path) as court:
        state = court.app.state
        control, judge = await state.hearings.get(HEARING), court.person("judge")
        first = court.logins[judge]
        for _ in range(3):
            await state.replaced_sessions.entered(control, first)
        assert state.sessions.alive(first.id) and control.seq == 0
        second = await state.sessions.start(judge)
        await state.replaced_sessions.entered(control, second)
        await state.replaced_sessions.entered(control, second)
        assert not state.sessions.alive(first.id) and state.sessions.alive(second.id)
        assert [(entry.event.kind, entry.event.actor, entry.payload) for entry in control.entries] == [
            ("SessionReplaced", "court", {"person": judge})
        ]
        told = {person: control.entries[0].seen_by(person) for person in (judge, court.person("plaintiff"))}
        assert told == {judge: True, court.person("plaintiff"): False}


class Network:
    """The other side of an upgrade: `closed` is what the socket was ended with, `written` all frames."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.closed: tuple[int, str] | None = None
        self.written = b""

    def write(self, data: bytes) -> None:
        self.written += data

    def close(self, code: int, reason: str) -> None:
        self.closed = code, reason

    def attach(self, *_: object) -> asyncio.Future[None]:
        ended = self.loop.create_future()
        ended.set_result(None)
        return ended


@pytest.mark.parametrize(("what", "closed"), [("removed", (4403, "forbidden")), ("logged out", (4401, "token"))])
async def test_rights_that_end_while_a_replaced_session_is_noted_let_nobody_in(
    tmp_path: Path, what: str, closed: tuple[int, str]
) -> None:
    """The second login's socket waits for the log, in which the removal comes first."""
    async with serving(tmp_path) as court:
        state, judge, party = court.app.state, court.person("judge"), court.person("plaintiff")
        await court.open_session()
        control = await state.hearings.get(HEARING)
        await state.replaced_sessions.entered(control, court.logins[party])
        second, socket = await state.sessions.start(party), Network()
        upgrade = {
            "type": "websocket",
            "path": f"/media/{HEARING}",
            "query_string": b"",
            "headers": [(b"authorization", f"Bearer {state.sessions.token(second)}".encode())],
            "extensions": {"yunting.socket": socket},
        }
        if what == "removed":
            meanwhile = asyncio.create_task(control.execute(judge, court_commands.Remove(party, "扰乱法庭秩序")))
        else:
            meanwhile = asyncio.create_task(state.sessions.end(second))
        await media(upgrade, nothing, nothing, court.app.http)
        await meanwhile
        assert socket.closed == closed and socket.written == b""
        assert [entry.event.kind for entry in control.entries].count("SessionReplaced") == 1


async def nothing(*_: object) -> dict[str, str]:
    return {"type": "websocket.connect"}


def test_every_message_is_described_and_no_other() -> None:
    made = [ROOT / "server" / "media" / "notices.py", ROOT / "server" / "endpoints" / "media.py"]
    spoken = {name for path in made for name in message_types(tree(path)) if name[0].isupper()} | {"Ping"}
    text = (ROOT / "PROTOCOL.md").read_text(encoding="utf-8")
    described = {row[0].strip("`") for row in tables(section(text, "17")) if row[1] in {"client", "server"}}
    assert described == spoken


async def test_there_is_a_slot_for_everybody_else(shared_server: ServerProcess) -> None:
    hearing = shared_server.demo.scheduled
    signalling = await Signalling.open(shared_server, hearing.id, hearing.judge.token)
    welcome = await signalling.wait_for("Welcome")
    assert welcome["audio_slots"] == welcome["video_slots"] == len(hearing.people) - 1
