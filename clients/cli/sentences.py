"""Every sentence the client says to a person, in both languages; a missing name is a type error."""

from __future__ import annotations

from typing import Final

from clients.cli import recording_words
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

# ---- signing and verifying ------------------------------------------------------------------------------------
FILE_UNREADABLE: Final = Words("文件无法读取：{path}（{why}）", "{path} cannot be read ({why})")
BAD_COURT_KEY: Final = Words("不是法院公钥：{why}", "this is no court's key: {why}")
KEY_EXPOSED: Final = Words(
    "私钥文件可被他人读取：{path}。请先运行 chmod 600。", "others may read the key file {path}. Run chmod 600 first."
)
BAD_KEY_FILE: Final = Words("{path} 不是 P-256 私钥文件（PEM）。", "{path} is no P-256 private key (PEM).")
KEY_MADE: Final = Words("已生成签署私钥：{path}，请妥善保管。", "made a signing key: {path}. Keep it safe.")
OTHER_COURT_KEY: Final = Words(
    "服务器的法院公钥不是所给的公钥，未签署。", "the server's court key is not the one given; nothing was signed."
)
NOT_BEING_SIGNED: Final = Words("笔录尚未提交签署。", "the transcript is not being signed.")
NOT_A_SIGNER: Final = Words("您不是本笔录的签署人。", "you are not asked to sign this transcript.")
SIGNED_BEFORE: Final = Words("您已签署，以下是当时的回执。", "you have signed already; this is that receipt.")
OTHER_KEY: Final = Words(
    "您已用另一把密钥签署；该密钥文件不能核验那份回执。", "you have signed with another key than the one in this file."
)
TO_SIGN: Final = Words(
    "即将签署：{case} 笔录第 {v} 版，{count} 段，摘要 {digest}（已由本机核对）。",
    "about to sign: {case}, transcript version {v}, {count} turn(s), digest {digest} (computed here as well).",
)
TO_READ: Final = Words("请先阅读：{path}", "to be read first: {path}")
NO_PDF: Final = Words("您只签署本人部分，没有 PDF。", "you sign your own part alone; there is no PDF of it.")
DIGEST_DIFFERS: Final = Words(
    "本机计算的 {digest} 与服务器不一致，未签署。请告知书记员。",
    "{digest} as computed here is not what the server says; nothing was signed. Tell the clerk.",
)
LOG_DIFFERS: Final = Words(
    "庭审日志与法院签名的检查点不一致（{why}），未签署。",
    "the hearing's log is not the one that the court signed ({why}); nothing was signed.",
)
CODE_SENT: Final = Words(
    "验证码已发送，10 分钟内有效。请输入 6 位验证码：", "a code was sent, good for 10 minutes. Type its 6 digits:"
)
NO_CODE: Final = Words("没有输入验证码，未签署。", "no code was typed; nothing was signed.")
SIGNED: Final = Words(
    "已签署第 {v} 版（{scope}），庭审日志第 {seq} 条；回执已核验。",
    "signed version {v} ({scope}), entry {seq} of the hearing's log; the receipt was verified.",
)
SCOPES: Final = {"whole": Words("全文", "the whole text"), "part": Words("本人部分", "one's own part")}
RECEIPT_WRONG: Final = Words(
    "回执核验未通过：{why}。请保存回执并告知法院。",
    "the receipt is not right: {why}. Keep it and tell the court.",
)
RECEIPT_OF_ANOTHER: Final = Words(
    "回执不是本次签署的回执。请保存回执并告知法院。",
    "the receipt is not for the statement that was signed. Keep it and tell the court.",
)
RECEIPT_NOT_WRITTEN: Final = Words(
    "已签署，但回执无法写入 {path}（{why}）：{receipt}",
    "signed, but the receipt could not be written to {path} ({why}): {receipt}",
)
CHECKS: Final = {
    "ok": Words("无误", "right"),
    "failed": Words("有误", "WRONG"),
    "missing": Words("未核验", "not checked"),
}
AND_MORE: Final = Words("……另有 {count} 项，见 --json", "… and {count} more, see --json")
BUNDLE_RIGHT: Final = Words("卷宗包核验无误。", "the bundle is right in every check.")
BUNDLE_WRONG: Final = Words("卷宗包有误：{count} 项核验未通过。", "the bundle is wrong: {count} check(s) failed.")
BUNDLE_INCOMPLETE: Final = Words(
    "卷宗包所含内容核验无误；另有 {count} 项缺少所需内容，无法核验。",
    "what the bundle holds is right; {count} check(s) could not be made for want of what they need.",
)

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
    "WaitingOpened": Words("开放候庭", "waiting rooms opened"),
    "AnnouncementStarted": Words("宣布法庭纪律", "announcement started"),
    "AnnouncementEnded": Words("宣布结束", "announcement ended"),
    "WitnessSummoned": Words("传唤到庭", "summoned"),
    "WitnessDismissed": Words("退下", "dismissed"),
    "Muted": Words("静音", "muted"),
    "Unmuted": Words("解除静音", "unmuted"),
    "AllMuted": Words("全体静音", "all muted"),
    "FloorGranted": Words("准许发言", "floor granted"),
    "Spotlighted": Words("主画面", "spotlight"),
    "HandRaised": Words("举手", "hand raised"),
    "HandLowered": Words("放下举手", "hand lowered"),
    "GalleryClosed": Words("关闭旁听", "gallery closed"),
    "GalleryOpened": Words("开放旁听", "gallery opened"),
    "Removed": Words("责令退出", "removed"),
    "HoldStarted": Words("审判员连线中断", "hold: no judge is connected"),
    "HoldEnded": Words("审判员恢复连线", "hold ended"),
    "ConsultationStarted": Words("会商开始", "consultation started"),
    "ConsultationEnded": Words("会商结束", "consultation ended"),
    "IncidentMarked": Words("标记事件", "incident marked"),
    "PrivateLine": Words("专线", "private line"),
    "HadSeen": Words("已见范围", "had seen until"),
    "SigningStarted": Words("发起签名", "signing started"),
    "FreezeFailed": Words("定稿未成", "freeze failed"),
    "Frozen": Words("笔录定稿", "frozen"),
    "KeyBound": Words("绑定签名密钥", "key bound"),
    "ReadingStarted": Words("开始阅读", "reading"),
    "Signed": Words("签名", "signed"),
    "Objected": Words("提出异议", "objected"),
    "CorrectionRequested": Words("申请补正", "correction requested"),
    "CorrectionDecided": Words("决定补正", "correction decided"),
    "Reopened": Words("恢复记录", "reopened"),
    "RefusalRecorded": Words("记明拒签", "refusal recorded"),
    "RefusalConfirmed": Words("确认拒签", "refusal confirmed"),
    "Unreachable": Words("无法联系", "unreachable"),
    "LateEditKept": Words("迟到的修改", "late edit kept"),
    "SigningSettled": Words("签名办结", "signing settled"),
    "ExhibitOffered": Words("提交证据", "exhibit offered"),
    "ExhibitRefused": Words("证据未通过检查", "exhibit refused by its check"),
    "ExhibitDescribed": Words("修改证据目录", "exhibit renamed or moved"),
    "ExhibitWithdrawn": Words("撤回证据", "exhibit withdrawn"),
    **recording_words.EVENTS,
}


# ---- exhibits and annotations ---------------------------------------------------------------------------------
NO_FILE: Final = Words("文件无法读取：{path}（{why}）", "the file cannot be read: {path} ({why})")
NOT_WRITTEN: Final = Words("文件无法写入：{path}（{why}）", "the file cannot be written: {path} ({why})")
FILE_EXISTS: Final = Words(
    "文件已存在：{path}。请用 -o 指定写入的文件。", "the file is there already: {path}. Name one with -o."
)
CUT_OFF: Final = Words("下载中断，文件未写入。", "the download broke off; no file was written.")
NO_EXHIBITS: Final = Words("没有证据。", "no exhibits.")
NO_ANNOTATIONS: Final = Words("没有批注。", "no annotations.")
HANDED_IN: Final = Words(
    "已提交：证据 {number} {title}，{pages} 页，编号 {id}。",
    "handed in: exhibit {number} {title}, {pages} page(s), id {id}.",
)
WITHDRAWN: Final = Words("已撤回：证据 {number} {title}。", "withdrawn: exhibit {number} {title}.")
SENDING: Final = Words("上传", "sending")
CHECKING: Final = Words("检查", "checking")
RECEIVING: Final = Words("下载", "receiving")
WRITTEN: Final = Words("已写入 {path}（{size} 字节）。", "wrote {path} ({size} bytes).")
LEFT_OUT: Final = Words(
    "有 {count} 条批注所在的页不存在，未写入文件。", "{count} annotation(s) on pages that are not there were left out."
)
HEAD_NUMBER: Final = Words("序号", "number")
HEAD_ID: Final = Words("编号", "id")
HEAD_NAME: Final = Words("名称", "title")
HEAD_PURPOSE: Final = Words("证明目的", "purpose")
HEAD_PAGES: Final = Words("页数", "pages")
HEAD_PAGE: Final = Words("页", "page")
HEAD_KIND: Final = Words("类型", "kind")
HEAD_AUTHOR: Final = Words("作者", "author")
HEAD_WORDS: Final = Words("内容", "words")
HEAD_TIME: Final = Words("时间", "time")
EXHIBIT_STATES: Final = {
    "listed": Words("未提交文件", "no file yet"),
    "received": Words("检查中", "being checked"),
    "ready": Words("可查看", "ready"),
    "refused": Words("未通过检查", "refused"),
    "withdrawn": Words("已撤回", "withdrawn"),
}
MARKS: Final = {
    "highlight": Words("高亮", "highlight"),
    "underline": Words("下划线", "underline"),
    "strikeout": Words("删除线", "strikeout"),
    "square": Words("方框", "square"),
    "ellipse": Words("椭圆", "ellipse"),
    "line": Words("直线", "line"),
    "arrow": Words("箭头", "arrow"),
    "ink": Words("手绘", "ink"),
    "freetext": Words("文字", "free text"),
    "note": Words("附注", "note"),
    "stamp": Words("图章", "stamp"),
    "reply": Words("回复", "reply"),
    "status": Words("处理", "decision"),
}
DECISIONS: Final = {
    "accepted": Words("已接受", "accepted"),
    "rejected": Words("已拒绝", "rejected"),
    "completed": Words("已完成", "completed"),
    "none": Words("未定", "none"),
}
CAME_LATER: Final = Words("{made}（服务器收到：{came}）", "{made} (received {came})")
MARK_DELETED: Final = Words("（批注已删除）", "(deleted)")


def named(table: dict[str, Words], key: str, lang: str) -> str:
    """The word for a stable code; a code this client does not know is shown as it is."""
    return table[key].say(lang) if key in table else key


def verdict(code: int, reason: str) -> Words:
    """What a final close of a WebSocket means, by its reason first, then by its code."""
    by_reason = {"isolated": ISOLATED, "stale": STALE, "malformed": MALFORMED}
    by_code = {1009: TOO_BIG, 4400: MALFORMED, 4401: UNAUTHENTICATED, 4403: FORBIDDEN, 4409: STALE, 4429: TOO_OFTEN}
    return by_reason.get(reason) or by_code.get(code) or CLOSED_FOR_GOOD.fill(code=code, reason=reason)
