"""Whether somebody's devices and line are good enough for a hearing: what was found, judged by named limits.

Pure: takes what a page measured and what its user answered, returns a verdict with a sentence of advice for each
shortcoming.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any, TypeVar

# Limits: what is at most `good`, what at most `fair`; beyond that `poor`.
LOSS = (0.01, 0.03)  # share of packets; ITU-T G.1010 table I.1: < 1 % for a videophone's picture, < 3 % for speech
RTT = (300.0, 800.0)  # ms there and back; ITU-T G.114 and G.1010: one way 150 ms preferred, 400 ms at most
JITTER = (
    50.0,
    100.0,
)  # ms; ITU-T Y.1541 class 1: 50 ms of delay variation; twice that is what a player still evens out
# Limits from below, kbit/s, within the 16-384 that G.1010 table I.1 has for a videophone: sound with its repair and a
# small picture; sound alone
KBPS = (128.0, 64.0)

LONGEST = 60_000.0  # ms: no delay beyond it is a measurement
FASTEST = 10_000_000.0  # kbit/s


class Verdict(StrEnum):
    """How it will go: without trouble, with some, or not."""

    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"


class Device(StrEnum):
    """What a camera or microphone turned out to be. From `denied` on: why the browser gave none."""

    WORKS = "works"
    UNSURE = "unsure"  # it was opened, but the person saw or heard nothing
    SKIPPED = "skipped"
    DENIED = "denied"
    MISSING = "missing"
    BUSY = "busy"
    INSECURE = "insecure"  # the page is not on https, so that the browser opens no device at all
    UNSUPPORTED = "unsupported"  # this browser cannot do it


class Speaker(StrEnum):
    """Whether the tone was heard."""

    HEARD = "heard"
    NOT_HEARD = "not_heard"
    SKIPPED = "skipped"


class Line(StrEnum):
    """What came of the echo through the media room."""

    MEASURED = "measured"
    UNREACHABLE = "unreachable"  # no packet came back
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Figures:
    """Measured over some seconds of echo. `loss` 0..1; `rtt_ms`, `jitter_ms` milliseconds; `kbps` kbit/s of sound and
    picture that came back."""

    loss: float
    rtt_ms: float
    jitter_ms: float
    kbps: float


@dataclass(frozen=True, slots=True)
class DeviceResult:
    """One test. `figures` are there exactly when the line was measured."""

    camera: Device
    microphone: Device
    speaker: Speaker
    line: Line
    figures: Figures | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """A shortcoming: what it is called, how bad it is."""

    code: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Advice:
    """What somebody can do about a finding, in one sentence."""

    zh: str
    en: str


class BadResult(ValueError):
    """A result that is none. The text is for developers."""


_WITHOUT_DEVICE = {
    "unsure": Verdict.POOR,
    "skipped": Verdict.FAIR,
    "denied": Verdict.POOR,
    "missing": Verdict.POOR,
    "busy": Verdict.POOR,
    "insecure": Verdict.POOR,
    "unsupported": Verdict.POOR,
}

ADVICE: Mapping[str, Advice] = MappingProxyType(
    {
        "camera_unsure": Advice(
            "打开摄像头盖板，让光线照在脸上，再试一次。",
            "Open the camera's cover, sit with light on your face, and try again.",
        ),
        "camera_skipped": Advice(
            "摄像头尚未测试，请在开庭前完成。", "The camera is not tested yet; do it before the day."
        ),
        "camera_denied": Advice(
            "在浏览器的网站权限中允许使用摄像头。", "Allow the camera in the browser's settings for this site."
        ),
        "camera_missing": Advice(
            "没有找到摄像头，请接上摄像头或改用手机。", "No camera was found: connect one or use a phone."
        ),
        "camera_busy": Advice(
            "摄像头被其他程序占用，请先关闭它们。", "Another program uses the camera; close it first."
        ),
        "camera_insecure": Advice(
            "请用法院发送的 https 链接打开本页。", "Open this page by the https link that the court sent you."
        ),
        "camera_unsupported": Advice(
            "请换用新版 Chrome、Edge 或 Safari 浏览器。", "Use a current Chrome, Edge or Safari."
        ),
        "microphone_unsure": Advice(
            "检查麦克风是否静音，靠近它说话，再试一次。",
            "See whether the microphone is muted, speak close to it, and try again.",
        ),
        "microphone_skipped": Advice(
            "麦克风尚未测试，请在开庭前完成。", "The microphone is not tested yet; do it before the day."
        ),
        "microphone_denied": Advice(
            "在浏览器的网站权限中允许使用麦克风。", "Allow the microphone in the browser's settings for this site."
        ),
        "microphone_missing": Advice(
            "没有找到麦克风，请接上耳机或改用手机。", "No microphone was found: connect a headset or use a phone."
        ),
        "microphone_busy": Advice(
            "麦克风被其他程序占用，请先关闭它们。", "Another program uses the microphone; close it first."
        ),
        "microphone_insecure": Advice(
            "请用法院发送的 https 链接打开本页。", "Open this page by the https link that the court sent you."
        ),
        "microphone_unsupported": Advice(
            "请换用新版 Chrome、Edge 或 Safari 浏览器。", "Use a current Chrome, Edge or Safari."
        ),
        "speaker_not_heard": Advice(
            "调高音量，检查耳机或扬声器是否接好，再试一次。",
            "Turn the volume up, see that headset or loudspeaker is connected, and try again.",
        ),
        "speaker_skipped": Advice(
            "声音播放尚未测试，请在开庭前完成。", "The loudspeaker is not tested yet; do it before the day."
        ),
        "line_unreachable": Advice(
            "声音画面送不到法院服务器，请换一个网络，或请单位网络管理员放行。",
            "Sound and picture do not reach the court: use another network, or ask its administrator to let them pass.",
        ),
        "line_skipped": Advice(
            "网络尚未测试，请在开庭前完成。", "The network is not tested yet; do it before the day."
        ),
        "loss": Advice(
            "网络丢包较多，请靠近路由器或改用网线。",
            "Packets are lost on the way: move closer to the router or use a cable.",
        ),
        "rtt": Advice(
            "网络延迟较高，请关闭代理软件或换一个网络。",
            "The line is slow to answer: switch off proxies or use another network.",
        ),
        "jitter": Advice(
            "网络不稳定，请关闭正在下载或看视频的程序。", "The line is unsteady: stop downloads and other video."
        ),
        "kbps": Advice(
            "网络带宽不足，请关闭其他设备上的视频，或改用网线。",
            "The line carries too little: stop video on other devices, or use a cable.",
        ),
    }
)

_Member = TypeVar("_Member", bound=StrEnum)


def read(body: Mapping[str, Any]) -> DeviceResult:
    """A result as a page sends it: `camera`, `microphone`, `speaker`, `line`, and `figures` or null.

    Raises BadResult for unknown words, numbers out of bounds, or figures that do not go with `line`.
    """
    line = _member(Line, body, "line")
    figures = body.get("figures")
    if (figures is not None) != (line is Line.MEASURED):
        raise BadResult("figures are there exactly when line is measured")
    return DeviceResult(
        _member(Device, body, "camera"),
        _member(Device, body, "microphone"),
        _member(Speaker, body, "speaker"),
        line,
        None if figures is None else _figures(figures),
    )


def written(result: DeviceResult) -> dict[str, Any]:
    """The same as `read` takes it."""
    return asdict(result)


def findings(result: DeviceResult, *, watches_only: bool = False) -> tuple[Finding, ...]:
    """Every shortcoming, the devices' first. Whoever only watches needs neither camera nor microphone."""
    return tuple(_findings(result, watches_only))


def verdict(result: DeviceResult, *, watches_only: bool = False) -> Verdict:
    """As bad as the worst finding; good without any."""
    worst = [Verdict.GOOD, Verdict.FAIR, Verdict.POOR]
    return max((each.verdict for each in _findings(result, watches_only)), key=worst.index, default=Verdict.GOOD)


def _findings(result: DeviceResult, watches_only: bool) -> Iterator[Finding]:
    if not watches_only:
        yield from _of_device("camera", result.camera)
        yield from _of_device("microphone", result.microphone)
    if result.speaker is not Speaker.HEARD:
        yield Finding(f"speaker_{result.speaker}", _missed(result.speaker is Speaker.SKIPPED))
    if result.figures is None:
        yield Finding(f"line_{result.line}", _missed(result.line is Line.SKIPPED))
    else:
        yield from _of_line(result.figures)


def _of_device(name: str, device: Device) -> Iterator[Finding]:
    if device is not Device.WORKS:
        yield Finding(f"{name}_{device}", _WITHOUT_DEVICE[device])


def _of_line(figures: Figures) -> Iterator[Finding]:
    measured = (
        ("loss", _above(figures.loss, *LOSS)),
        ("rtt", _above(figures.rtt_ms, *RTT)),
        ("jitter", _above(figures.jitter_ms, *JITTER)),
        ("kbps", _above(-figures.kbps, *(-limit for limit in KBPS))),
    )
    for code, judged in measured:
        if judged is not Verdict.GOOD:
            yield Finding(code, judged)


def _missed(is_skipped: bool) -> Verdict:
    return Verdict.FAIR if is_skipped else Verdict.POOR


def _above(value: float, good: float, fair: float) -> Verdict:
    if value <= good:
        return Verdict.GOOD
    return Verdict.FAIR if value <= fair else Verdict.POOR


def _member(kind: type[_Member], body: Mapping[str, Any], name: str) -> _Member:
    try:
        return kind(body.get(name))
    except ValueError:
        raise BadResult(f"{name} must be one of {', '.join(kind)}") from None


def _figures(value: Any) -> Figures:
    bounds = {"loss": 1.0, "rtt_ms": LONGEST, "jitter_ms": LONGEST, "kbps": FASTEST}
    if not isinstance(value, dict) or value.keys() != bounds.keys():
        raise BadResult(f"figures are {', '.join(bounds)}")
    return Figures(**{name: _number(value[name], name, most) for name, most in bounds.items()})


def _number(value: Any, name: str, most: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadResult(f"{name} must be a number")
    if not (0 <= value <= most and math.isfinite(value)):
        raise BadResult(f"{name} must lie in 0..{most:g}")
    return float(value)
