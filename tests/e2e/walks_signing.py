"""Walks through the signing: a signer's three steps and their receipt, the court's board, what goes wrong."""

from collections.abc import Iterator

from tests.e2e.editor_page import open_editor
from tests.e2e.page import Page
from tests.e2e.signing_page import SigningRoom, draw, enter_code
from tests.e2e.states import Stage, Stop
from tests.e2e.walks_court import ask, close_dialog
from tests.harness.demo import Person


def room_of(stage: Stage) -> SigningRoom:
    return SigningRoom(stage.browser, stage.server, stage.hearing)


def signing(stage: Stage) -> Iterator[Stop]:
    """A defendant signs on a page of their own; the judge and the clerk look on."""
    room = room_of(stage)
    judge = stage.enter(stage.hearing.judge)
    ask_to_sign(judge)
    yield Stop("confirm-signing", judge)
    close_dialog(judge)
    room.freeze()
    defendant = stage.hearing.person("defendant")
    page = stage.enter(defendant)
    yield from steps(room, page, defendant)
    yield from requests(stage, judge)
    witness = stage.enter(stage.hearing.person("witness"))
    witness.wait_for(".signing .line")
    yield Stop("signing-part", witness)
    yield from corrected(stage, room)


def ask_to_sign(judge: Page) -> None:
    judge.wait_in_step()
    judge.press("其他指令")
    judge.press("发起签名")
    judge.wait_for("dialog[open]")


def steps(room: SigningRoom, page: Page, person: Person) -> Iterator[Stop]:
    page.wait_for(".signing .line")
    yield Stop("signing-read", page)
    page.press("申请补正")
    page.wait_for("dialog[open]")
    yield Stop("confirm-correction", page)
    close_dialog(page)
    page.press("读完了，下一步")
    page.see("核对无误，可以签名")
    page.do("click", selector="summary")
    yield Stop("signing-check", page)
    page.press("下一步：签名")
    draw(page)
    enter_code(room, page, person)
    yield Stop("signing-sign", page)
    page.press("确认签名")
    page.wait_for(".signing .receipt")
    yield Stop("signing-signed", page)


def requests(stage: Stage, judge: Page) -> Iterator[Stop]:
    plaintiff, agent = stage.hearing.person("plaintiff"), stage.hearing.person("agent")
    room = room_of(stage)
    room.command("object", agent, reason="遗漏了我方关于还款期限的陈述")
    room.command("request_correction", plaintiff, reason="还款日应为二〇二四年六月三十日")
    room.command("record_refusal", stage.hearing.clerk, person=agent.id, code="disagrees", reason="不同意笔录内容")
    judge.press("签名情况")
    judge.see("待审判员确认")
    judge.see("还款日应为")
    yield Stop("signing-board", judge)
    ask(judge, ".request-row .button-main")
    yield Stop("confirm-grant", judge)
    close_dialog(judge)


def corrected(stage: Stage, room: SigningRoom) -> Iterator[Stop]:
    """The second version: what has changed stands first."""
    room.command("reopen", reason="补正还款日")
    party = stage.enter(stage.hearing.person("plaintiff"))
    party.see("笔录正在补正")
    yield Stop("signing-reopened", party)
    stage.clerk_writes("corrector")
    stage.node.ask("add_turn", name="corrector", turn="t-corrected", text="更正：还款日为二〇二四年六月三十日。")
    stage.node.ask("wait", name="corrector", what="saved")
    room.freeze(2)
    party.wait_for(".changes .change")
    yield Stop("signing-changes", party)


def unfit(stage: Stage) -> Iterator[Stop]:
    """A text with a character that nobody sees cannot be fixed; once it is out, the clerk follows who signs."""
    room = room_of(stage)
    clerk = open_editor(stage.browser, stage.hearing, stage.hearing.clerk)
    turn = clerk.new_turn("本条含有\u200b零宽字符。")
    clerk.saved()
    room.command("start_signing")
    clerk.page.see("定稿没有完成")
    clerk.page.press("签名情况")
    clerk.page.see("U+200B")
    yield Stop("signing-failed", clerk.page)
    clerk.page.press("看这一条")
    clerk.page.wait_for(f"#turn-{turn}")
    clerk.select(turn, 4, 5)
    clerk.key("Delete")
    clerk.saved()
    room.freeze()
    clerk.page.press("签名情况")
    clerk.page.wait_for(".signer-orders .button")
    yield Stop("signing-clerk", clerk.page)
    ask(clerk.page, ".signer-orders .button")
    yield Stop("confirm-refusal", clerk.page)


def lying(stage: Stage) -> Iterator[Stop]:
    room = room_of(stage)
    room.freeze()
    page = stage.browser.open()
    page.do("lie", address="**/signing/1/content*", pairs=[("20000元", "30000元")])
    page.go(stage.hearing.person("plaintiff").link)
    page.enter(stage.hearing.id)
    page.see("笔录核对不上，不能签名")
    yield Stop("signing-refused", page)
