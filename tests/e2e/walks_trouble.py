"""Walks into trouble: a killed server, a full disk, a socket that the court ends."""

from collections.abc import Iterator

from tests.e2e.editor_page import open_editor
from tests.e2e.states import Stage, Stop
from tests.harness.small_disk import SmallDisk
from tests.harness.waiting import until_blocking

CLOSE = 7  # type of an in-band close on /collab


def lost(stage: Stage) -> Iterator[Stop]:
    """The server is killed before everybody's eyes, and comes back."""
    hearing = stage.hearing
    party = stage.enter(hearing.person("plaintiff"), intercept=True, lasting=True)
    defendant = stage.enter(hearing.person("defendant"))
    judge, clerk = stage.enter(hearing.judge), open_editor(stage.browser, hearing, hearing.clerk)
    stage.command("isolate", person=hearing.person("defendant").id)
    defendant.wait_for(".waiting-isolated")
    party.wait_in_step()
    for page in (party, defendant, judge, clerk.page):
        page.learn_english()
    stage.server.kill()
    for name, page in (("reader-lost", party), ("judge-lost", judge), ("editor-lost", clerk.page)):
        page.wait_for(".banners .notice-danger")
        yield Stop(name, page)
    defendant.wait_for(".light-bad")
    yield Stop("isolated-lost", defendant)
    stage.server.start()
    party.wait_in_step()
    party.do("cut")
    party.wait_for(".banners .notice-danger")
    stage.command("recess")
    party.do("mend")
    party.wait_for(".banners .notice-good")
    party.wait_in_step()
    yield Stop("reader-back", party)


def wire(stage: Stage) -> Iterator[Stop]:
    """The court ends the control socket for good; the transcript's document is refused and does not come again."""
    page = stage.enter(stage.hearing.person("plaintiff"), intercept=True)
    page.wait_in_step()
    page.do("stall", address="**/api/hearings/*")
    name = stage.hearing.transcript.encode()
    page.do("inject", path="/collab", hex=(bytes([len(name)]) + name + bytes([CLOSE, 5]) + b"stale").hex())
    page.see("正在重新载入")
    yield Stop("document-refused", page)
    page.do("end", path="/control/", code=4429, reason="too_often")
    page.see("与庭审的连接已被结束")
    yield Stop("connection-ended", page)


def full_disk(stage: Stage, disk: SmallDisk) -> Iterator[Stop]:
    """Not a byte is left where the server writes."""
    hearing = stage.hearing
    reader = stage.enter(hearing.person("plaintiff"))
    clerk = open_editor(stage.browser, hearing, hearing.clerk)
    clerk.new_turn("以上内容请核对。")
    clerk.saved()
    disk.fill()

    def is_refused() -> bool:
        clerk.type("无误。" * 40)
        return clerk.page.value("!!document.querySelector('.banners .notice-danger')")

    until_blocking(is_refused, "the court to say that it cannot save")
    yield Stop("editor-unwritable", clerk.page)
    reader.wait_for(".banners .notice-danger")
    yield Stop("reader-unwritable", reader)
    disk.free()
    clerk.saved()
