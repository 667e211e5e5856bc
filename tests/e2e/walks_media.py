"""A walk through sound and picture: the device test, a hearing seen and heard, its recording."""

from collections.abc import Iterator

from tests.e2e.media_page import JOIN, WAYS, enter, join, wait_to_see
from tests.e2e.page import Page
from tests.e2e.states import Stage, Stop


def media(stage: Stage) -> Iterator[Stop]:
    hearing, scheduled = stage.hearing, stage.server.demo.scheduled
    party = stage.browser.log_in(hearing.person("defendant"))
    party.wait_for(f'a[href*="{scheduled.id}/test"]')
    party.click(f'a[href*="{scheduled.id}/test"]')
    yield Stop("device-test", party)
    judge, clerk = (join(enter(stage.browser, hearing, person)) for person in (hearing.judge, hearing.clerk))
    own = enter(stage.browser, hearing, hearing.person("plaintiff"))
    own.click(JOIN)
    own.wait_for(WAYS)
    yield Stop("video-join", own)
    own.click(f"{WAYS}:nth-child(1)")
    for person in (hearing.clerk, hearing.person("plaintiff")):
        wait_to_see(judge, person)
    yield Stop("video", judge)
    wait_to_see(own, hearing.judge)
    own.value("[...document.querySelectorAll('.tab')].find(tab => tab.textContent === '视频')?.click()")
    yield Stop("video-party", own)
    yield from recorded(stage, judge, clerk)


def recorded(stage: Stage, judge: Page, clerk: Page) -> Iterator[Stop]:
    """A recess seals what was recorded so far, and the clerk plays it."""
    hearing = stage.hearing
    assert stage.server.command(hearing.judge.token, hearing.id, "recess").status_code == 200
    judge.see("现在休庭")
    clerk.go(clerk.do("url").replace(f"/hearings/{hearing.id}", f"/hearings/{hearing.id}/recording"))
    clerk.wait_for(".timeline-slider")
    yield Stop("recording", clerk)
