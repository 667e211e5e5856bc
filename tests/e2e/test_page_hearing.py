"""The page through a hearing: the judge's commands, isolation and return, loss of the server."""

from tests.e2e.page import DRAWN, Browser, Page
from tests.harness.demo import DemoHearing, Person
from tests.harness.node import NodeClient
from tests.harness.server import ServerProcess
from tests.harness.writing import random_word


def enter(browser: Browser, hearing: DemoHearing, person: Person, **options: object) -> Page:
    page = browser.log_in(person, **options)
    page.enter(hearing.id)
    return page


def clerk_writes(node: NodeClient, server: ServerProcess, hearing: DemoHearing, name: str = "clerk") -> None:
    """A clerk's provider, connected and in sync."""
    where = {"kind": "hocuspocus", "url": server.url, "document": hearing.transcript}
    node.ask("make", name=name, token=hearing.clerk.token, **where)
    node.ask("wait", name=name, what="synced")


def write(node: NodeClient, words: str, name: str = "clerk") -> str:
    turn = node.ask("add_turn", name=name, turn=random_word("t"), text=words)
    node.ask("wait", name=name, what="saved")
    return turn


def phase(page: Page, word: str) -> None:
    page.wait(f"document.querySelector('.top-bar .phase')?.innerText.trim() === '{word}'")


def choose_in_menu(page: Page, menu: str, item: str) -> None:
    page.press(menu)
    page.press(item)


def storage(page: Page) -> str:
    return page.value(
        "(async () => JSON.stringify([{...localStorage}, {...sessionStorage}, await indexedDB.databases(),"
        " self.caches ? await caches.keys() : []]))()"
    )


def test_the_judge_opens_recesses_resumes_and_closes(
    browser: Browser, fresh_server: ServerProcess, node: NodeClient
) -> None:
    hearing = fresh_server.demo.scheduled
    judge = enter(browser, hearing, hearing.judge)
    party = enter(browser, hearing, hearing.person("defendant"))
    party.see("请等候开庭")
    phase(judge, "待开庭")
    judge.see("没有书记员连线")
    assert judge.value("document.querySelector('.button-large').disabled")
    clerk_writes(node, fresh_server, hearing)
    judge.gone("没有书记员连线")

    judge.press("开庭")
    judge.see("民事诉讼法")
    judge.see("未在线：")
    judge.see("磁盘还可录制约")
    judge.press("确认开庭")
    judge.see("开庭：已经生效")
    phase(judge, "开庭中")
    judge.wait("document.querySelector('.recording').innerText.trim() === '未录制'")  # nobody sends: no cause for alarm
    assert judge.value("document.querySelectorAll('.notice-danger').length") == 0
    judge.wait("document.querySelectorAll('.line-procedure').length === 1")
    party.wait("document.querySelectorAll('.line-procedure').length === 1")
    judge.wait_in_step()

    judge.press("休庭")
    judge.see("技术故障")
    assert "合议庭评议" not in judge.do("text", selector="dialog[open]")  # the judge sits alone
    judge.press("调解", "radio")
    judge.do("fill", label="预计复庭时间", text="23:59")
    judge.do("fill", label="原因", text="核对证据")
    judge.press("确认休庭")
    phase(party, "休庭")
    party.see("预计 23:59 复庭")
    judge.wait_for_line("休庭（进行调解）")
    judge.wait_for_line("核对证据")

    judge.press("复庭")
    judge.see("未在线：")
    judge.press("确认复庭")
    phase(party, "开庭中")
    party.gone("现在休庭")

    choose_in_menu(judge, "其他指令", "闭庭")
    judge.see("不能再次开庭")
    judge.press("确认闭庭")
    phase(judge, "已闭庭")
    phase(party, "已闭庭")
    for page in (judge, party):
        page.wait("document.querySelectorAll('.line-procedure').length === 4")
    assert party.lines() == judge.lines()


# where the focus is in the task after the one in which a dialog has gone, before anything is drawn
FOCUS_THEN = """new MutationObserver((_, watching) => {
  if (document.querySelector('dialog')) return;
  watching.disconnect();
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => { window.focusThen = document.activeElement.textContent.trim() || 'nothing' };
  port2.postMessage(0);
}).observe(document.body, { subtree: true, childList: true })"""


def seq_of(server: ServerProcess, hearing: DemoHearing) -> int:
    with server.http(hearing.judge.token) as http:
        return http.get(f"/api/hearings/{hearing.id}").json()["seq"]


def test_a_question_that_is_answered_with_no_changes_nothing(browser: Browser, shared_server: ServerProcess) -> None:
    hearing = shared_server.demo.hearing
    judge = enter(browser, hearing, hearing.judge)
    judge.wait_in_step()
    before = seq_of(shared_server, hearing)
    choose_in_menu(judge, "其他指令", "闭庭")
    judge.wait_for("dialog[open]")
    judge.value(FOCUS_THEN)
    judge.press("取消")
    judge.wait("window.focusThen")
    assert judge.value("focusThen") == "其他指令"
    phase(judge, "开庭中")
    assert seq_of(shared_server, hearing) == before


def test_an_isolated_page_is_emptied_and_comes_back_without_a_click(
    browser: Browser, fresh_server: ServerProcess, node: NodeClient
) -> None:
    hearing = fresh_server.demo.hearing
    defendant = hearing.person("defendant")
    clerk_writes(node, fresh_server, hearing)
    judge = enter(browser, hearing, hearing.judge)
    page = enter(browser, hearing, defendant)
    before = random_word("前")
    write(node, before)
    page.wait_for_line(before)

    choose_in_menu(judge, f"对{defendant.name}的指令", f"隔离{defendant.name}")
    judge.do("fill", label="原因", text="旁人提示")
    judge.press("确认隔离")
    judge.see("隔离：已经生效")
    page.see("您已被隔离")
    judge.wait("document.querySelector('.person-isolated')?.innerText.includes('已隔离')")

    during = random_word("中")
    write(node, during)
    judge.wait_for_line(during)
    page.value(DRAWN)  # its title follows what is drawn
    secrets = [before, during, hearing.person("witness").name, "民初2617号"]
    assert [word for word in secrets if word in page.do("html") + page.do("title") + storage(page)] == []
    assert page.do("heap", words=secrets) == []

    page.do("fill", label="要说的话", text="我要喝水")
    page.press("发送")
    judge.see(f"{defendant.name}来信，等待书记员答复")
    page.do("reload")
    page.see("您已被隔离")
    page.see("我要喝水")
    assert [word for word in secrets if word in page.do("html")] == []
    answer = {"person": defendant.id, "text": "马上送来"}
    assert fresh_server.command(hearing.clerk.token, hearing.id, "line", **answer).status_code == 200
    page.see("马上送来")
    judge.gone(f"{defendant.name}来信，等待书记员答复")

    choose_in_menu(judge, f"对{defendant.name}的指令", f"解除隔离{defendant.name}")
    judge.press("确认解除隔离")
    page.see("隔离已经解除")  # which goes by itself
    page.wait_for_line(before)
    page.wait_for_line(during)
    page.wait_in_step()

    # a second time on the same socket: nothing of the first stands in the way
    choose_in_menu(judge, f"对{defendant.name}的指令", f"隔离{defendant.name}")
    judge.press("确认隔离")
    page.see("您已被隔离")
    page.do("reload")
    page.wait_for(".private-form")
    page.gone("我要喝水")
    choose_in_menu(judge, f"对{defendant.name}的指令", f"解除隔离{defendant.name}")
    judge.press("确认解除隔离")
    page.wait_for_line(during)
    page.wait_in_step()


def test_a_clerk_must_state_the_order_and_is_told_why_not(browser: Browser, fresh_server: ServerProcess) -> None:
    hearing = fresh_server.demo.hearing
    witness = hearing.person("witness")
    clerk = enter(browser, hearing, hearing.clerk)
    choose_in_menu(clerk, f"对{witness.name}的指令", f"隔离{witness.name}")
    clerk.press("确认隔离")
    assert clerk.value("document.querySelector('dialog textarea').validity.valueMissing")
    clerk.do("fill", label="审判人员的指令", text="审判员口头指令")
    clerk.press("确认隔离")
    clerk.see("隔离：已经生效")


def test_a_refused_command_is_told_in_words(browser: Browser, fresh_server: ServerProcess) -> None:
    hearing = fresh_server.demo.hearing
    first, last = hearing.all_of("clerk")
    judge = enter(browser, hearing, hearing.judge)
    for clerk in (first, last):
        judge.wait_in_step()
        choose_in_menu(judge, f"对{clerk.name}的指令", f"隔离{clerk.name}")
        judge.press("确认隔离")
    judge.see("隔离未能执行：不能隔离唯一的书记员")
    judge.press("知道了")
    judge.gone("隔离未能执行")


def test_a_question_that_another_device_has_answered_goes_away(browser: Browser, fresh_server: ServerProcess) -> None:
    hearing = fresh_server.demo.hearing
    judge = enter(browser, hearing, hearing.judge)
    judge.wait_in_step()
    judge.press("休庭")
    judge.see("确认休庭")
    assert fresh_server.command(hearing.judge.token, hearing.id, "recess").status_code == 200
    judge.wait("!document.querySelector('dialog')")
    phase(judge, "休庭")


def test_the_page_survives_a_killed_server_and_says_so(
    browser: Browser, fresh_server: ServerProcess, node: NodeClient
) -> None:
    hearing = fresh_server.demo.hearing
    clerk_writes(node, fresh_server, hearing)
    page = enter(browser, hearing, hearing.person("plaintiff"))
    page.wait_for_lines("> 100")
    page.wait_in_step()
    count = len(page.lines())
    fresh_server.kill()
    page.see("连接中断，正在自动重新连接")
    assert page.lights() == ["连接中断", "未同步"]
    assert len(page.lines()) == count
    fresh_server.start()
    assert fresh_server.command(hearing.judge.token, hearing.id, "recess").status_code == 200
    node.ask("wait", name="clerk", what="synced")
    words = random_word("后")
    write(node, words)
    page.wait_for_line(words)
    page.wait_in_step()
    phase(page, "休庭")
    page.gone("连接中断，正在自动重新连接")


def test_logging_out_ends_the_login(browser: Browser, shared_server: ServerProcess) -> None:
    page = browser.log_in(shared_server.demo.hearing.person("observer"))
    with_login = page.do("url")
    page.press("显示与账户")
    page.press("退出登录")
    page.see("您已退出登录。")
    page.go(with_login)
    page.see("怎样取得登录链接")
