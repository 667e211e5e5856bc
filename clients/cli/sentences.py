"""Every sentence the client says to a person, in both languages; a missing name is a type error."""

from __future__ import annotations

from typing import Final

from clients.cli.outcomes import Words

# ---- failures -------------------------------------------------------------------------------------------------
CONFIG_UNREADABLE: Final = Words("配置文件无法读取：{path}", "the configuration file cannot be read: {path}")
NOT_LOGGED_IN: Final = Words(
    "尚未登录（配置“{profile}”）。请先运行 yunting login 链接，或给出 --url 与 --token。",
    "not logged in (profile “{profile}”). Run yunting login LINK first, or give --url and --token.",
)
OTHER_SERVER: Final = Words(
    "已存令牌属于 {stored}，不会发送到 {url}。请同时给出 --token。",
    "the stored token belongs to {stored} and is not sent to {url}. Give --token as well.",
)
BAD_URL: Final = Words("不是有效的服务器地址：{url}", "not a server address: {url}")
BAD_LINK: Final = Words(
    "不是登录链接（应形如 https://法院/login#密钥）。",
    "not a login link (it looks like https://court/login#secret).",
)
BAD_TIME: Final = Words("不是有效的时间：{text}", "not a time: {text}")
NEEDS_PERSON: Final = Words("{command} 需要 --person。", "{command} needs --person.")
UNKNOWN_SPEAKER: Final = Words(
    "名单中没有“{speaker}”。可用：{known}",
    "“{speaker}” is not in the roster. Known: {known}",
)
NOTHING_TO_APPEND: Final = Words("没有可写入的文字。", "there is no text to append.")
NOT_UTF8: Final = Words("输入的文字不是 UTF-8 编码。", "the words are not UTF-8.")
NO_CONNECTION: Final = Words("无法连接服务器 {url}：{why}", "no connection to {url}: {why}")
OUTCOME_UNKNOWN: Final = Words(
    "与服务器的连接中断：{why}。命令是否已执行不明，请用 yunting tail 查看。",
    "the connection broke: {why}. Whether the command was carried out is not known; see yunting tail.",
)
BAD_ANSWER: Final = Words("服务器的答复无法理解（{status}）。", "the server's answer makes no sense ({status}).")
NOT_SAVED: Final = Words(
    "有 {count} 段未确认写入磁盘（原文附后）。再次输入前请先核对笔录。",
    "{count} turn(s) are not known to be on disk (words below). Look at the transcript before typing them again.",
)
DROPPED: Final = Words(
    "服务器没有接受这些文字（{count} 段未保存）。",
    "the server did not take these words ({count} turn(s) not saved).",
)
INTERRUPTED: Final = Words("已中断。", "interrupted.")

# ---- verdicts by close code or reason -------------------------------------------------------------------------
UNAUTHENTICATED: Final = Words("登录已失效，请重新登录。", "the login is no longer valid; log in again.")
FORBIDDEN: Final = Words("无权查看或修改此文档。", "no right to this document or action.")
ISOLATED: Final = Words("您处于隔离状态。", "you are isolated.")
STALE: Final = Words(
    "此处已不能再写入（已冻结或权限已变更）。",
    "this can no longer be written here (frozen, or the right has gone).",
)
TOO_OFTEN: Final = Words("发送过于频繁，连接已被关闭。", "sent too often; the server closed the connection.")
MALFORMED: Final = Words("服务器拒绝了发送的内容。", "the server refused what was sent.")
TOO_BIG: Final = Words("文字过长，服务器拒绝接收。", "the words are too long; the server does not take them.")
CLOSED_FOR_GOOD: Final = Words(
    "服务器已关闭连接（{code} {reason}）。", "the server closed the connection ({code} {reason})."
)

# ---- what is shown --------------------------------------------------------------------------------------------
LOGGED_IN: Final = Words(
    "已登录：{name}（{url}），有效至 {until}。",
    "logged in as {name} at {url}, valid until {until}.",
)
LOGGED_OUT: Final = Words("已退出登录。", "logged out.")
FORGOTTEN: Final = Words(
    "本机已删除令牌，但服务器未能确认退出。",
    "the token is deleted here, but the server could not be told.",
)
NO_HEARINGS: Final = Words("没有您的庭审。", "no hearings for you.")
RECONNECTING: Final = Words("连接中断，正在重连……（笔录不会丢失）", "connection lost, reconnecting … (nothing is lost)")
RECONNECTED: Final = Words("已恢复连接", "connected again")
NOW_ISOLATED: Final = Words(
    "您已被隔离：笔录已停止并清除，解除隔离后将自动恢复。",
    "you are isolated: the transcript is stopped and cleared; it comes back by itself on release.",
)
NOW_RELEASED: Final = Words("已解除隔离。", "you are released.")
EARLIER_LEFT_OUT: Final = Words("（前面还有 {count} 段）", "({count} earlier turns)")
REWRITTEN: Final = Words("改", "rewritten")
REMOVED: Final = Words("删", "removed")
TYPING: Final = Words("正在输入", "being typed")
STORAGE_STOPPED: Final = Words("服务器暂时无法保存新内容。", "the server cannot save anything new at the moment.")
STORAGE_BACK: Final = Words("服务器已恢复保存。", "the server saves again.")
SAVED: Final = Words("已保存", "saved")
CARRIED_OUT: Final = Words("已执行：第 {seq} 号记录。", "carried out: entry {seq}.")
NOT_YET_IN_STEP: Final = Words("（媒体与文档执行到 {applied} 号）", "(documents and media are at {applied})")
TYPE_LINES: Final = Words("每行一段，Ctrl-D 结束。", "one turn a line, Ctrl-D ends.")
WITHHELD: Final = Words("（内容未提供）", "(content withheld)")

# ---- table heads ----------------------------------------------------------------------------------------------
HEAD_HEARING: Final = Words("庭审", "hearing")
HEAD_CASE: Final = Words("案号", "case")
HEAD_TITLE: Final = Words("案由", "title")
HEAD_STARTS: Final = Words("时间", "starts")
HEAD_PHASE: Final = Words("阶段", "phase")
HEAD_ROLE: Final = Words("身份", "role")
HEAD_STATE: Final = Words("状态", "state")

PHASES: Final = {
    "SCHEDULED": Words("待开庭", "scheduled"),
    "PREPARING": Words("候庭", "preparing"),
    "IN_SESSION": Words("庭审中", "in session"),
    "RECESS": Words("休庭", "in recess"),
    "CLOSED": Words("已闭庭", "closed"),
}
STATES: Final = {
    "INVITED": Words("已邀请", "invited"),
    "WAITING": Words("等候", "waiting"),
    "IN_COURT": Words("在庭", "in court"),
    "ISOLATED": Words("隔离", "isolated"),
    "RELEASED": Words("已离庭", "released"),
    "REMOVED": Words("已责令退出", "removed"),
}
ROLES: Final = {
    "presiding_judge": Words("审判长", "presiding judge"),
    "judge": Words("审判员", "judge"),
    "assessor": Words("人民陪审员", "assessor"),
    "judge_assistant": Words("法官助理", "judge's assistant"),
    "clerk": Words("书记员", "clerk"),
    "plaintiff": Words("原告", "plaintiff"),
    "defendant": Words("被告", "defendant"),
    "appellant": Words("上诉人", "appellant"),
    "appellee": Words("被上诉人", "appellee"),
    "third_party": Words("第三人", "third party"),
    "agent": Words("诉讼代理人", "agent"),
    "witness": Words("证人", "witness"),
    "expert": Words("专家辅助人", "expert"),
    "interpreter": Words("翻译人员", "interpreter"),
    "helper": Words("辅助人员", "helper"),
    "observer": Words("旁听人员", "observer"),
}
EVENTS: Final = {
    "SessionOpened": Words("开庭", "session opened"),
    "SessionRecessed": Words("休庭", "recess"),
    "SessionResumed": Words("复庭", "session resumed"),
    "SessionClosed": Words("闭庭", "session closed"),
    "Isolated": Words("隔离", "isolated"),
    "Released": Words("解除隔离", "released"),
    "HadSeen": Words("已见范围", "had seen until"),
}


def named(table: dict[str, Words], key: str, lang: str) -> str:
    """The word for a stable code; a code this client does not know is shown as it is."""
    return table[key].say(lang) if key in table else key


def verdict(code: int, reason: str) -> Words:
    """What a final close of a WebSocket means, by its reason first, then by its code."""
    by_reason = {"isolated": ISOLATED, "stale": STALE, "malformed": MALFORMED}
    by_code = {1009: TOO_BIG, 4400: MALFORMED, 4401: UNAUTHENTICATED, 4403: FORBIDDEN, 4409: STALE, 4429: TOO_OFTEN}
    return by_reason.get(reason) or by_code.get(code) or CLOSED_FOR_GOOD.fill(code=code, reason=reason)
