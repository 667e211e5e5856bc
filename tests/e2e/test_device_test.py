"""The device test in Chromium with fake devices: every step, the echo through the server, what is kept."""

import json

from tests.e2e.page import Browser, Page
from tests.harness.demo import Person
from tests.harness.server import ServerProcess

PHONE = {"width": 360, "height": 740}


def at_test(browser: Browser, server: ServerProcess, person: Person, **options: object) -> Page:
    page = browser.log_in(person, **options)
    page.wait_for(f'a[href*="{server.demo.scheduled.id}/test"]')
    page.click(f'a[href*="{server.demo.scheduled.id}/test"]')
    page.see("试一试您的设备和网络")
    return page


def kept(page: Page, server: ServerProcess) -> list[dict]:
    path = f"/api/hearings/{server.demo.scheduled.id}/device-tests"
    as_ = "new URLSearchParams(location.search).get('as')"
    return json.loads(page.value(f"fetch('{path}?as=' + {as_}).then(answer => answer.text())"))["tests"]


def test_a_party_on_a_phone_walks_through_and_the_clerk_sees_it(browser: Browser, fresh_server: ServerProcess) -> None:
    people = fresh_server.demo.scheduled
    page = at_test(browser, fresh_server, people.person("plaintiff"), **PHONE)
    looks = [page.violations()]
    page.press("开始测试")
    page.see("您能看到自己吗？")
    page.wait("document.querySelector('video').videoWidth > 0")
    looks.append(page.violations())
    assert page.fits()
    page.press("看得到")
    page.see("听到您的声音了")  # the fake microphone beeps
    looks.append(page.violations())
    page.press("录 5 秒听一听")
    page.wait("document.querySelector('audio')?.readyState >= 1")
    page.press("声音清楚")
    page.press("播放声音")
    page.press("听到了")
    page.see("网络检查完成")
    looks.append(page.violations())
    assert page.fits()
    page.press("看结果")
    page.see("已保存，书记员可以看到")
    looks.append(page.violations())
    assert looks == [[]] * len(looks)
    (test,) = kept(page, fresh_server)
    assert test["result"]["camera"] == test["result"]["microphone"] == "works"
    assert test["result"]["speaker"] == "heard" and test["result"]["line"] == "measured"
    figures = test["result"]["figures"]
    assert figures["kbps"] > 20 and figures["rtt_ms"] < 5_000
    assert page.do("complaints") == []
    clerk = browser.log_in(people.clerk)
    assert [each["person"] for each in kept(clerk, fresh_server)] == [people.person("plaintiff").id]


DENY = "void (navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', 'NotAllowedError') })"


def test_a_refusal_by_the_browser_is_explained_and_the_line_is_tested_all_the_same(
    browser: Browser, shared_server: ServerProcess
) -> None:
    page = at_test(browser, shared_server, shared_server.demo.scheduled.person("defendant"))
    page.value(DENY)
    page.press("开始测试")
    page.see("浏览器没有得到许可")
    assert page.value("document.querySelectorAll('.steps li').length") == 3
    assert page.violations() == []
    page.choose(language="en")
    page.see("The browser was not given permission")
    for _ in ("camera", "microphone", "speaker"):
        page.press("Skip this step")
    page.see("The line has been checked")
    page.press("Show the result")
    page.see("Not yet: please follow the advice")
    page.see("Allow the camera in the browser's settings for this site.")
    page.choose(language="zh")
    page.see("在浏览器的网站权限中允许使用摄像头。")
    (test,) = kept(page, shared_server)
    assert test["result"]["camera"] == test["result"]["microphone"] == "denied"
    assert test["result"]["speaker"] == "skipped" and test["result"]["line"] == "measured"
