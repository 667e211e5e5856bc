"""The catalogue of what the page can show: every state by name, what must be seen in it, and the walk that leads there.

A walk is a way of people through the page; it stops in one state after the other. What is expected of a state in all
looks stands in test_page_access.py; a walk says only how one gets there.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.e2e.page import Browser, Page
from tests.harness.demo import DemoHearing, Person
from tests.harness.node import NodeClient
from tests.harness.server import ServerProcess


@dataclass(frozen=True, slots=True)
class State:
    """`shows`: a selector of what must be there in every look; `says`: Chinese words of it; `looks`: more pictures."""

    shows: str
    says: str
    looks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stop:
    """A page in a state."""

    name: str
    page: Page


@dataclass(frozen=True, slots=True)
class Stage:
    """A browser, a server and a process for others' providers."""

    browser: Browser
    server: ServerProcess
    node: NodeClient

    @property
    def hearing(self) -> DemoHearing:
        return self.server.demo.hearing

    def enter(
        self, person: Person, hearing: DemoHearing | None = None, *, intercept: bool = False, **options: object
    ) -> Page:
        """A person's page of a hearing, once its content is there."""
        page = self.browser.open(**options)
        if intercept:
            page.do("intercept")
        page.go(person.link)
        page.enter((hearing or self.hearing).id)
        page.wait(LOADED)
        return page

    def clerk_writes(self, name: str, nth: int = 0) -> None:
        """A clerk's unmodified provider on the transcript in session."""
        where = {"kind": "hocuspocus", "url": self.server.url, "document": self.hearing.transcript}
        self.node.ask("make", name=name, token=self.hearing.person("clerk", nth).token, **where)
        self.node.ask("wait", name=name, what="synced")

    def command(self, name: str, **fields: object) -> None:
        """By the judge, from another device."""
        self.server.command(self.hearing.judge.token, self.hearing.id, name, **fields).raise_for_status()


LOADED = "document.querySelector('.line, .empty, .waiting') && !document.querySelector('.skeleton')"
Walk = Callable[[Stage], Iterator[Stop]]

PHONE, PHONE_LARGE = "phone", "phone-200"
DARK_ENGLISH = "dark-english"
LARGE = "200"

OUTSIDE = {
    "login": State(".steps", "怎样取得登录链接", (PHONE, DARK_ENGLISH)),
    "login-bad-link": State(".notice-danger", "登录链接无效或者已经过期"),
    "hearings": State(".hearing-row", "今天", (PHONE, DARK_ENGLISH, LARGE)),
    "hearings-loading": State(".page-main .skeleton", "我的庭审"),
    "address-unknown": State(".notice-calm a", "没有这个页面"),
}
STRANGER = {
    "hearings-empty": State(".empty", "目前没有您的庭审"),
    "hearing-of-others": State(".notice-warn", "您不是本场庭审的参加人"),
    "hearings-unreachable": State(".notice-warn .button", "庭审列表暂时无法载入"),
    "logout-unreachable": State(".display-account [role=alert]", "退出登录"),
}
LOGIN_ENDS = {
    "logged-out": State(".notice-good", "您已退出登录"),
    "login-expired": State(".notice-warn", "登录已经失效"),
}
JUDGE = {
    "judge": State(".command-bar .button-large:enabled", "休庭", (PHONE, LARGE, PHONE_LARGE)),
    "judge-without-clerk": State(".banners .notice-warn", "笔录暂停"),
    "command-menu": State(".command-bar .menu-panel .menu-item-danger", "闭庭", (PHONE_LARGE,)),
    "display-menu": State(".top-bar .menu-panel .choice", "文字大小", (PHONE, DARK_ENGLISH)),
    "person-menu": State(".person-command .menu-panel", "隔离苏晓禾"),
    "confirm-recess": State("dialog[open] input[type=time]", "确认休庭", (PHONE, DARK_ENGLISH)),
    "confirm-close": State("dialog[open].dialog-danger", "不能再次开庭"),
    "confirm-isolate": State("dialog[open].dialog-danger textarea", "确认隔离"),
    "roster-tab": State(".show-roster .person", "参加人", (PHONE, PHONE_LARGE)),
}
BEFORE = {
    "judge-before": State(".button-large:disabled .button-why", "没有书记员连线"),
    "waiting": State(".waiting", "请等候开庭", (PHONE, DARK_ENGLISH)),
    "waiting-to-be-called": State(".waiting", "请等候传唤"),
    "editor-empty": State(".editor .empty .button-main", "开始记录", (PHONE,)),
    "confirm-open": State("dialog[open] .attendance", "确认开庭"),
}
READING = {
    "reader": State(".transcript-scroll .line-speech", "只读", (PHONE, PHONE_LARGE, DARK_ENGLISH)),
    "reader-search": State(".find-bar output", "1 / ", (PHONE,)),
    "reader-new-lines": State(".to-end", "1 条新记录"),
    "observer": State(".transcript-scroll .line-speech", "旁听人员"),
    "hearing-loading": State(".court-transcript .skeleton", "正在连接"),
}
SESSION = {
    "command-on-its-way": State(".outcome-busy", "“休庭”正在执行"),
    "command-done": State(".outcome-done", "休庭：已经生效"),
    "judge-recess": State(".banners .notice-warn", "现在休庭", (DARK_ENGLISH,)),
    "party-recess": State(".banners .notice-warn", "现在休庭", (PHONE,)),
    "confirm-resume": State("dialog[open] .attendance-short", "确认复庭"),
    "line-waiting": State(".banners .notice-warn .button-main", "来信，等待书记员答复", (PHONE,)),
    "line-answer": State("dialog[open] .private-form", "我胸口疼", (PHONE, DARK_ENGLISH)),
    "isolated": State(".waiting-isolated .private-theirs", "您已被隔离", (PHONE, DARK_ENGLISH)),
    "judge-isolated-person": State(".person-isolated", "已隔离"),
    "confirm-release": State("dialog[open] textarea", "确认解除隔离"),
    "released": State(".banners .notice-good", "隔离已经解除"),
    "command-refused": State(".outcome-refused .button", "不能隔离唯一的书记员", (PHONE,)),
    "judge-closed": State(".phase-closed", "已闭庭"),
    "party-closed": State(".phase-closed", "已闭庭"),
    "editor-closed": State(".editor .sheet", "已闭庭"),
}
WAITING_ROOM = {
    "waiting-room": State(".waiting", "您在候审室", (PHONE, DARK_ENGLISH)),
    "announcement": State(".banners .notice-calm", "书记员正在宣布法庭纪律", (PHONE,)),
    "consulting": State(".banners .notice-good", "您正在单独商议", (PHONE,)),
    "clerk-before": State(".command-bar .button-large", "宣布纪律"),
}
ORDERS = {
    "muted": State(".own-voice-muted", "需要发言请举手", (PHONE, PHONE_LARGE, DARK_ENGLISH)),
    "hand-up": State(".own-voice-muted", "您已举手", (PHONE,)),
    "judge-hands": State(".hands .menu-item", "举手 1", (PHONE, PHONE_LARGE, DARK_ENGLISH)),
    "gallery-closed": State(".waiting", "旁听已关闭"),
    "floor": State(".own-voice-floor", "请您发言", (PHONE,)),
    "confirm-remove": State("dialog[open].dialog-danger textarea", "事实经过", (PHONE, DARK_ENGLISH)),
    "confirm-summon": State("dialog[open] .ground", "确认传唤"),
    "extract": State(".extract .transcript-scroll", "您的陈述", (PHONE, DARK_ENGLISH)),
    "removed": State(".waiting-removed", "您已被责令退出法庭", (PHONE, DARK_ENGLISH)),
}
MEDIA = {
    "device-test": State(".device-step, main h1", "试一试您的设备和网络", (PHONE, DARK_ENGLISH)),
    "video-join": State("dialog[open] .join-ways", "用摄像头和麦克风进入", (PHONE,)),
    "video": State(".tile-large .tile-picture", "未进入音视频", (DARK_ENGLISH,)),
    "video-party": State(".media-bar", "法庭已静音", (PHONE, PHONE_LARGE)),
    "recording": State(".timeline-slider", "录音录像", (PHONE, DARK_ENGLISH)),
}
EXHIBITS = {
    "exhibit-list": State(".exhibit-ready a", "提交证据", (PHONE, PHONE_LARGE, DARK_ENGLISH)),
    "exhibit-upload": State("dialog[open] input[type=file]", "证明目的", (PHONE,)),
    "exhibit-refused": State(".exhibit-row .notice-danger", "没有接收", (PHONE,)),
    "confirm-withdraw": State("dialog[open].dialog-danger textarea", "撤回理由", (PHONE,)),
    "exhibit-withdrawn": State(".is-withdrawn .exhibit-withdrawn", "已撤回", (PHONE,)),
    "exhibit-page": State(".exhibit-page canvas", "批注已保存", (PHONE, PHONE_LARGE, DARK_ENGLISH, LARGE)),
    "exhibit-search": State(".exhibit-find output", "1 / ", (PHONE,)),
    "exhibit-thread": State(".thread .thread-quote", "写给", (PHONE, PHONE_LARGE, DARK_ENGLISH)),
    "exhibit-thread-deleted": State(".thread-deleted", "已删除"),
    "exhibit-marks": State(".thread-row", "批注", (PHONE,)),
    "exhibit-note": State("dialog[open] textarea", "写便签", (PHONE,)),
    "exhibit-reader": State(".exhibit-read-only", "只读", (PHONE,)),
}
EDITOR = {
    "editor": State(".editor .tool-speaker[aria-pressed=true]", "已保存", (PHONE, DARK_ENGLISH, LARGE, PHONE_LARGE)),
    "editor-search": State(".editor .found-current", "全部替换", (PHONE,)),
    "editor-completion": State(".completions .completion", "Tab"),
    "editor-templates": State(".tool-menu .menu-panel", "最后陈述", (PHONE,)),
    "editor-turn-menu": State(".tool-menu .editor-keys", "上移一条", (PHONE,)),
    "editor-locked-hint": State(".editor-hint", "由法庭写入，不能修改或删除"),
    "editor-unsure": State(".editor mark.unsure", "存疑"),
    "editor-two-writers": State(".editor .writer-selection", "已保存"),
}
WORDS = {
    "editor-kept": State("[data-saved=kept]", "改动存于本机", (PHONE,)),
    "editor-stranded": State(".offers .offer-words", "文字没有丢失", (PHONE, DARK_ENGLISH)),
    "editor-draft": State(".offers .offer-words", "送达时已晚"),
}
LOST = {
    "reader-lost": State(".banners .notice-danger", "连接中断，正在自动重新连接", (PHONE,)),
    "judge-lost": State(".banners .notice-danger", "连接中断"),
    "editor-lost": State(".banners .notice-danger", "改动存于本机"),
    "isolated-lost": State(".waiting-isolated .light-bad", "连接中断"),
    "reader-back": State(".banners .notice-good", "连接已恢复"),
}
WIRE = {
    "connection-ended": State(".notice-warn", "与庭审的连接已被结束"),
    "document-refused": State(".banners .notice-warn", "正在重新载入"),
}
SIGNING = {
    "confirm-signing": State("dialog[open] .ground", "确认发起签名", (PHONE,)),
    "signing-read": State(".signing .line-speech", "笔录全文", (PHONE, PHONE_LARGE, DARK_ENGLISH)),
    "confirm-correction": State("dialog[open] select", "哪一条", (PHONE,)),
    "signing-check": State(".signing .is-right", "核对无误，可以签名", (PHONE,)),
    "signing-sign": State(".signing .pad-canvas", "发送验证码", (PHONE, PHONE_LARGE, DARK_ENGLISH)),
    "signing-signed": State(".signing .receipt .is-right", "您已签名", (PHONE, DARK_ENGLISH)),
    "signing-board": State(".signer .signer-recorded", "待审判员确认", (PHONE, DARK_ENGLISH)),
    "confirm-grant": State("dialog[open].dialog-danger", "准许补正"),
    "signing-part": State(".signing .line-speech", "您的陈述部分", (PHONE,)),
    "signing-reopened": State(".banners .notice-calm", "笔录正在补正"),
    "signing-changes": State(".change ins", "与第 1 版相比的改动", (PHONE, DARK_ENGLISH)),
}
UNFIT = {
    "signing-failed": State(".request-row .button", "有不可见的零宽字符", (PHONE,)),
    "signing-clerk": State(".signer .signer-orders .button", "记明拒签", (PHONE, PHONE_LARGE)),
    "confirm-refusal": State("dialog[open].dialog-danger .choice", "不说明理由", (PHONE,)),
}
LYING = {
    "signing-refused": State(".mismatch .notice-danger", "笔录核对不上，不能签名", (PHONE,)),
}
FULL_DISK = {
    "reader-unwritable": State(".banners .notice-danger", "法庭暂时无法保存新的内容"),
    "editor-unwritable": State(".banners .notice-danger", "法庭暂时无法保存新的内容", (PHONE,)),
}
