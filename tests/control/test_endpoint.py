"""`/control/<hearing>` on a real server process: messages, close codes, isolation on the wire, restarts."""

from __future__ import annotations

import asyncio
import hashlib
import json

import httpx
import pytest

from server.endpoints.control import MOST_UNDER_WAY
from tests.harness.control_client import ControlClient
from tests.harness.demo import DemoHearing, Person
from tests.harness.fixtures import MakeServer
from tests.harness.raw_socket import TEXT, RawSocket, frame
from tests.harness.server import ServerProcess
from tests.harness.waiting import until

pytestmark = pytest.mark.usefixtures("sockets_dropped")


async def join(server: ServerProcess, hearing: DemoHearing, person: Person, after: int = 0) -> ControlClient:
    client = await ControlClient.connect(server.url, hearing.id, person.token, after)
    return client


async def ended(server: ServerProcess, path: str, token: str, *sent: str) -> tuple[int, str]:
    socket = await RawSocket.open(server.url, path, token=token)
    for text in sent:
        socket.send_text(text)
    closed = await socket.ended()
    return closed.code, closed.reason


async def test_who_may_not_enter(shared_server: ServerProcess) -> None:
    hearing = shared_server.demo.hearing
    path = f"/control/{hearing.id}"
    assert await ended(shared_server, path, "wrong") == (4401, "token")
    assert await ended(shared_server, path, "") == (4401, "token")
    assert await ended(shared_server, "/control/h-none", hearing.judge.token) == (4403, "forbidden")
    assert await ended(shared_server, "/control/", hearing.judge.token) == (4403, "forbidden")


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        "5",
        "{}",
        '{"type":5}',
        '{"type":"Open"}',
        '{"type":"Hello","after":-1}',
        '{"type":"Hello","after":true}',
        '{"type":"Hello","after":1.5}',
        '{"type":"Command","command":"open"}',
        '{"type":"Command","id":"","command":"open"}',
        '{"type":"Command","id":7,"command":"open"}',
        "[" * 8_000,
    ],
)
async def test_what_is_no_message_closes_4400(shared_server: ServerProcess, text: str) -> None:
    hearing = shared_server.demo.hearing
    assert await ended(shared_server, f"/control/{hearing.id}", hearing.clerk.token, text) == (4400, "malformed")


async def test_a_second_hello_and_a_frame_too_big(shared_server: ServerProcess) -> None:
    hearing = shared_server.demo.hearing
    path, token = f"/control/{hearing.id}", hearing.clerk.token
    hello = '{"type":"Hello","after":0}'
    assert await ended(shared_server, path, token, hello, hello) == (4400, "malformed")
    big = json.dumps({"type": "Pong", "filling": "x" * 20_000})
    assert await ended(shared_server, path, token, big) == (1009, "frame_too_big")


async def test_too_many_commands_without_waiting_for_answers(shared_server: ServerProcess) -> None:
    hearing = shared_server.demo.hearing
    socket = await RawSocket.open(shared_server.url, f"/control/{hearing.id}", token=hearing.clerk.token)
    one = frame(TEXT, b'{"type":"Command","id":"1","command":"open"}')
    socket.write(one * (MOST_UNDER_WAY + 1))
    assert (await socket.ended()).code == 4429


async def test_too_many_frames(make_server: MakeServer) -> None:
    server = make_server(env={"YUNTING_FRAME_RATE": "20"}).start()
    path, token = f"/control/{server.demo.hearing.id}", server.demo.hearing.clerk.token
    assert await ended(server, path, token, *['{"type":"Pong"}'] * 150) == (4429, "too_often")


async def test_a_command_that_is_none_is_refused_and_the_socket_stays(shared_server: ServerProcess) -> None:
    hearing = shared_server.demo.hearing
    clerk = await join(shared_server, hearing, hearing.clerk)
    answer = await clerk.command("adjourn_everything")
    assert (answer["type"], answer["code"]) == ("Refused", "invalid_command")
    assert answer["title_zh"] and answer["title_en"] and answer["detail"].startswith("command: expected one of")
    answer = await clerk.command("isolate", person=hearing.judge.id, reason="x")
    assert (answer["type"], answer["code"]) == ("Refused", "sole_judge")
    answer = await clerk.command("recess")
    assert (answer["type"], answer["code"]) == ("Refused", "not_a_judge")


async def test_commands_need_no_hello(shared_server: ServerProcess) -> None:
    hearing = shared_server.demo.hearing
    socket = await RawSocket.open(shared_server.url, f"/control/{hearing.id}", token=hearing.clerk.token)
    socket.send_text('{"type":"Command","id":"1","command":"open"}')
    answer = json.loads(await socket.text())
    assert (answer["type"], answer["id"], answer["code"]) == ("Refused", "1", "not_presiding")


async def test_the_subprotocol_carries_the_token_and_yunting_is_answered(shared_server: ServerProcess) -> None:
    from websockets.asyncio.client import connect
    from websockets.typing import Subprotocol

    hearing = shared_server.demo.hearing
    url = shared_server.url.replace("http", "ws") + f"/control/{hearing.id}"
    offered = [Subprotocol("yunting"), Subprotocol(f"bearer.{hearing.clerk.token}")]
    async with connect(url, subprotocols=offered) as socket:
        assert socket.subprotocol == "yunting"
        await socket.send('{"type":"Hello","after":0}')
        assert json.loads(await socket.recv())["type"] == "Welcome"


async def test_a_logout_ends_the_socket(make_server: MakeServer) -> None:
    server = make_server().start()
    hearing = server.demo.hearing
    observer = hearing.person("observer")
    client = await join(server, hearing, observer)
    await client.wait_for("Welcome")
    async with httpx.AsyncClient(base_url=server.url) as http:
        answer = await http.post("/api/logout", headers={"Authorization": f"Bearer {observer.token}"})
    assert answer.status_code == 204
    closed = await client.raw.ended()
    assert (closed.code, closed.reason) == (4401, "token")


async def test_a_whole_hearing_on_the_wire(make_server: MakeServer) -> None:
    server = make_server(env={"YUNTING_REFUSAL_BACKOFF": "0"}).start()
    hearing = server.demo.scheduled
    judge, clerk = await join(server, hearing, hearing.judge), await join(server, hearing, hearing.clerk)
    defendant = await join(server, hearing, hearing.person("defendant"))
    witness = await join(server, hearing, hearing.person("witness"))
    for client in (judge, clerk, defendant, witness):
        await client.wait_for("Welcome")
    target = hearing.person("defendant").id
    acks = [
        await judge.command("open"),
        await judge.command("isolate", person=target, reason="扰乱法庭秩序"),
        await judge.command("recess", reason="机密事由", until="23:59"),
        await judge.command("resume"),
    ]
    assert [(ack["type"], ack["seq"], ack["applied_seq"]) for ack in acks] == [
        ("Ack", 1, 1),
        ("Ack", 2, 2),
        ("Ack", 4, 4),
        ("Ack", 5, 5),
    ]
    heard = [message["header"]["kind"] for message in defendant.of("Event")]
    assert heard == ["SessionOpened", "Isolated"]
    assert await clerk.command("release", person=target, reason="审判员口头指令") == {
        "type": "Ack",
        "id": "c1",
        "seq": 6,
        "applied_seq": 6,
    }
    await defendant.wait_for("Welcome", 2)
    await defendant.wait_for("Event", 6)
    assert [message["header"]["seq"] for message in defendant.of("Event")] == [1, 2, 3, 4, 5, 6]
    assert "机密事由" not in json.dumps(defendant.heard, ensure_ascii=False)
    assert "机密事由" in json.dumps(witness.collect(), ensure_ascii=False)
    await check_after_kill(server, hearing, judge.of("Event"))


async def check_after_kill(server: ServerProcess, hearing: DemoHearing, told: list[dict[str, object]]) -> None:
    """The same log, leaf by leaf, after a SIGKILL; every command's line once."""
    server.kill()
    server.start()
    judge = await join(server, hearing, hearing.judge, after=2)
    await judge.wait_for("Event", 4)
    assert judge.of("Event") == told[2:]
    assert (await judge.wait_for("Welcome"))["applied_seq"] == 6
    async with httpx.AsyncClient(base_url=server.url) as http:
        headers = {"Authorization": f"Bearer {hearing.judge.token}"}
        turns = (await http.get(f"/api/hearings/{hearing.id}/transcript", headers=headers)).json()["turns"]
    assert [turn["id"] for turn in turns if turn["kind"] == "procedure"] == ["c1", "c2", "c4", "c5", "c6"]


async def test_salts_and_payloads_prove_the_leaves_that_everybody_is_told(shared_server: ServerProcess) -> None:
    hearing = shared_server.demo.hearing
    clerk = await join(shared_server, hearing, hearing.clerk)
    event = await clerk.wait_for("Event")
    header, payload = (
        json.dumps(event[part], ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
        for part in ("header", "payload")
    )
    inner = hashlib.sha256(bytes.fromhex(event["salt"]) + payload).digest()
    assert hashlib.sha256(b"\0" + header + inner).hexdigest() == event["leaf"]


async def test_isolated_people_get_pings_and_no_presence(make_server: MakeServer) -> None:
    """Both directions of a quiet socket stay alive: a Ping comes within the providers' 30 s."""
    server = make_server(env={"YUNTING_REFUSAL_BACKOFF": "0"}).start()
    hearing = server.demo.hearing
    judge = await join(server, hearing, hearing.judge)
    witness = hearing.person("witness")
    assert (await judge.command("isolate", person=witness.id))["type"] == "Ack"
    held = await join(server, hearing, witness)
    await held.wait_for("Event")
    answer = await held.command("recess")
    assert (answer["type"], answer["code"]) == ("Refused", "isolated")
    others = [await join(server, hearing, person) for person in hearing.people if person.role == "agent"]
    await asyncio.gather(*(other.wait_for("Presence") for other in others))
    await until(lambda: bool(held.of("Ping")), "a ping", limit=30.0)
    assert {message["type"] for message in held.collect()} == {"Event", "Refused", "Ping"}


async def test_what_somebody_had_seen_is_noted_though_they_are_not_connected_any_more(make_server: MakeServer) -> None:
    server = make_server(env={"YUNTING_REFUSAL_BACKOFF": "0"}).start()
    hearing = server.demo.hearing
    defendant = hearing.person("defendant")
    async with httpx.AsyncClient(base_url=server.url) as http:
        headers = {"Authorization": f"Bearer {defendant.token}"}
        assert (await http.get(f"/api/hearings/{hearing.id}/transcript", headers=headers)).status_code == 200
    judge = await join(server, hearing, hearing.judge)
    assert (await judge.command("isolate", person=defendant.id))["type"] == "Ack"
    note = next(each for each in judge.of("Event") if each["header"]["kind"] == "HadSeen")
    seen = note["payload"]["documents"]
    assert list(seen) == [hearing.transcript] and seen[hearing.transcript]["seq"] > 0
    assert note["payload"]["since"] <= seen[hearing.transcript]["at"] <= note["header"]["at"]
