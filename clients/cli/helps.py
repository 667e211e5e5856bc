"""The help texts of every command and option, in both languages."""

from __future__ import annotations

from typing import Final

from clients.cli.outcomes import Words

PROGRAM: Final = Words("云庭在线庭审的命令行客户端。", "The command-line client of Yunting online hearings.")
EXIT_STATUSES: Final = Words(
    "退出码：0 成功；1 其他错误；2 用法错误；3 被拒绝；4 无法连接；5 未确认保存；130 被中断。\n"
    "YUNTING_URL 与 YUNTING_TOKEN 可代替 --url 与 --token。时间一律为 +08:00。",
    "exit status: 0 done; 1 another error; 2 usage; 3 refused; 4 no connection; 5 not known to be saved;\n"
    "130 interrupted. YUNTING_URL and YUNTING_TOKEN stand in for --url and --token. All times are +08:00.",
)
URL: Final = Words("服务器地址", "the server's address")
TOKEN: Final = Words("访问令牌", "bearer token")
PROFILE: Final = Words("使用的登录配置（默认 default）", "which stored login to use (default: default)")
JSON: Final = Words("输出 JSON", "print JSON")
LANG: Final = Words("语言", "language")
LOGIN: Final = Words("用登录链接登录并保存令牌", "log in with a login link and keep the token")
LINK: Final = Words("登录链接（密钥在 # 之后）", "the login link (its secret stands after the #)")
LOGOUT: Final = Words("结束登录并删除令牌", "end the login and delete the token")
HEARINGS: Final = Words("列出我的庭审", "list my hearings")
WATCH: Final = Words(
    "实时查看庭审笔录与庭审事件，断线自动恢复，Ctrl-C 结束",
    "follow a hearing's transcript and events live; comes back after every loss; Ctrl-C ends",
)
HEARING: Final = Words("庭审编号（见 yunting hearings）", "the hearing's id (see yunting hearings)")
LAST: Final = Words("开始时只显示最后 N 段", "show only the last N turns at the start")
WATCH_AFTER: Final = Words(
    "显示该序号之后的庭审事件（默认：--json 为全部，否则只显示新事件）",
    "show events after this number (default: all with --json, else new ones only)",
)
APPEND: Final = Words(
    "以书记员身份在笔录末尾写入一段；写入服务器磁盘后才算成功",
    "write a turn at the end of the transcript as clerk; success means it is on the server's disk",
)
TEXT: Final = Words("文字；- 或省略则从标准输入逐行读取", "the words; - or nothing reads standard input, a turn a line")
SPEAKER: Final = Words("发言人：人员编号、姓名或名单中的称谓", "who speaks: person id, name, or label in the roster")
ROLE: Final = Words("笔录中显示的称谓", "the label printed before the words")
KIND: Final = Words(
    "speech 发言、heading 标题、note 记录（默认：有发言人或称谓为 speech，否则 note）",
    "speech, heading or note (default: speech with a speaker or a label, else note)",
)
PATIENCE: Final = Words("等待确认保存的最长秒数（默认 60）", "longest wait for the confirmation, seconds (default 60)")
CONTROL: Final = Words("发出庭审指令；确认生效后才算成功", "give a command; success means it is acknowledged")
ACTION: Final = Words(
    "open 开庭、recess 休庭、resume 复庭、close 闭庭、isolate 隔离、release 解除隔离、"
    "open_waiting 开放候庭、announce 宣布纪律、end_announcement 结束宣布、summon 传唤、dismiss 退下、mute 静音、"
    "unmute 解除静音、lock_all 全体静音、floor 准许发言、spotlight 主画面、raise_hand 举手、lower_hand 放下、"
    "close_gallery 关闭旁听、open_gallery 开放旁听、remove 责令退出、consult 会商、end_consult 结束会商、"
    "mark_incident 标记事件、line 专线、"
    "start_signing 发起签名、reopen 补正、request_correction 申请补正、decide_correction 决定补正、object 提出异议、"
    "record_refusal 记明拒签、confirm_refusal 确认拒签、mark_unreachable 记明无法联系",
    "the command",
)
PERSON: Final = Words(
    "所涉人员编号（隔离、传唤、静音、发言、退出、会商的当事人、拒签、无法联系等）",
    "person id: of isolate, summon, mute, floor, remove, the party of consult, refusals, and so on",
)
TURN: Final = Words("申请补正的发言编号", "id of the turn meant, for request_correction")
OF: Final = Words("补正申请的日志序号", "entry of the request, for decide_correction")
DECISION: Final = Words("granted 准予、denied 不予", "for decide_correction")
REFUSAL_CODE: Final = Words(
    "disagrees 不认可内容、absent 离场、no_reason 不说明理由、other 其他",
    "for record_refusal: why somebody does not sign",
)
LINE: Final = Words(
    "隔离期间的专线：被隔离人员写给书记员，或书记员写给被隔离人员；回复见 yunting watch 与 tail",
    "the private line of an isolation: the isolated write to the clerks, a clerk to one of them; see watch, tail",
)
LINE_TEXT: Final = Words("专线的文字（至多500字）", "the words on the private line, at most 500 characters")
LINE_PERSON: Final = Words("被隔离人员编号（书记员必填）", "the isolated person's id, when a clerk writes")
REASON: Final = Words("事由", "the reason, goes into the log")
RECESS_KIND: Final = Words("休庭种类：计划、技术、评议、调解", "kind of the recess")
UNTIL: Final = Words("休庭至（14:30 或完整时间）", "recess until (14:30, or a full time)")
TAIL: Final = Words("显示庭审日志", "show the hearing's log")
TAIL_AFTER: Final = Words("只显示该序号之后的记录", "only entries after this number")
FOLLOW: Final = Words("持续显示新记录", "go on with new entries as they come")
SIGN: Final = Words(
    "签署笔录：在本机核对全文摘要后，用密钥文件签名，得到并核验回执",
    "sign the transcript: its digest is computed here first; signs with a key from a file, gets and checks the receipt",
)
KEY: Final = Words("签署私钥文件（没有则生成，权限 0600）", "the signing key's file (made when missing, mode 0600)")
CODE: Final = Words(
    "一次性验证码；不给出则发送并在终端询问", "the one-time code; without it one is sent and asked for on the terminal"
)
RESERVATION: Final = Words("保留意见，写入签署声明", "a reservation, becomes part of the signed statement")
HANDWRITING: Final = Words("手写签名图片（PNG，至多 40 kB）", "a picture of the handwriting (PNG, at most 40 kB)")
TEXT_TO: Final = Words(
    "核对后的笔录文本写入的文件，供签署前阅读（默认显示在终端）",
    "where to write the text that was checked, to be read before signing (default: shown on the terminal)",
)
PDF_TO: Final = Words("核对后的 PDF 笔录写入的文件", "where to write the PDF that was checked")
RECEIPT_TO: Final = Words("回执写入的文件（默认输出到终端）", "where to write the receipt (default: printed)")
SERVER_KEY: Final = Words(
    "法院公布的公钥，或存有公钥的文件；服务器的公钥不同则不签署",
    "the key that the court publishes, or a file with it; a server with another key gets no signature",
)
EXPORT: Final = Words(
    "导出卷宗包（供 yunting verify 离线核验）", "save the hearing's bundle, for yunting verify to check offline"
)
BUNDLE_TO: Final = Words("写入的文件（默认 庭审编号.zip）", "where to write it (default: the hearing's id, .zip)")
VERIFY: Final = Words(
    "离线核验卷宗包，无需服务器；全部无误退出码 0，有误 1",
    "check a hearing's bundle offline, without any server; exit status 0 when right, 1 when wrong",
)
BUNDLE: Final = Words("卷宗包文件（hearing.zip）", "the bundle (hearing.zip)")
COURT_KEY: Final = Words(
    "法院公布的公钥，或存有公钥的文件；不给出则只用包内公钥，不能证明来源",
    "the key that the court publishes, or a file with it; without it the key inside is used, which proves no origin",
)
RECEIPT: Final = Words(
    "签署人保存的回执，可多次给出：可查出被删去的末尾条目",
    "a receipt that a signer kept, may be given again: it shows whether the last entries were dropped",
)
COMPLETION: Final = Words("输出命令补全脚本", "print the shell completion script")
SHELL: Final = Words("所用的 shell", "which shell")

# ---- exhibits and annotations ---------------------------------------------------------------------------------
EXHIBIT: Final = Words("证据：列出、提交、下载、撤回", "exhibits: list, hand in, download, withdraw")
EXHIBIT_LIST: Final = Words("列出庭审的证据", "list a hearing's exhibits")
EXHIBIT_UPLOAD: Final = Words(
    "提交证据（PDF、JPEG、PNG，至多 100 MB），检查完毕后结束",
    "hand in an exhibit (PDF, JPEG, PNG, at most 100 MB); ends when it has been checked",
)
EXHIBIT_DOWNLOAD: Final = Words("下载证据的查看副本或原件", "download the copy that is shown, or the original")
EXHIBIT_WITHDRAW: Final = Words(
    "撤回证据（提交的一方或书记员；文件和批注予以保留）",
    "withdraw an exhibit (whoever offers it, or a clerk); its file and its annotations are kept",
)
WITHDRAW_REASON: Final = Words("撤回的理由，记入日志", "why; it is kept in the hearing's log")
EXHIBIT_ID: Final = Words("证据编号（见 yunting exhibit list）", "the exhibit's id (see yunting exhibit list)")
FILE: Final = Words("要提交的文件", "the file")
EXHIBIT_TITLE: Final = Words("证据名称（默认取文件名）", "the exhibit's title (default: the file's name)")
PURPOSE: Final = Words("证明目的", "what it is to prove")
OFFERED_BY: Final = Words(
    "提供证据的当事人编号（书记员代为提交时）", "person id of the party that offers it, for clerks"
)
ORIGINAL: Final = Words("下载未经改动的原件", "the original, byte for byte")
OUTPUT: Final = Words("写入的文件（默认用证据的文件名）", "where to write it (default: the exhibit's file name)")
ANNOTATE: Final = Words("批注：列出、导出", "annotations: list, export")
ANNOTATE_LIST: Final = Words("列出证据上的批注及回复", "list the annotations of an exhibit with their replies")
ANNOTATE_EXPORT: Final = Words(
    "导出带批注的 PDF（以查看副本为底本，原件不变）",
    "export the PDF with its annotations (made from the copy that is shown; the original stays as it is)",
)
