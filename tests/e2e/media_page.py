"""The media room on a page: joins, and says what is seen and heard there. It expects nothing."""

import os
import signal
from pathlib import Path

from tests.e2e.page import Browser, Page
from tests.harness.demo import DemoHearing, Person

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
    page.wait(f"(window.before ??= {{}}, {HEARD}).then(now => now > (before.heard ??= now) + {packets})")
    page.value("delete window.before.heard")


def kill_media_process(server: int) -> None:
    """By SIGKILL: the child of the server that runs `python -m media`."""
    children = Path(f"/proc/{server}/task/{server}/children").read_text("ascii").split()
    running = {int(pid): Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0") for pid in children}
    (pid,) = [pid for pid, words in running.items() if b"media" in words]
    os.kill(pid, signal.SIGKILL)
