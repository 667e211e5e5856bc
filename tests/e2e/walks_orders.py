"""Walks through the court's orders for picture and sound: before the session, in it, and what becomes of people."""

from collections.abc import Iterator

from tests.e2e.page import Page
from tests.e2e.states import Stage, Stop
from tests.e2e.walks_court import PERSON_ITEM, ask, close_dialog
from tests.harness.demo import Person


def item(command: str) -> str:
    return f"{PERSON_ITEM}[data-command={command}]"


def ask_about(page: Page, person: Person, command: str) -> None:
    """From the person's menu, up to the question."""
    page.press(f"对{person.name}的指令")
    ask(page, item(command))


def waiting_room(stage: Stage) -> Iterator[Stop]:
    """The clerk opens it and announces; a party waits and consults."""
    hearing = stage.server.demo.scheduled
    clerk = stage.enter(hearing.clerk, hearing, lasting=True)
    party = stage.enter(hearing.person("plaintiff"), hearing)
    clerk.press("开放候庭")
    party.see("您在候审室")
    yield Stop("waiting-room", party)
    clerk.press("宣布纪律")
    party.see("请听")
    yield Stop("announcement", party)
    clerk.press("结束宣布")
    party.press("与代理人商议")
    party.see("您正在单独商议")
    yield Stop("consulting", party)
    yield Stop("clerk-before", clerk)


def orders(stage: Stage) -> Iterator[Stop]:
    """Hands, floor and silence; then who is called and who must leave."""
    hearing = stage.hearing
    party, agent, witness = (hearing.person(role) for role in ("plaintiff", "agent", "witness"))
    stage.enter(hearing.clerk)
    judge = stage.enter(hearing.judge, lasting=True)
    judge.wait_in_step()
    judge.click(".tab:nth-child(2)")
    own = stage.enter(party)
    own.see("需要发言请举手")
    yield Stop("muted", own)
    own.press("举手")
    own.see("排在第 1 位")
    yield Stop("hand-up", own)
    yield from bench(stage, judge)
    judge.press("举手 1")
    judge.press(f"1. 请{party.name}发言")
    own.see("请您发言。")
    yield Stop("floor", own)
    ask_about(judge, agent, "remove")
    yield Stop("confirm-remove", judge)
    close_dialog(judge)
    yield from called(stage, judge, witness)


def bench(stage: Stage, judge: Page) -> Iterator[Stop]:
    judge.wait_for(".hands")
    stage.command("close_gallery")
    judge.see("旁听已关闭")
    judge.do("click", selector=".hands > button")
    yield Stop("judge-hands", judge)
    judge.do("key", key="Escape")
    yield Stop("gallery-closed", stage.enter(stage.hearing.person("observer")))


def called(stage: Stage, judge: Page, witness: Person) -> Iterator[Stop]:
    ask_about(judge, witness, "summon")
    yield Stop("confirm-summon", judge)
    judge.press("确认传唤")
    page = stage.enter(witness)
    page.see("您的陈述")
    yield Stop("extract", page)
    removed = stage.enter(stage.hearing.person("defendant"))
    stage.command("remove", person=stage.hearing.person("defendant").id, reason="扰乱法庭秩序")
    removed.see("您已被责令退出法庭")
    yield Stop("removed", removed)
