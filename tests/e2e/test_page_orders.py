"""The court's orders for picture and sound on the page: given on one, seen on another. One server a test."""

from tests.e2e.page import Browser, Page
from tests.e2e.test_page_hearing import choose_in_menu, clerk_writes, enter, phase, write
from tests.harness.demo import Person
from tests.harness.fixtures import MakeServer
from tests.harness.node import NodeClient
from tests.harness.server import ServerProcess
from tests.harness.writing import random_word

FACTS = "多次打断审判，经警告不改"


def order(page: Page, person: Person, item: str) -> None:
    """Out of the person's menu in the roster."""
    choose_in_menu(page, f"对{person.name}的指令", item)


def marks(page: Page, person: Person) -> str:
    """What stands under a person's name in the roster."""
    return page.value(
        "[...document.querySelectorAll('.person')].find(one => one.querySelector('.person-name').textContent"
        f".startsWith('{person.name}')).querySelector('.person-marks')?.innerText ?? ''"
    )


def wait_for_mark(page: Page, person: Person, mark: str) -> None:
    page.wait(
        "[...document.querySelectorAll('.person')].some(one => one.querySelector('.person-name').textContent"
        f".startsWith('{person.name}') && one.querySelector('.person-marks')?.innerText.includes('{mark}'))"
    )


def recording(page: Page, word: str) -> None:
    page.wait(f"document.querySelector('.recording')?.innerText.trim() === '{word}'")


def asked_for_documents(page: Page) -> list[str]:
    return [request for request in page.do("requests") if "/collab" in request]


def test_waiting_room_announcement_and_a_word_apart(browser: Browser, fresh_server: ServerProcess) -> None:
    hearing = fresh_server.demo.scheduled
    clerk, judge = (enter(browser, hearing, one) for one in (hearing.clerk, hearing.judge))
    party, agent = (enter(browser, hearing, hearing.person(role)) for role in ("plaintiff", "agent"))
    party.see("请等候开庭")
    clerk.press("开放候庭")
    phase(party, "庭前准备")
    party.see("您在候审室")
    party.see("应到")

    clerk.press("宣布纪律")
    party.see("书记员正在宣布法庭纪律，请听")
    clerk.see("您正在向全体候庭人员讲话")
    clerk.press("结束宣布")
    party.gone("书记员正在宣布法庭纪律")

    party.press("与代理人商议")
    agent.see("您正在单独商议")
    clerk.see(f"正在单独商议：{hearing.person('plaintiff').name}")
    agent.press("结束商议")
    party.gone("您正在单独商议")
    agent.press("与当事人商议")
    party.see("您正在单独商议")

    judge.press("开庭")
    judge.press("确认开庭")
    phase(party, "开庭中")
    party.gone("您正在单独商议")
    party.see("法庭已将您静音，需要发言请举手。")
    recording(party, "录制中")
    recording(judge, "未录制")  # the court is told: nobody sends


def test_hands_floor_and_silence(browser: Browser, fresh_server: ServerProcess) -> None:
    hearing = fresh_server.demo.hearing
    first, second = hearing.person("defendant"), hearing.person("plaintiff")
    judge, clerk = (enter(browser, hearing, one) for one in (hearing.judge, hearing.clerk))
    one, other = (enter(browser, hearing, person) for person in (first, second))
    one.press("举手")
    one.see("您已举手，排在第 1 位。")
    other.press("举手")
    other.see("您已举手，排在第 2 位。")
    wait_for_mark(judge, second, "举手第 2 位")
    assert "举手第 1 位" in marks(judge, first)

    judge.press("举手 2")
    judge.press(f"1. 请{first.name}发言")
    one.see("请您发言。")
    other.see("您已举手，排在第 1 位。")
    wait_for_mark(clerk, first, "发言中")
    other.press("放下手")
    judge.wait("!document.querySelector('.hands')")

    order(clerk, first, f"将{first.name}静音")
    one.see("法庭已将您静音，需要发言请举手。")
    order(judge, second, f"解除{second.name}的静音")
    other.see("您可以发言，全体在庭人员都能听到。")
    order(judge, second, f"大画面显示{second.name}")
    wait_for_mark(other, second, "大画面")
    order(judge, second, f"取消{second.name}的大画面")
    judge.press("全体静音")
    other.see("法庭已将您静音")
    wait_for_mark(judge, second, "静音")
    assert "大画面" not in marks(judge, second)
    choose_in_menu(judge, "其他指令", "标记事件")
    judge.do("fill", label="原因", text="场外提示")
    judge.press("确认标记事件")
    judge.see("标记事件：已经生效")

    judge.press("休庭")
    judge.press("确认休庭")
    other.press("与代理人商议")
    other.see("您正在单独商议")
    wait_for_mark(judge, second, "单独商议中")
    recording(other, "未录制")
    judge.press("复庭")
    judge.press("确认复庭")
    other.gone("您正在单独商议")


def test_a_witness_in_court_reads_an_extract_and_never_asks_for_the_transcript(
    browser: Browser, fresh_server: ServerProcess, node: NodeClient
) -> None:
    hearing = fresh_server.demo.hearing
    witness = hearing.person("witness")
    clerk_writes(node, fresh_server, hearing)
    judge = enter(browser, hearing, hearing.judge)
    page = enter(browser, hearing, witness)
    page.see("请等候传唤")
    order(judge, witness, f"传唤{witness.name}")
    judge.see("证据")
    judge.press("确认传唤")
    page.see("您的陈述")
    own, others = random_word("证"), random_word("他")
    write(node, others)
    write(node, random_word("问"))
    node.ask("add_turn", name="clerk", turn=random_word("t"), text=own, speaker=witness.id)
    page.wait_for_line(own)
    assert others not in page.do("html")

    judge.press("休庭")
    judge.press("确认休庭")
    page.see("您已被隔离")
    assert own not in page.do("html")
    judge.press("复庭")
    judge.press("确认复庭")
    order(judge, witness, f"传唤{witness.name}")
    judge.press("确认传唤")
    page.wait_for_line(own)
    order(judge, witness, f"请{witness.name}退下")
    judge.press("确认退下")
    page.see("您已被隔离")
    assert asked_for_documents(page) == []
    assert page.do("heap", words=[others]) == []


def test_the_gallery_closes_and_somebody_is_ordered_to_leave(
    browser: Browser, fresh_server: ServerProcess, node: NodeClient
) -> None:
    hearing = fresh_server.demo.hearing
    party = hearing.person("defendant")
    clerk_writes(node, fresh_server, hearing)
    words = random_word("旁")
    write(node, words)
    judge = enter(browser, hearing, hearing.judge)
    observer = enter(browser, hearing, hearing.person("observer"))
    page = enter(browser, hearing, party)
    observer.wait_for_line(words)
    page.wait_for_line(words)
    choose_in_menu(judge, "其他指令", "关闭旁听")
    judge.press("确认关闭旁听")
    observer.see("法庭暂时关闭旁听")
    judge.see("旁听已关闭")
    assert words not in observer.do("html")
    choose_in_menu(judge, "其他指令", "开放旁听")
    observer.wait_for_line(words)

    order(judge, party, f"责令{party.name}退出")
    judge.press("确认责令退出")
    assert judge.value("document.querySelector('dialog textarea').validity.valueMissing")
    judge.do("fill", label="事实经过", text=FACTS)
    judge.press("确认责令退出")
    page.see("您已被责令退出法庭")
    assert words not in page.do("html")
    judge.wait_for_line(FACTS)
    page.do("reload")
    page.see("您已被责令退出法庭")


def test_without_the_judge_the_court_holds_until_they_are_back(browser: Browser, make_server: MakeServer) -> None:
    server = make_server(env={"YUNTING_REFUSAL_BACKOFF": "0", "YUNTING_HOLD_AFTER": "1"}).start()
    hearing = server.demo.hearing
    party = enter(browser, hearing, hearing.person("plaintiff"))
    judge = enter(browser, hearing, hearing.judge)
    judge.wait_in_step()
    judge.do("close")
    party.see("审判员连线中断，请勿离开")
    party.see("庭审暂停，任何人的声音都不会传出。")
    enter(browser, hearing, hearing.judge)
    party.wait("!document.querySelector('.banners .notice-danger')")
    party.gone("庭审暂停，任何人的声音都不会传出。")
