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
    "open 开庭、recess 休庭、resume 复庭、close 闭庭、isolate 隔离、release 解除隔离",
    "the command",
)
PERSON: Final = Words("被隔离或解除隔离的人员编号", "person id, for isolate and release")
REASON: Final = Words("事由", "the reason, goes into the log")
UNTIL: Final = Words("休庭至（14:30 或完整时间）", "recess until (14:30, or a full time)")
TAIL: Final = Words("显示庭审日志", "show the hearing's log")
TAIL_AFTER: Final = Words("只显示该序号之后的记录", "only entries after this number")
FOLLOW: Final = Words("持续显示新记录", "go on with new entries as they come")
COMPLETION: Final = Words("输出命令补全脚本", "print the shell completion script")
SHELL: Final = Words("所用的 shell", "which shell")
