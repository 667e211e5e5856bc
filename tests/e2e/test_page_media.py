"""The media room on the page in Chromium with fake devices: people see and hear each other as the court has ordered,
and come back without a click. The frames are decoded, the packets counted by the browser itself."""

from tests.e2e.editor_page import EditorPage
from tests.e2e.looks import TOO_WIDE, dress
from tests.e2e.media_page import (
    HEARD,
    LISTEN,
    OTHERS,
    enter,
    join,
    kill_media_process,
    tile,
    wait_to_hear,
    wait_to_see,
    wait_to_see_more,
    wait_until_silent,
)
from tests.e2e.page import Browser, Page
from tests.harness.server import ServerProcess


def test_the_court_sits_beside_its_transcript_and_everybody_sees_and_hears_as_ordered(
    browser: Browser, fresh_server: ServerProcess
) -> None:
    hearing = fresh_server.demo.hearing
    judge, clerk, party = hearing.judge, hearing.clerk, hearing.person("defendant")
    theirs = join(enter(browser, hearing, judge))
    page = join(enter(browser, hearing, party))
    wait_to_see(theirs, party)
    wait_to_see(page, judge)
    wait_to_hear(page)
    page.see("法庭已静音")  # since the opening: nobody but the bench speaks unasked
    assert page.value("document.querySelector('.own-switch[data-kind=audio]')") is None
    theirs.see(f"未进入音视频：{clerk.name}")
    writes_beside_the_pictures(join(enter(browser, hearing, clerk)), theirs, page)

    assert fresh_server.command(judge.token, hearing.id, "unmute", person=party.id).status_code == 200
    page.wait_for(".own-switch[data-kind=audio]")
    wait_to_hear(theirs)
    page.click(".own-switch[data-kind=video]")
    theirs.wait_for(f"{tile(party)}.tile-off")
    page.click(".own-switch[data-kind=video]")
    wait_to_see(theirs, party)

    assert fresh_server.command(judge.token, hearing.id, "isolate", person=party.id).status_code == 200
    page.see("您已被隔离")
    theirs.wait_for(f"{tile(party)}.tile-isolated")
    assert page.value("document.querySelectorAll('video, .tile').length") == 0
    assert judge.name not in page.do("html")
    wait_until_silent(page)
    heard = page.value(HEARD)
    wait_to_see_more(theirs, "[document.querySelector('.tile-me .tile-picture')]", 20)
    assert page.value(HEARD) <= heard  # less: the connection is another
    assert fresh_server.command(judge.token, hearing.id, "release", person=party.id).status_code == 200
    wait_to_see(page, judge)
    wait_to_hear(page)
    assert page.do("complaints") == theirs.do("complaints") == []
    assert looked_at(page) == []
    dress(page)
    chooses_what_to_see(page)


def writes_beside_the_pictures(clerk: Page, *others: Page) -> None:
    """What the clerk types stands at once beside the pictures, which go on, and the clerk sees who speaks."""
    clerk.wait_for(".editor .line")
    EditorPage(clerk).new_turn(said := "视频与笔录同屏。")
    for page in (clerk, *others):
        page.wait_for_line(said)
        wait_to_see_more(page, OTHERS)
    clerk.do("close")


def looked_at(page: Page) -> list[str]:
    """What is wrong with the room on a phone and beside a transcript, in both languages and colours."""
    found: list[str] = []
    for look in ({"width": 360}, {"language": "en", "theme": "dark"}, {"width": 360, "text": 200}):
        dress(page, **look)  # type: ignore[arg-type]
        found += [f"{look}: {each}" for each in page.do("axe", exclude=[".block"]) + page.value(TOO_WIDE)]
    return found


def chooses_what_to_see(page: Page) -> None:
    """The column wider by key, somebody large by key, no pictures at all."""
    width = "document.querySelector('.court-video').offsetWidth"
    before = page.value(width)
    page.value("document.querySelector('.splitter-start').focus()")
    page.do("key", key="ArrowRight")
    page.wait(f"{width} > {before}")
    page.value("document.querySelector('.tile-choose').focus()")
    page.do("key", key="Enter")
    page.wait_for(".tile-large .tile-choose[aria-pressed=true]")
    page.press("音视频设置")
    page.press("关闭画面省流量")
    page.wait(f"!{OTHERS}.length")


def test_the_page_comes_back_without_a_click(browser: Browser, fresh_server: ServerProcess) -> None:
    hearing = fresh_server.demo.hearing
    judge, party = hearing.judge, hearing.person("defendant")
    theirs = join(enter(browser, hearing, judge))
    page = join(enter(browser, hearing, party), LISTEN)
    wait_to_see(page, judge)
    assert page.value("document.querySelectorAll('.tile-me .tile-picture').length") == 0

    page.do("reload")
    wait_to_see(page, judge)
    wait_to_hear(page)

    page.value(f"void (window.old = {OTHERS})")
    kill_media_process(fresh_server)
    page.wait("old.every(each => !each.isConnected)")
    wait_to_see(page, judge)
    wait_to_hear(page)

    # the same login in another tab: the older place gives way and says so, until it is taken back
    other = browser.open(beside=theirs)
    other.go(theirs.do("url"))
    join(other, LISTEN)
    theirs.see("您已在另一处进入本场庭审的音视频")
    theirs.press("在这里进入")
    other.see("您已在另一处进入本场庭审的音视频")
    wait_to_see(page, judge)


def test_whoever_may_not_use_a_device_or_has_none_is_told_and_sees_all_the_same(
    browser: Browser, fresh_server: ServerProcess
) -> None:
    hearing = fresh_server.demo.hearing
    judge, party = hearing.judge, hearing.person("plaintiff")
    theirs = join(enter(browser, hearing, judge))
    page = join(enter(browser, hearing, party, devices="asked"))
    page.see("摄像头和麦克风不能使用")
    page.see("浏览器没有允许本页使用它")
    wait_to_see(page, judge)
    page.do("allow", permissions=["camera", "microphone"])
    page.gone("浏览器没有允许本页使用它")  # without a click
    wait_to_see(theirs, party)
    page.do("close")

    without = join(enter(browser, hearing, party, devices="none"))
    without.see("没有找到设备")
    wait_to_see(without, judge)
    without.press("知道了")
    without.gone("没有找到设备")
    assert without.do("complaints") == []
