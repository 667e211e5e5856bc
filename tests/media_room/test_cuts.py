"""Nothing comes after the last packet that the log names, however often it is asked for."""

from tests.harness.server import ServerProcess
from tests.media_room.attendants import Room
from tests.media_room.cutting import Cutting

ROUNDS = 12


async def test_nothing_leaks_after_the_cut_that_the_log_proves(
    fresh_server: ServerProcess, sockets_dropped: None
) -> None:
    room = await Room.gather(fresh_server, fresh_server.demo.hearing, ("judge", "plaintiff", "defendant"))
    found = await Cutting(room, "defendant").run(ROUNDS)
    await room.leave()
    assert (found.rounds, found.later, found.repeated, found.unproven) == (ROUNDS, 0, 0, [])
    assert found.streams == ROUNDS * 8
    assert found.asked > ROUNDS * 1000
