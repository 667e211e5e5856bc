"""The media room on a page: joins, and says what is seen and heard there. It expects nothing."""

import os
import signal

from tests.e2e.page import Browser, Page
from tests.harness.demo import DemoHearing, Person
from tests.harness.server import ServerProcess
from tests.media_link.processes import media_pid

# every connection that the page makes, in the order in which it makes them
KEEP_PEERS = """
window.peers = []
window.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(...given) { super(...given); window.peers.push(this) }
}"""
JOIN, WAYS = ".top-join button", "dialog[open] .join-ways button"
BOTH, VOICE, LISTEN = (f"{WAYS}:nth-child({nth})" for nth in (1, 2, 3))
OTHERS = "[...document.querySelectorAll('.tile:not(.tile-me) .tile-picture')]"
# packets of sound that this page has received by its connections of now
HEARD = """Promise.all(peers.filter(peer => peer.connectionState !== 'closed').map(async peer =>
  [...(await peer.getStats()).values()].filter(each => each.type === 'inbound-rtp' && each.kind === 'audio')
    .reduce((sum, each) => sum + each.packetsReceived, 0))).then(sums => sums.reduce((a, b) => a + b, 0))"""


def enter(browser: Browser, hearing: DemoHearing, person: Person, **options: object) -> Page:
    page = browser.open(**options)
    page.do("before", script=KEEP_PEERS)
    page.go(person.link)
    page.enter(hearing.id)
    page.wait_for(JOIN)
    return page


def join(page: Page, way: str = BOTH) -> Page:
    page.wait_for(JOIN)
    page.click(JOIN)
    page.wait_for(way)
    page.click(way)
    page.wait_for(".media-bar")
    return page


def tile(person: Person) -> str:
    return f'.tile[data-person="{person.id}"]'


def wait_to_see(page: Page, person: Person) -> None:
    """Until frames of this person's camera are drawn: more than a first one that might be left over."""
    picture = f"document.querySelector('{tile(person)} .tile-picture')"
    page.wait(f"{picture}?.getVideoPlaybackQuality().totalVideoFrames > 3")


def wait_to_hear(page: Page, packets: int = 20) -> None:
    """Until that much more sound has come than had before."""
    wait_for_more(page, HEARD, packets)


def wait_to_see_more(page: Page, pictures: str, frames: int = 1) -> None:
    """Until so many more frames have been drawn in these elements, a JavaScript array."""
    wait_for_more(
        page, f"{pictures}.reduce((sum, each) => sum + each.getVideoPlaybackQuality().totalVideoFrames, 0)", frames
    )


def wait_for_more(page: Page, count: str, more: int) -> None:
    """Until the count has grown by so many; a connection or an element that is made anew counts from its beginning."""
    least = "before.least = Math.min(before.least ?? now, now)"
    page.wait(f"(window.before ??= {{}}, Promise.resolve({count})).then(now => now > ({least}) + {more})")
    page.value("delete window.before.least")


def wait_until_silent(page: Page) -> None:
    """Until no sound has come for half a second: what was under way when it was cut off is still read."""
    later = f"new Promise(done => setTimeout(done, 500)).then(() => {HEARD})"
    page.wait(f"{HEARD}.then(before => {later}.then(now => now === before))")


def kill_media_process(server: ServerProcess) -> None:
    """By SIGKILL."""
    os.kill(media_pid(server), signal.SIGKILL)
