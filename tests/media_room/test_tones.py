"""Everybody hears exactly whom the court lets them hear, told by the tones that arrive."""

from tests.harness.control_client import ControlClient
from tests.harness.fixtures import MakeServer
from tests.harness.server import ServerProcess
from tests.harness.waiting import until
from tests.media_link.peers import PATIENCE
from tests.media_link.processes import kill_media
from tests.media_room.attendants import Room, Table

ROLES = ("judge", "clerk", "plaintiff", "defendant", "agent", "witness")


async def test_six_people_hear_whom_the_court_allows(fresh_server: ServerProcess, sockets_dropped: None) -> None:
    room = await Room.gather(fresh_server, fresh_server.demo.hearing, ROLES)
    await room.becomes(room.everybody())
    await room.order("isolate", "witness")
    await room.is_exactly(room.everybody("witness"))
    await room.order("mute", "defendant")
    without = {role: heard - {"defendant"} for role, heard in room.everybody("witness").items()}
    await room.is_exactly(without)
    await room.order("release", "witness")
    await room.becomes({role: heard - {"defendant"} for role, heard in room.everybody().items()})
    await room.order("unmute", "defendant")
    await room.becomes(room.everybody())
    await room.order("recess", reason="休息十分钟", kind="planned")
    staff = {"judge", "clerk"}
    apart = {role: staff - {role} if role in staff else set() for role in ROLES}
    await room.is_exactly(apart)
    await room.order("consult", "plaintiff")
    together = {**apart, "plaintiff": {"agent"}, "agent": {"plaintiff"}}
    await room.becomes(together)
    await room.is_exactly(together)  # not a word of it reaches the court or the other side
    await room.order("end_consult", "plaintiff")
    await room.is_exactly(apart)
    await room.order("resume")
    await room.becomes(room.everybody("witness"))  # a witness leaves with the recess and is called in anew
    await room.order("summon", "witness")
    await room.becomes(room.everybody())
    await room.leave()


async def test_an_isolated_witness_stays_isolated_however_they_come_back(
    fresh_server: ServerProcess, sockets_dropped: None
) -> None:
    room = await Room.gather(fresh_server, fresh_server.demo.hearing, ("judge", "plaintiff", "witness"))
    await room.becomes(room.everybody())
    await room.order("isolate", "witness")
    alone = room.everybody("witness")
    await room.people["witness"].connect()  # the same device
    await room.is_exactly(alone)
    first = room.people.pop("witness")
    other = await room.enter("witness")  # another one, while the first is still there
    assert (await first.signalling.wait_for("Ended"))["reason"] == "replaced"
    await room.is_exactly(alone)
    await first.drop()
    await kill_media(fresh_server)
    for each in room.people.values():
        await each.signalling.wait_for("Restart")
        await each.connect()
    await room.becomes(alone)
    assert other.packets() == other.shown() == 0
    await room.order("release", "witness")
    await room.becomes(room.everybody())
    await room.leave()


async def test_an_announcement_the_muted_the_gallery_and_the_hold_are_heard_as_ordered(
    make_server: MakeServer, sockets_dropped: None
) -> None:
    server = make_server(env={"YUNTING_REFUSAL_BACKOFF": "0", "YUNTING_HOLD_AFTER": "1"}).start()
    await an_announcement_reaches_all_who_wait(server)
    room = await Room.gather(server, server.demo.hearing, ("judge", "plaintiff", "defendant"))
    await room.becomes(room.everybody())
    await room.order("mute", "defendant")
    sent = room.people["defendant"].publish.sent["audio"]
    quiet = {"judge": {"plaintiff"}, "plaintiff": {"judge"}, "defendant": {"judge", "plaintiff"}}
    await room.is_exactly(quiet)
    assert room.people["defendant"].publish.sent["audio"] > sent
    await room.people["defendant"].connect()  # muted people who come back are still muted
    await room.becomes(quiet)
    await an_observer_hears_until_the_gallery_is_closed(room, quiet)
    await nobody_is_heard_without_a_judge(room, quiet)
    await room.leave()


async def an_announcement_reaches_all_who_wait(server: ServerProcess) -> None:
    """The clerk is heard in every waiting room, and hears none; nobody hears across."""
    hearing = server.demo.scheduled
    room = Room(server, hearing, await ControlClient.connect(server.url, hearing.id, hearing.clerk.token))
    for role in ("clerk", "plaintiff", "witness"):
        await room.enter(role)
    silence: Table = {role: set() for role in room.people}
    await room.order("open_waiting")
    await room.is_exactly(silence)
    await room.order("announce")
    await room.becomes({"clerk": set(), "plaintiff": {"clerk"}, "witness": {"clerk"}})
    await room.order("end_announcement")
    await room.is_exactly(silence)
    await room.leave()


async def an_observer_hears_until_the_gallery_is_closed(room: Room, court: Table) -> None:
    """And is heard by nobody."""
    await room.enter("observer")
    heard = set[str]().union(*court.values())
    await room.becomes({**court, "observer": heard})
    await room.order("close_gallery")
    await room.is_exactly({**court, "observer": set()})
    await room.people.pop("observer").leave()


async def nobody_is_heard_without_a_judge(room: Room, court: Table) -> None:
    """The judge's sockets all end; the cut of the hold is proven in the log; a judge's return ends it."""
    server, hearing = room.server, room.hearing
    clerk = await ControlClient.connect(server.url, hearing.id, hearing.clerk.token)
    await room.people.pop("judge").leave()
    await room.control.leave()

    def cut() -> bool:
        entries = clerk.of("Event")
        held = [each["header"]["seq"] for each in entries if each["header"]["kind"] == "HoldStarted"]
        proofs = [each["payload"]["of"] for each in entries if each["header"]["kind"] == "StreamsCut"]
        return bool(held) and held[-1] in proofs

    await until(cut, "the proof of the hold", PATIENCE)
    await room.drained()
    await room.is_exactly({role: set() for role in room.people})
    room.control = await ControlClient.connect(server.url, hearing.id, hearing.judge.token)
    await room.becomes({role: court[role] - {"judge"} for role in room.people})
