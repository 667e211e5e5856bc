"""Whatever is killed, at any point of a command: afterwards log, documents and media agree, and nothing is left
behind."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import stat
from pathlib import Path

import pytest

from tests.harness.fixtures import MakeServer
from tests.harness.freezes import log_of, of_kind
from tests.harness.raw_socket import SocketClosed
from tests.harness.server import ServerProcess
from tests.harness.waiting import until
from tests.media_link.conftest import Enter, judge_of
from tests.media_link.peers import PATIENCE, Signalling
from tests.media_link.processes import Unit, gone, is_alive, kill_media, media_pid
from tests.media_room.aftermath import ORDERS, agrees, allowed, come_back, gathered, hear_exactly, restarts
from tests.media_room.attendants import Room, prepare_for

pytestmark = pytest.mark.usefixtures("sockets_dropped")

ROLES = ("judge", "plaintiff", "defendant", "witness")
KILLS = (True, False, True)  # the server, or the media process
MEDIA_KINDS = ("MediaStarted", "MediaStopped", "StreamsCut")


async def test_after_the_death_of_the_media_process_everybody_is_where_the_court_has_them(
    fresh_server: ServerProcess, enter: Enter
) -> None:
    server, hearing = fresh_server, fresh_server.demo.hearing
    judge = await enter(server, hearing.judge)
    defendant = await enter(server, hearing.person("defendant"))
    await defendant.hears_on()
    control = await judge_of(server)
    assert (await control.command("isolate", person=defendant.person.id))["type"] == "Ack"
    before = len(log_of(server, hearing))
    old = await kill_media(server)
    for each in (judge, defendant):
        await each.signalling.wait_for("Restart")
        await each.connect()
    await until(lambda: media_pid(server) not in (0, old), "another media process", PATIENCE)
    await asyncio.sleep(1.0)
    assert judge.packets() == defendant.packets() == 0
    kinds = [entry["header"]["kind"] for entry in log_of(server, hearing)[before:]]
    assert [kind for kind in kinds if kind in MEDIA_KINDS] == ["MediaStopped", "MediaStarted"]
    assert (await control.command("release", person=defendant.person.id))["type"] == "Ack"
    await defendant.hears_on()


async def test_a_command_in_a_room_without_a_process_is_not_held_up(fresh_server: ServerProcess) -> None:
    """Nobody receives anything then; what could not be measured is said to be so, once."""
    server, hearing = fresh_server, fresh_server.demo.hearing
    signalling = await Signalling.open(server, hearing.id, hearing.judge.token)
    await signalling.wait_for("Welcome")
    control = await judge_of(server)
    await kill_media(server)
    answer = await control.command("isolate", person=hearing.person("defendant").id)
    assert answer["type"] == "Ack" and answer["applied_seq"] == answer["seq"]
    await signalling.wait_for("Restart")
    await until(lambda: of_kind(log_of(server, hearing), "MediaStopped"), "the note of the end", PATIENCE)
    await agrees(server, hearing, {answer["seq"]})


async def test_killed_while_orders_are_given_everybody_hears_whom_the_log_allows(fresh_server: ServerProcess) -> None:
    """People talk, the judge orders, the server or the media process is killed whenever it is; who comes back hears
    exactly those whom the log's last state lets them hear."""
    server, hearing, chance = fresh_server, fresh_server.demo.hearing, random.Random(7)
    prepare_for(len(ROLES))
    acked: set[int] = set()
    room = await gathered(server, hearing, ROLES)
    for is_server in KILLS:
        pid, told = media_pid(server), restarts(room)
        await (ordered_until_dead if is_server else ordered_past_a_death)(room, chance, acked)
        if is_server:
            gone(pid)
            await room.leave()
            server.start()
            room = await gathered(server, hearing, ROLES)
        else:
            await come_back(room, told)
        state = await agrees(server, hearing, acked)
        await hear_exactly(room, allowed(state, room))
    await room.leave()
    assert len(acked) > len(KILLS)


async def order(room: Room, chance: random.Random, acked: set[int]) -> None:
    name, role = chance.choice(ORDERS)
    answer = await room.control.command(name, **({"person": room.id_of(role)} if role else {}))
    if answer["type"] == "Ack":
        assert answer["applied_seq"] == answer["seq"]
        acked.add(answer["seq"])


async def ordered_until_dead(room: Room, chance: random.Random, acked: set[int]) -> None:
    """Some time after two more orders have been acknowledged."""
    killing, due = None, len(acked) + 2
    try:
        while True:
            if killing is None and len(acked) >= due:
                killing = asyncio.get_running_loop().call_later(chance.uniform(0.0, 1.2), room.server.kill)
            await order(room, chance, acked)
    except SocketClosed:
        assert killing is not None, "the server has ended by itself"


async def ordered_past_a_death(room: Room, chance: random.Random, acked: set[int]) -> None:
    """No order waits longer than for the death, and none is lost."""
    pid = media_pid(room.server)
    asyncio.get_running_loop().call_later(chance.uniform(0.05, 0.3), os.kill, pid, signal.SIGKILL)
    while is_alive(pid):
        await order(room, chance, acked)
    await order(room, chance, acked)


async def test_a_process_that_hangs_is_dead_before_the_command_is_acknowledged(fresh_server: ServerProcess) -> None:
    server, hearing = fresh_server, fresh_server.demo.hearing
    signalling = await Signalling.open(server, hearing.id, hearing.judge.token)
    await signalling.wait_for("Welcome")
    await cut_by_a_stopped_process(server, media_pid(server))
    await signalling.wait_for("Restart")


async def room_in_log(server: ServerProcess, times: int) -> None:
    """People may be welcomed a moment before the note of it is on disk."""
    await until(
        lambda: len(of_kind(log_of(server, server.demo.hearing), "MediaStarted")) >= times, "the note", PATIENCE
    )


async def cut_by_a_stopped_process(server: ServerProcess, pid: int) -> None:
    """When the answer has come, nothing is left that could send."""
    control, hearing = await judge_of(server), server.demo.hearing
    os.kill(pid, signal.SIGSTOP)
    answer = await control.command("isolate", person=hearing.person("defendant").id)
    assert not is_alive(pid)
    assert answer["type"] == "Ack" and answer["applied_seq"] == answer["seq"]
    (proof,) = of_kind(log_of(server, hearing), "StreamsCut")
    assert proof["payload"] == {"of": answer["seq"], "measured": False}


async def test_a_media_process_of_its_own_unit_outlives_the_server(make_server: MakeServer, tmp_path: Path) -> None:
    """Its socket is the owner's alone; what the server had there is gone with it. One that hangs does not outlive the
    command that it did not carry out, nor the start of the next server: it would wake with the routes of the last."""
    unit = Unit(tmp_path / "media.sock")
    try:
        assert stat.S_IMODE(unit.path.stat().st_mode) == 0o600
        server = make_server(env={"YUNTING_MEDIA": str(unit.path)}).start()
        hearing = server.demo.hearing
        for count, end in enumerate((server.kill, server.terminate), 1):
            signalling = await Signalling.open(server, hearing.id, hearing.judge.token)
            await signalling.wait_for("Welcome")
            await room_in_log(server, count)
            assert media_pid(server) == 0
            await asyncio.to_thread(end)
            assert is_alive(unit.pid)
            server.start()
        await agrees(server, hearing, ())
        kinds = [each["header"]["kind"] for each in log_of(server, hearing)]
        assert [kind for kind in kinds if kind in MEDIA_KINDS] == ["MediaStarted", "MediaStopped"] * 2
        signalling = await Signalling.open(server, hearing.id, hearing.judge.token)
        await signalling.wait_for("Welcome")
        await cut_by_a_stopped_process(server, unit.pid)
        unit.died()
        unit.start()
        await signalling.wait_for("Restart")
        os.kill(unit.pid, signal.SIGSTOP)
        server.restart()
        unit.died()
    finally:
        unit.stop()


@pytest.mark.parametrize("end", ["terminate", "kill"])
async def test_a_server_that_ends_leaves_no_media_process(fresh_server: ServerProcess, end: str) -> None:
    hearing = fresh_server.demo.hearing
    signalling = await Signalling.open(fresh_server, hearing.id, hearing.judge.token)
    await signalling.wait_for("Welcome")
    pid = media_pid(fresh_server)
    assert pid
    await room_in_log(fresh_server, 1)
    getattr(fresh_server, end)()
    gone(pid)
    fresh_server.start()
    assert log_of(fresh_server, hearing)[-1]["header"]["kind"] == "MediaStopped"
    assert media_pid(fresh_server) == 0, "none is started before somebody comes"
