"""A server that lies to a signer's page: about text, log and PDF, and about the page's own copy. It lies on the way to
one page, so that one server with a fixed text does for all."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from crdt_docs.document import Document
from crdt_docs.signing.content import Person as SignedPerson
from crdt_docs.signing.content import content, content_sha256, encode
from crdt_docs.signing.log_tree import leaf_of
from crdt_docs.transcript import blocks
from crdt_docs.wire import hocuspocus, y_protocol
from tests.e2e.page import DRAWN, Browser, Page
from tests.e2e.signing_page import PAD, SigningRoom
from tests.harness.prepared import fill
from tests.harness.server import ServerProcess
from tests.harness.writing import add_turn

pytestmark = pytest.mark.usefixtures("browser")  # closes a test's pages


@pytest.fixture(scope="module")
def room(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SigningRoom]:
    """Version 1 is fixed, and nobody signs it."""
    still = {"YUNTING_REFUSAL_BACKOFF": "0", "YUNTING_HOLD_AFTER": "3600"}
    server = ServerProcess(fill(tmp_path_factory.mktemp("lies")), env=still)
    try:
        made = SigningRoom(chromium, server.start(), server.demo.hearing)
        made.freeze()
        yield made
    finally:
        server.stop()


def frozen_text(room: SigningRoom) -> tuple[str, str]:
    """What is served of version 1, and its digest."""
    with room.server.http(room.hearing.person("plaintiff").token) as http:
        text = http.get(f"/api/hearings/{room.hearing.id}/signing/1/content").raise_for_status().text
    return text, room.standing()["frozen"]["content_sha256"]  # type: ignore[index, return-value, call-overload]


OTHER_WORDS = "另有三十万元已经偿还。"


@dataclass(frozen=True, slots=True)
class Forgery:
    """A version with a turn more, as a lying server serves, logs (leaf, forged leaf) and synchronises it."""

    text: str
    digest: str
    leaves: tuple[str, str]
    frame: str


def forgery(room: SigningRoom) -> Forgery:
    path = f"/api/hearings/{room.hearing.id}"
    with room.server.http(room.hearing.judge.token) as http:
        update = http.get(f"{path}/signing/1/update").raise_for_status().content
        told = http.get(f"{path}/signing/1/content").raise_for_status().json()
        entries = http.get(f"{path}/log").raise_for_status().json()["entries"]
    document = Document(room.hearing.transcript)
    document.apply(update)
    before = document.state_vector()
    add_turn(document.doc, OTHER_WORDS, turn="t-forged", index=0)
    people = [SignedPerson(each["id"], each["role"], each["name"]) for each in told["people"]]
    forged = content(room.hearing.id, told["case"], people, blocks(document.doc))
    (entry,) = (each for each in entries if each["header"]["kind"] == "Frozen")
    payload = {**entry["payload"], "content_sha256": content_sha256(forged)}
    leaf = leaf_of(entry["header"], bytes.fromhex(entry["salt"]), payload).hex()
    frame = hocuspocus.prefix(room.hearing.transcript.encode()) + y_protocol.update(document.diff(before))
    return Forgery(encode(forged).decode(), content_sha256(forged), (entry["leaf"], leaf), frame.hex())


LIE = ("20000元", "30000元")


def refuses(page: Page) -> None:
    page.see("笔录核对不上，不能签名")
    assert page.value("document.querySelector('.signing-next').disabled")
    assert page.value(f"document.querySelector('{PAD}')") is None


def test_a_text_or_a_pdf_that_is_served_otherwise_than_it_was_fixed_is_refused(room: SigningRoom) -> None:
    text, _ = frozen_text(room)
    assert LIE[0] in text
    page = room.browser.open()
    page.do("intercept")
    page.do("lie", address="**/signing/1/content*", pairs=[LIE])
    refuses(entered(room, page))
    page = room.browser.open()
    page.do("lie", address="**/signing/1/pdf*", pairs=[("%PDF", "%FDP")])
    refuses(entered(room, page))
    page.see("法庭送达的 PDF 笔录，与定稿不一致")


def test_a_server_that_lies_everywhere_alike_is_found_out_by_the_own_copy(room: SigningRoom) -> None:
    """Text, digest and log entry agree with each other, and with nothing that this page holds."""
    text, digest = frozen_text(room)
    other = content_sha256(json.loads(text.replace(*LIE)))
    page = room.browser.open()
    page.do("intercept")
    page.do("lie", address="**/signing/1/content*", pairs=[LIE])
    page.do("lie", address="**/signing?as=*", pairs=[(digest, other)])
    entered(room, page)
    refuses(page)
    page.see("本设备上的笔录，与定稿不一致")
    page.see("庭审日志中登记的定稿，与本页收到的定稿不一致")  # the entry does not make its leaf any more
    assert room.state_of(room.hearing.person("plaintiff")) in ("PENDING", "READING")


def test_a_text_that_changes_while_it_is_compared_is_shown_and_has_to_be_read_again(room: SigningRoom) -> None:
    """One server that lies everywhere alike: at last it puts the other text into the own copy too."""
    frozen, forged = frozen_text(room), forgery(room)
    page = room.browser.open()
    page.do("intercept")
    page.do("lie", address="**/signing/1/content*", pairs=[(frozen[0], forged.text)], held=True)
    page.do("lie", address="**/signing?as=*", pairs=[(frozen[1], forged.digest), forged.leaves])
    entered(room, page)
    page.wait_for(".signing .line")
    assert OTHER_WORDS not in page.do("text", selector=".signing .sheet")
    page.press("读完了，下一步")
    page.see("正在核对")
    page.do("inject", path="/collab", hex=forged.frame)
    page.value(DRAWN)  # the own copy has it before the answer comes
    page.do("answer")
    page.see("笔录与刚才显示的不同，请从头再读一遍")
    assert OTHER_WORDS in page.do("text", selector=".signing .sheet")
    page.press("读完了，下一步")
    page.see("核对无误，可以签名")


def entered(room: SigningRoom, page: Page) -> Page:
    page.go(room.hearing.person("plaintiff").link)
    page.wait("location.pathname === '/hearings'")
    page.enter(room.hearing.id)
    return page
