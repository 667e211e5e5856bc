"""Six in one hearing, four of them load peers and two at Chromium, each with a tone: who hears whom, told by ear
on both sides."""

import asyncio
import time
from collections.abc import Collection

from tests.e2e.media_page import KEEP_PEERS, join, tile
from tests.e2e.page import Browser, Page
from tests.harness.demo import DemoHearing, Person
from tests.harness.server import ServerProcess
from tests.media_link.peers import PATIENCE
from tests.media_link.processes import kill_media
from tests.media_room.attendants import Room

ROLES = ("judge", "clerk", "plaintiff", "witness")
# frequency and loudness: the agent is clearly the loudest of all, so that no hiccup of theirs leaves another speaking
AT_BROWSERS = {"defendant": (1900, 0.05), "agent": (2300, 0.5)}

# the microphone is an oscillator; the camera stays Chromium's fake device
SING = """
const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices)
navigator.mediaDevices.getUserMedia = async wanted => {
  const given = await ask(wanted)
  if (!given.getAudioTracks().length) return given
  const context = window.mouth ??= new AudioContext({ sampleRate: 48000 })
  await context.resume()
  const oscillator = new OscillatorNode(context, { frequency: FREQUENCY })
  const outlet = context.createMediaStreamDestination()
  oscillator.connect(new GainNode(context, { gain: LOUDNESS })).connect(outlet)
  oscillator.start()
  return new MediaStream([...outlet.stream.getAudioTracks(), ...given.getVideoTracks()])
}"""

# the loudest frequency of each sound that is received, once half a second has been listened to
LISTEN = """(async () => {
  const context = window.ears ??= new AudioContext({ sampleRate: 48000 })
  await context.resume()
  const tracks = peers.filter(peer => peer.connectionState === 'connected')
    .flatMap(peer => peer.getReceivers()).map(each => each.track).filter(each => each.kind === 'audio')
  const nodes = tracks.map(track => {
    const analyser = new AnalyserNode(context, { fftSize: 8192, smoothingTimeConstant: 0 })
    new MediaStreamAudioSourceNode(context, { mediaStream: new MediaStream([track]) }).connect(analyser)
    return analyser
  })
  await new Promise(done => setTimeout(done, 600))
  return nodes.map(node => {
    const levels = new Float32Array(node.frequencyBinCount)
    node.getFloatFrequencyData(levels)
    const peak = levels.indexOf(Math.max(...levels))
    return levels[peak] > -60 ? Math.round(peak * 48000 / 8192) : 0
  }).filter(Boolean)
})()"""


def sit_down(browser: Browser, hearing: DemoHearing, person: Person, frequency: int, loudness: float) -> Page:
    page = browser.open()
    page.do("before", script=KEEP_PEERS)
    page.do("before", script=SING.replace("FREQUENCY", str(frequency)).replace("LOUDNESS", str(loudness)))
    page.go(person.link)
    page.enter(hearing.id)
    page.wait_for(".top-join button")
    page.do("key", key="Shift")  # a page may sound once somebody has touched it
    return join(page)


async def hears(room: Room, page: Page, expected: set[str]) -> None:
    """By ear at the browser, in one or more times of listening: each of them, and meanwhile nobody else. Its buffers
    sound on for a moment after a cut, and are silent for one when they run dry."""
    end, found = time.monotonic() + PATIENCE, {"?"}
    while found != expected and time.monotonic() < end:
        now = {room.whose(each) for each in await asyncio.to_thread(page.value, LISTEN)}
        found = found | now if found | now <= expected else now
    assert found == expected


async def as_ordered(room: Room, pages: dict[str, Page], *without: str, silent: Collection[str] = ()) -> None:
    """Everybody hears everybody else but the silent; those left out neither hear nor are heard."""
    await room.becomes({role: heard - set(silent) for role, heard in room.everybody(*without).items()})
    inside = room.tones.keys() - set(without)
    for role, page in pages.items():
        await hears(room, page, inside - {role, *silent} if role in inside else set())


async def test_two_browsers_and_four_load_peers_hear_whom_the_court_allows(
    browser: Browser, fresh_server: ServerProcess, sockets_dropped: None
) -> None:
    hearing = fresh_server.demo.hearing
    room, pages = await Room.gather(fresh_server, hearing, ROLES), dict[str, Page]()
    for role, (frequency, loudness) in AT_BROWSERS.items():
        pages[role] = await asyncio.to_thread(sit_down, browser, hearing, hearing.person(role), frequency, loudness)
        room.tones[role] = frequency
        await room.unmute(role)
    await as_ordered(room, pages)
    await room.order("isolate", "witness")
    await as_ordered(room, pages, "witness")
    await room.order("isolate", "defendant")
    await room.is_exactly(room.everybody("witness", "defendant"))
    await as_ordered(room, pages, "witness", "defendant")
    await room.order("release", "defendant")
    await room.order("release", "witness")
    await as_ordered(room, pages)
    party, speaking = pages["defendant"], f"{tile(hearing.person('agent'))}.tile-speaking"
    await asyncio.to_thread(party.wait_for, speaking)
    await room.order("mute", "agent")
    await asyncio.to_thread(party.wait, f"!document.querySelector('{speaking}')")
    await as_ordered(room, pages, silent=("agent",))
    await room.order("isolate", "witness")
    await kill_media(fresh_server)
    for each in room.people.values():
        await each.signalling.wait_for("Restart")
        await each.connect()
    await as_ordered(room, pages, "witness", silent=("agent",))  # the browsers come back without a click
    await room.order("recess", reason="休息十分钟", kind="planned")
    await as_ordered(room, pages, *(room.tones.keys() - {"judge", "clerk"}))
    await room.order("resume")
    await as_ordered(room, pages, "witness", silent=("agent",))
    await room.leave()
