"""The signing on the page: started by the judge; read, checked and signed on own devices. One server a test."""

import json

import pytest

from crdt_docs.signing import receipt
from crdt_docs.signing.verify import verify
from tests.e2e.editor_page import open_editor
from tests.e2e.page import Browser, Page
from tests.e2e.signing_page import PAD, PHONE, SIGNED, SigningRoom, confirm, draw, enter_code, read_on, sign
from tests.harness.fixtures import MakeServer
from tests.harness.node import NodeClient
from tests.harness.server import ServerProcess
from tests.harness.waiting import until_blocking

SENTENCE = "双方差距较大，本庭不再继续当庭调解"  # of the sample text
ADDED = "[...document.querySelectorAll('.change ins')].map(words => words.innerText)"


@pytest.fixture
def room(browser: Browser, fresh_server: ServerProcess) -> SigningRoom:
    return SigningRoom(browser, fresh_server, fresh_server.demo.hearing)


@pytest.fixture
def waiting_room(browser: Browser, make_server: MakeServer, request: pytest.FixtureRequest) -> SigningRoom:
    """One whose freezes wait so many seconds for a page of the court."""
    server = make_server(env={"YUNTING_REFUSAL_BACKOFF": "0", "YUNTING_DIGEST_WAIT": request.param}).start()
    return SigningRoom(browser, server, server.demo.hearing)


def on_board(page: Page, name: str, state: str) -> None:
    rows = "[...document.querySelectorAll('.signer')]"
    page.wait(f"{rows}.some(row => row.innerText.includes('{name}') && row.innerText.includes('{state}'))")


def ticks(page: Page) -> int:
    return page.value("document.querySelectorAll('.check-list .is-right').length")


# --- from the judge's button to the last signature ---


@pytest.mark.parametrize("waiting_room", ["60"], indirect=True)
def test_the_judge_starts_and_two_sign_on_a_computer_and_on_a_phone(waiting_room: SigningRoom) -> None:
    room = waiting_room
    people = room.hearing
    clerk = room.enter(people.clerk)
    clerk.do("lose", address="**/signing/digest*", times=1)
    judge = room.enter(people.judge)
    plaintiff, defendant = people.person("plaintiff"), people.person("defendant")
    computer, phone = room.enter(plaintiff), room.enter(defendant, **PHONE)
    judge.wait_in_step()
    judge.press("其他指令")
    judge.press("发起签名")
    judge.see("民事诉讼法")
    judge.press("确认发起签名")
    for page in (computer, phone):
        page.see("笔录全文")
    judge.see("笔录已定稿，等待签名")
    clerk.see("笔录已定稿，等待签名")
    checked = room.standing()["frozen"]
    assert isinstance(checked, dict)
    assert checked["checked_by"] == {"person": people.clerk.id, "role": "clerk"}

    judge.press("签名情况")
    for reader in (plaintiff, defendant):
        on_board(judge, reader.name, "阅读中")
    for person, page in ((plaintiff, computer), (defendant, phone)):
        sign(room, page, person)
        assert ticks(page) == 4
        assert page.fits()
        on_board(judge, person.name, "已签名")
    kept = computer.do("download", name="保存回执")
    proof = json.loads(kept["text"])
    assert {each["person"] for each in proof["keys"]} == {plaintiff.id, defendant.id}  # before the second had signed
    with room.server.http(plaintiff.token) as http:
        entries = http.get(f"/api/hearings/{people.id}/log").json()["entries"]
    bound = [each["payload"] for each in entries if each["header"]["kind"] == "KeyBound"]
    jwk = next(each["jwk"] for each in bound if each["person"] == plaintiff.id)
    statement = receipt.verify_receipt(proof, proof["court_key"], jwk)
    assert (statement.person.id, statement.version, statement.scope) == (plaintiff.id, 1, "whole")
    assert statement.handwriting_sha256


def test_a_signature_is_there_after_a_reload_and_on_another_device(room: SigningRoom) -> None:
    person = room.hearing.person("plaintiff")
    room.freeze()
    page = room.enter(person)
    sign(room, page, person)
    page.do("reload")
    page.see("您已签名")
    page.press("查看签名")
    page.wait_for(SIGNED)
    assert ticks(page) == 4
    other = room.enter(person)
    other.press("查看签名")
    other.wait_for(SIGNED)
    assert ticks(other) == 4


def test_a_key_that_is_lost_is_replaced_by_a_new_one(room: SigningRoom) -> None:
    person = room.hearing.person("defendant")
    room.freeze()
    page = room.enter(person)
    read_on(page)
    enter_code(room, page, person)
    page.do("fill", label="验证码", text="000000" if room.last_code(person) != "000000" else "111111")
    page.press("确认签名")
    page.wait_for(".sign-form [role=alert]")
    page.value("new Promise(done => { indexedDB.deleteDatabase('yunting-keys').onsuccess = done })")
    page.do("reload")
    sign(room, page, person)
    assert len(room.standing(person)["you"]["keys"]) == 2  # type: ignore[index, call-overload]


def test_everything_can_be_signed_by_keyboard_with_a_typed_name_and_a_reservation(room: SigningRoom) -> None:
    person = room.hearing.person("plaintiff")
    room.freeze()
    page = room.enter(person)
    page.wait_for(".signing .line")
    tab_to(page, "读完了，下一步")
    page.do("key", key="Enter")
    page.see("核对无误，可以签名")
    tab_to(page, "下一步：签名")
    page.do("key", key="Enter")
    page.wait_for(PAD)
    tab_to(page, "", "input[type=radio]:checked")
    page.do("key", key="ArrowRight")
    page.wait_for(".pad-name")
    tab_to(page, "", ".pad-name")
    page.do("type", text=person.name)
    tab_to(page, "", ".sign-form textarea")
    page.do("type", text="对第三条保留意见")
    tab_to(page, "发送验证码")
    page.do("key", key="Enter")
    until_blocking(lambda: room.last_code(person))
    tab_to(page, "", ".code-field", key="Shift+Tab")
    page.do("type", text=room.last_code(person))
    page.do("key", key="Enter")
    page.wait_for(SIGNED)
    assert "对第三条保留意见" in json.dumps(own_entries(room, "Signed"), ensure_ascii=False)


def tab_to(page: Page, name: str, selector: str = "", key: str = "Tab") -> None:
    here = f"document.activeElement.matches({json.dumps(selector)})" if selector else ""
    here = here or f"document.activeElement.innerText?.trim() === {json.dumps(name)}"
    for _ in range(60):
        if page.value(here):
            return
        page.do("key", key=key)
    raise AssertionError(f"Tab does not come to {name or selector}")


def own_entries(room: SigningRoom, kind: str) -> list[object]:
    with room.server.http(room.hearing.judge.token) as http:
        events = http.get(f"/api/hearings/{room.hearing.id}/log").json()["entries"]
    return [each["payload"] for each in events if each["header"]["kind"] == kind]


def test_a_look_at_the_transcript_on_the_way_loses_nothing(room: SigningRoom) -> None:
    person = room.hearing.person("plaintiff")
    room.freeze()
    page = room.enter(person, **PHONE)
    read_on(page)
    page.press("返回笔录")
    page.wait_for(".transcript .line")
    page.click(".tab:nth-child(2)")
    page.wait_for(".show-roster")
    page.press("去签名")
    page.wait_for(PAD)
    assert page.value("document.querySelector('.tab').innerText") == "签名"
    draw(page)
    enter_code(room, page, person)
    page.press("确认签名")
    page.wait_for(SIGNED)


def test_with_the_last_signature_everybody_is_told_and_takes_the_bundle_home(room: SigningRoom) -> None:
    people = room.hearing
    last = people.person("plaintiff")
    room.freeze()
    judge, page = room.enter(people.judge), room.enter(last)
    for person in people.people:
        if person.role != "observer" and person.id != last.id:
            room.sign_elsewhere(person)
    judge.see("已完成 7 / 8")
    sign(room, page, last)
    for each in (judge, page):
        each.see("笔录签名完毕")
    page.see("全部签名已经完成")
    page.wait_for("a[download]")
    path = page.value("document.querySelector('a[download]').getAttribute('href')").split("?")[0]
    with room.server.http(people.judge.token) as http:
        bundle = http.get(path).raise_for_status().content
    assert verify(bundle, court_key=str(room.standing()["court_key"])).failed == ()


# --- corrections, objections, refusals ---


def test_the_judge_opens_a_fixed_text_again_and_must_say_why(room: SigningRoom) -> None:
    room.freeze()
    judge, party = room.enter(room.hearing.judge), room.enter(room.hearing.person("defendant"))
    party.wait_for(".signing .line")
    judge.wait_in_step()
    judge.press("其他指令")
    judge.press("补正")
    judge.press("确认补正")
    assert judge.value("document.querySelector('dialog textarea').validity.valueMissing")
    judge.do("fill", label="原因", text="补正还款日")
    confirm(judge)
    party.see("笔录正在补正（第 2 版）")
    party.wait("!document.querySelector('.signing')")


@pytest.mark.parametrize("waiting_room", ["1"], indirect=True)
def test_a_clerk_reads_a_fixed_text_what_to_look_at_in_it_and_what_came_too_late(waiting_room: SigningRoom) -> None:
    room = waiting_room  # the only page of the court has something on its way, and tells no digest
    people = room.hearing
    clerk = open_editor(room.browser, people, people.clerk, wire=True)
    clerk.new_turn("定稿之前的一条，收款人рay")  # the first letter is Cyrillic
    clerk.saved()
    clerk.page.do("hold_wire")
    clerk.type("，迟到的补充")
    room.freeze()
    clerk.page.see("笔录已定稿，等待签名")
    clerk.page.wait("!document.querySelector('.editor')")
    clerk.page.do("let_go")
    until_blocking(lambda: room.standing()["late"])
    clerk.page.press("签名情况")
    clerk.page.see("迟到的改动")
    clerk.page.see("没有写入笔录")
    clerk.page.see("请核对下列各字")
    clerk.page.see("混用形近的外文字母")


def test_a_granted_correction_makes_a_second_version_whose_changes_are_shown(
    room: SigningRoom, node: NodeClient
) -> None:
    people = room.hearing
    plaintiff, defendant = people.person("plaintiff"), people.person("defendant")
    room.freeze()
    judge = room.enter(people.judge)
    other = room.enter(plaintiff)
    sign(room, other, plaintiff)
    page = room.enter(defendant)
    page.wait_for(".signing .line")
    page.press("申请补正")
    page.do("choose", label="哪一条", option={"index": 3})
    page.do("fill", label="理由 必填", text="金额应为三十万元")
    confirm(page)
    page.see("待决定")

    judge.press("签名情况")
    judge.see("金额应为三十万元")
    judge.press("准许")
    confirm(judge)
    page.see("笔录正在补正（第 2 版）")
    other.see("笔录正在补正（第 2 版）")
    where = {"kind": "hocuspocus", "url": room.server.url, "document": people.transcript}
    node.ask("make", name="clerk", token=people.clerk.token, **where)
    node.ask("wait", name="clerk", what="synced")
    node.ask("add_turn", name="clerk", turn="t-corrected", text="更正：金额为三十万元。")
    node.ask("wait", name="clerk", what="saved")
    room.freeze(2)
    for signer, theirs in ((plaintiff, other), (defendant, page)):
        theirs.see("与第 1 版相比的改动")
        theirs.wait(f"{ADDED}.some(words => words.includes('更正：金额为三十万元'))")
        sign(room, theirs, signer)
        assert room.state_of(signer) == "SIGNED"


def test_an_objection_is_told_to_the_court_and_a_refusal_takes_two_of_it(room: SigningRoom) -> None:
    people = room.hearing
    defendant = people.person("defendant")
    room.freeze()
    page, clerk, judge = room.enter(defendant), room.enter(people.clerk), room.enter(people.judge)
    page.wait_for(".signing .line")
    page.press("提出异议")
    page.do("fill", label="理由 必填", text="与我的陈述不符")
    confirm(page)
    page.see("您已提出异议")
    for member in (clerk, judge):
        member.press("签名情况")
        on_board(member, defendant.name, "与我的陈述不符")
    clerk.press(f"记明拒签：{defendant.name}")
    clerk.do("fill", label="理由 必填", text="拒绝说明原因")
    confirm(clerk)
    on_board(judge, defendant.name, "待审判员确认")
    judge.press(f"确认拒签：{defendant.name}")
    confirm(judge)
    on_board(judge, defendant.name, "拒绝签名")
    page.see("法庭已记明您拒绝签名")


# --- who may not sign ---


def test_an_isolated_person_cannot_sign_and_can_after_the_release(room: SigningRoom) -> None:
    person, other = room.hearing.person("defendant"), room.hearing.person("plaintiff")
    room.command("isolate", person=other.id)
    room.freeze()
    room.command("release", person=other.id)
    page = room.enter(person)
    read_on(page)
    room.command("isolate", person=person.id)
    page.see("您已被隔离")
    assert page.value("document.querySelectorAll('.signing, .line').length") == 0
    assert page.do("heap", words=[SENTENCE]) == []
    room.command("release", person=person.id)
    page.wait_for(".signing .line")
    sign(room, page, person)
    assert ticks(page) == 4
    page = room.enter(other)  # isolated when the version was fixed: what the log says of it is withheld for ever
    read_on(page)
    page.press("上一步")
    assert ticks(page) == 3


def test_an_observer_is_told_and_asked_nothing(room: SigningRoom) -> None:
    room.freeze()
    page = room.enter(room.hearing.person("observer"))
    page.see("笔录已定稿，等待签名")
    assert page.value("document.querySelectorAll('.banners .button, .signing').length") == 0


# --- one's own part ---


def test_a_witness_reads_and_signs_only_their_own_part(room: SigningRoom) -> None:
    witness = room.hearing.person("witness")
    room.freeze()
    page = room.enter(witness, **PHONE)
    page.see("您的陈述部分")
    text = page.do("text", selector=".signing .sheet")
    assert 0 < page.value("document.querySelectorAll('.signing .line').length") < 60
    assert witness.name in text
    assert not [request for request in page.do("requests") if "/collab" in request]
    sign(room, page, witness)
    assert room.state_of(witness) == "SIGNED"
