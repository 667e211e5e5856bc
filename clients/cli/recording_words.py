"""What the client says and is told of recordings, in both languages."""

from __future__ import annotations

from typing import Final

from clients.cli.outcomes import Words

# ---- help -----------------------------------------------------------------------------------------------------
RECORDING: Final = Words(
    "录音录像：列表、下载、片段（仅限法院人员）", "the recording: list, archive, clips (court staff)"
)
LIST: Final = Words(
    "列出每段录音录像、缺口与已标记的事件", "list what was recorded, every gap and every marked incident"
)
DOWNLOAD: Final = Words("下载全部录音录像（ZIP）", "download everything that was recorded (ZIP)")
CLIP: Final = Words(
    "就已标记的事件制作片段并下载，其摘要写入日志", "make a clip around a marked incident and download it"
)
OF: Final = Words("标记事件的日志序号", "entry of the incident")
BEFORE: Final = Words("之前的秒数（默认 30）", "seconds before (default 30)")
AFTER: Final = Words("之后的秒数（默认 30）", "seconds after (default 30)")
TO: Final = Words("写入的文件", "the file to write")
CHECKED: Final = Words("一并核验的录音录像：文件夹或 ZIP", "a recording to check as well: a folder or a ZIP")

# ---- said -----------------------------------------------------------------------------------------------------
NOTHING: Final = Words("没有录音录像。", "nothing was recorded.")
CLIP_MADE: Final = Words("片段已记入日志第 {seq} 条，SHA-256 {sha256}", "the clip is entry {seq}; SHA-256 {sha256}")
GAP: Final = Words("未录制：{reason}", "not recorded: {reason}")
PARTLY: Final = Words("部分缺失：{reason}", "missing in part: {reason}")
INCIDENT: Final = Words("已标记的事件", "marked incident")
HEAD_ROUND: Final = Words("轮次", "round")
HEAD_FROM: Final = Words("起", "from")
HEAD_TO: Final = Words("止", "to")
HEAD_WHAT: Final = Words("内容", "what")
HEAD_FILE: Final = Words("文件或事由", "file or reason")
KINDS: Final = {"audio": Words("音频", "sound"), "video": Words("视频", "picture")}
GAPS: Final = {
    "recess": Words("休庭", "recess"),
    "nobody_sending": Words("无人发送音视频", "nobody was sending"),
    "brief": Words("不足一秒", "less than a second"),
    "media_stopped": Words("媒体服务中断", "the media process stopped"),
    "no_packets": Words("未收到音视频", "nothing arrived"),
    "too_slow": Words("磁盘写入过慢", "the disk was too slow"),
    "disk_full": Words("磁盘已满", "the disk was full"),
    "disk_low": Words("磁盘空间不足，为笔录预留", "the disk was low: the rest is kept for documents"),
    "write_failed": Words("写入失败", "writing failed"),
}
EVENTS: Final = {
    "SegmentsSealed": Words("录音录像分段入档", "segments sealed"),
    "RecordingGap": Words("录音录像缺口", "gap in the recording"),
    "ClipExported": Words("导出片段", "clip exported"),
}
