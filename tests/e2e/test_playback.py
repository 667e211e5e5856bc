"""The playback page in Chromium: real segments played in step, over their edges and a gap, beside the transcript."""

import json
from pathlib import Path
from statistics import median

from tests.e2e.page import Browser, Page
from tests.e2e.recorded_hearing import HOLE_MS, ROUND_MS, RecordedHearing, recorded_hearing
from tests.harness.demo import Person
from tests.harness.fixtures import MakeServer
from tests.harness.node import NodeClient
from tests.harness.prepared import fill

AT = "Number(document.querySelector('.timeline-slider').value)"
VIDEO = "document.querySelector('.playback-frame video')"
# what the page shows from now on, each time that it changes: whoever looks from outside may come too late for a turn
KEEP_SHOWN = f"""(() => {{
  window.shown = []
  new MutationObserver(() => {{
    const {{ src: file = '', currentTime: place = 0, videoWidth: width = 0 }} = {VIDEO} ?? {{}}
    const turn = document.querySelector('.playback-turn[aria-current]')?.textContent ?? ''
    shown.push({{ at: {AT}, turn, file, place, width }})
  }}).observe(document.querySelector('.playback'), {{ subtree: true, childList: true, attributes: true }})
}})()"""


def at_recording(browser: Browser, recorded: RecordedHearing, person: Person, **options: object) -> Page:
    page = browser.log_in(person, **options)
    page.wait_for(f'a[href*="{recorded.hearing.id}/recording"]')
    page.click(f'a[href*="{recorded.hearing.id}/recording"]')
    page.wait_for(".timeline-slider")
    return page


def test_the_court_plays_a_recording_beside_its_transcript(
    browser: Browser, make_server: MakeServer, node: NodeClient, tmp_path: Path
) -> None:
    recorded = recorded_hearing(make_server, node, fill(tmp_path / "data"))
    page = at_recording(browser, recorded, recorded.hearing.clerk)
    rounds = len([*recorded.folder.glob("*.json")])
    assert rounds >= 3 and page.value("document.querySelectorAll('.timeline-round').length") == rounds
    page.see("无人发送音视频")
    page.see("的画面")  # one person's picture was missing inside of a round
    page.see("擅自录像")
    looks = [page.violations()]
    plays_from_a_turn_to_the_end(page, recorded)
    # keys, and what is not recorded
    page.value("document.activeElement.blur()")
    page.do("key", key="ArrowLeft")
    page.wait(f"{AT} < {recorded.begun_ms + 2 * ROUND_MS + HOLE_MS}")
    page.see("此刻没有录制")
    looks.append(page.violations())
    # no clip of what is still being written
    (file,) = recorded.folder.glob(f"000001-{recorded.hearing.judge.id}-audio.webm")
    note = {"round": 99, "from_ms": recorded.begun_ms, "to_ms": 0, "files": [{"name": file.name}]}
    (recorded.folder / "000099.json").write_text(json.dumps(note))
    page.press("制作片段")
    page.see("这一时段尚未录完或封存")
    (recorded.folder / "000099.json").unlink()
    page.press("制作片段")
    page.see("下载片段")
    page.do("resize", width=360, height=740)
    assert page.fits()
    looks.append(page.violations())
    assert looks == [[], [], []]
    (refused,) = page.do("complaints")
    assert "409" in refused
    says_that_a_file_is_gone(browser, recorded)


def plays_from_a_turn_to_the_end(page: Page, recorded: RecordedHearing) -> None:
    """From the turn that is clicked, over the edge of a round and over the gap without a click; the text follows."""
    first = next(iter(recorded.turns))
    page.value(KEEP_SHOWN)
    page.value(f"[...document.querySelectorAll('.playback-turn')].find(e => e.textContent.includes('{first}')).click()")
    page.wait(f"{AT} >= {recorded.begun_ms + 2 * ROUND_MS + HOLE_MS}")
    page.wait("[...document.querySelectorAll('.playback-play')].some(e => e.textContent === '播放')")
    shown = page.value("shown")
    assert shown[0]["at"] < recorded.begun_ms + ROUND_MS
    assert any(each["width"] > 0 and each["place"] > 0 for each in shown)
    marked = [turn for each in shown for turn in recorded.turns if turn in each["turn"]]
    assert [*dict.fromkeys(marked)] == [*recorded.turns] and marked == sorted(marked, key=recorded.turns.__getitem__)
    second = [each for each in shown if "000002" in each["file"] and each["place"] > 0.3]
    assert median(abs(each["at"] - recorded.begun_ms - ROUND_MS - 1000 * each["place"]) for each in second) < 2_000


def says_that_a_file_is_gone(browser: Browser, recorded: RecordedHearing) -> None:
    """And plays the rest; a party has no way to it."""
    (gone,) = recorded.folder.glob(f"000001-{recorded.hearing.judge.id}-audio.webm")
    gone.unlink()
    page = at_recording(browser, recorded, recorded.hearing.judge)
    page.see("有 1 个文件缺失")
    page.press("播放")
    page.wait(f"{VIDEO}?.currentTime > 0.3")
    party = browser.log_in(recorded.hearing.person("plaintiff"))
    party.wait_for(".hearing-row")
    assert party.value("document.querySelectorAll('a[href*=\"/recording\"]').length") == 0
