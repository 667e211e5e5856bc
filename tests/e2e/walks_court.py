"""Walks through the judge's page: commands, confirmations, menus, and what the others see of them."""

from collections.abc import Iterator

from tests.e2e.page import Page
from tests.e2e.states import Stage, Stop

NEXT, OTHERS, DISPLAY = ".button-large", ".command-bar .menu button", ".top-bar .menu button"
PERSON, PERSON_ITEM = ".person-command .menu > button", ".person-command .menu-item"
ISOLATE, RELEASE = f"{PERSON_ITEM}[data-command=isolate]", f"{PERSON_ITEM}[data-command=release]"


def close_dialog(page: Page) -> None:
    page.press("取消")
    page.wait("!document.querySelector('dialog')")


def ask(page: Page, *buttons: str) -> None:
    """Presses one button after the other; the last one asks."""
    for button in buttons:
        page.do("click", selector=button)
    page.wait_for("dialog[open]")


def judge(stage: Stage) -> Iterator[Stop]:
    page = stage.enter(stage.hearing.judge)
    page.see("笔录暂停")
    yield Stop("judge-without-clerk", page)
    stage.enter(stage.hearing.clerk)
    page.gone("笔录暂停")
    page.wait_in_step()
    yield Stop("judge", page)
    page.do("click", selector=OTHERS)
    yield Stop("command-menu", page)
    ask(page, ".menu-item-danger")
    yield Stop("confirm-close", page)
    close_dialog(page)
    ask(page, NEXT)
    yield Stop("confirm-recess", page)
    close_dialog(page)
    page.do("click", selector=DISPLAY)
    yield Stop("display-menu", page)
    page.do("key", key="Escape")
    page.do("click", selector=PERSON)
    page.wait_for(PERSON_ITEM)
    yield Stop("person-menu", page)
    ask(page, ISOLATE)
    yield Stop("confirm-isolate", page)
    close_dialog(page)
    page.click(".tab:nth-child(2)")
    page.wait_for(".show-roster")
    yield Stop("roster-tab", page)


def before_the_session(stage: Stage) -> Iterator[Stop]:
    scheduled = stage.server.demo.scheduled
    page = stage.enter(scheduled.judge, scheduled)
    page.see("没有书记员连线")
    yield Stop("judge-before", page)
    yield Stop("waiting", stage.enter(scheduled.person("plaintiff"), scheduled))
    yield Stop("waiting-to-be-called", stage.enter(stage.hearing.person("witness")))
    yield Stop("editor-empty", stage.enter(scheduled.clerk, scheduled))
    ask(page, NEXT)
    yield Stop("confirm-open", page)


def session(stage: Stage) -> Iterator[Stop]:
    """The judge recesses, isolates and closes; a clerk, a party and the isolated person look on."""
    hearing = stage.hearing
    clerk = stage.enter(hearing.clerk)
    party = stage.enter(hearing.person("plaintiff"))
    isolated = stage.enter(hearing.person("defendant"), lasting=True)
    page = stage.enter(hearing.judge, lasting=True, intercept=True)
    page.wait_in_step()
    yield from recess(page, party)
    yield from isolation(stage, page, isolated, clerk)
    yield from refusal(stage, page)
    stage.command("close")
    for name, seen in (("judge-closed", page), ("party-closed", party), ("editor-closed", clerk)):
        seen.wait_for(".top-bar .phase-closed")
        yield Stop(name, seen)


def recess(page: Page, party: Page) -> Iterator[Stop]:
    page.do("hold", types=["Ack", "Applied"])
    ask(page, NEXT)
    page.press("确认休庭")
    page.wait_for(".outcome-busy")
    yield Stop("command-on-its-way", page)
    page.do("free")
    page.wait_for(".outcome-done")
    yield Stop("command-done", page)
    page.do("reload")
    page.wait_in_step()
    yield Stop("judge-recess", page)
    party.wait_for(".phase-recess")
    yield Stop("party-recess", party)
    ask(page, NEXT)
    yield Stop("confirm-resume", page)
    close_dialog(page)


def isolation(stage: Stage, page: Page, isolated: Page, clerk: Page) -> Iterator[Stop]:
    person = stage.hearing.person("defendant")
    stage.command("isolate", person=person.id, reason="画面外有人提示")
    isolated.wait_for(".waiting-isolated")
    yield from private_line(page, isolated, clerk)
    page.wait_for(".person-isolated")
    yield Stop("judge-isolated-person", page)
    ask(page, f".person-isolated {PERSON}", f".person-isolated {RELEASE}")
    yield Stop("confirm-release", page)
    page.press("确认解除隔离")
    isolated.wait_for(".banners .notice-good")
    isolated.wait_in_step()
    yield Stop("released", isolated)


def private_line(page: Page, isolated: Page, clerk: Page) -> Iterator[Stop]:
    """The isolated person asks for help by keyboard, the judge sees it, a clerk answers."""
    isolated.do("fill", label="要说的话", text="我胸口疼，想喝水。")
    isolated.do("key", key="Enter")
    isolated.wait_for(".private-theirs")
    page.wait_for(".banners .notice .button-main")
    yield Stop("line-waiting", page)
    ask(clerk, ".banners .notice .button-main")
    clerk.do("fill", label="要说的话", text="法警马上到，请稍候。")
    yield Stop("line-answer", clerk)
    clerk.press("发送")
    for each in (isolated, clerk):
        each.see("法警马上到，请稍候。")
    clerk.wait("!document.querySelector('.private-form input').value")
    clerk.wait("!document.querySelector('.banners .notice .button-main')")
    clerk.press("关闭")
    clerk.wait("!document.querySelector('dialog') && document.activeElement.id === 'main'")
    yield Stop("isolated", isolated)


def refusal(stage: Stage, page: Page) -> Iterator[Stop]:
    """The court cannot be left without a clerk."""
    first, last = stage.hearing.all_of("clerk")
    stage.command("isolate", person=last.id)
    page.wait_for(".person-isolated")
    page.wait_in_step()
    page.press(f"对{first.name}的指令")
    ask(page, ISOLATE)
    page.press("确认隔离")
    page.wait_for(".outcome-refused")
    yield Stop("command-refused", page)
    page.press("知道了")
    stage.command("release", person=last.id)
