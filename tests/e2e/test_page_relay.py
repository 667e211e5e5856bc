"""A page that may send through the relay only: people hear each other by Debian's coturn, and by nothing else."""

import asyncio
from pathlib import Path

from tests.e2e.media_page import enter, join, wait_to_hear
from tests.e2e.page import Browser, Page
from tests.harness.control_client import ControlClient
from tests.harness.demo import DemoHearing
from tests.harness.fixtures import MakeServer
from tests.harness.relay import SECRET, coturn
from tests.harness.server import ServerProcess
from tests.media_room.attendants import Room

# of each connected connection: the kinds of the page's candidates, and the kind of the one that is used
PATHS = """Promise.all(peers.filter(peer => peer.connectionState === 'connected').map(async peer => {
  const stats = await peer.getStats(), all = [...stats.values()]
  const transport = all.find(each => each.type === 'transport')
  const pair = stats.get(transport.selectedCandidatePairId)
  const kinds = all.filter(each => each.type === 'local-candidate').map(each => each.candidateType)
  return [[...new Set(kinds)].join(), stats.get(pair.localCandidateId).candidateType]
}))"""


def on_the_page(browser: Browser, hearing: DemoHearing) -> Page:
    page = join(enter(browser, hearing, hearing.judge))
    wait_to_hear(page)
    return page


async def heard_through_the_relay(browser: Browser, server: ServerProcess) -> None:
    """The judge at a page, the plaintiff a load peer."""
    hearing = server.demo.hearing
    room = Room(server, hearing, await ControlClient.connect(server.url, hearing.id, hearing.judge.token))
    plaintiff = await room.enter("plaintiff")
    await room.unmute("plaintiff")
    page = await asyncio.to_thread(on_the_page, browser, hearing)
    await plaintiff.hears_on()
    await asyncio.to_thread(page.wait, f"{PATHS}.then(paths => paths.length === 2)")
    assert await asyncio.to_thread(page.value, PATHS) == [["relay", "relay"]] * 2
    await room.leave()


async def test_with_force_relay_people_hear_each_other_through_the_relay_alone(
    browser: Browser, make_server: MakeServer, tmp_path: Path, sockets_dropped: None
) -> None:
    folder = tmp_path / "coturn"
    folder.mkdir()
    with coturn(folder) as port:
        relay = {"YUNTING_TURN_URLS": f"turn:127.0.0.1:{port}", "YUNTING_TURN_SECRET": SECRET}
        server = make_server(env={**relay, "YUNTING_FORCE_RELAY": "1"}).start()
        await heard_through_the_relay(browser, server)
