"""Device tests judged: limits at their edges, the worst finding decides, advice for everything, nothing odd taken."""

import json
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.hearing.device_check import (
    ADVICE,
    BadResult,
    Device,
    DeviceResult,
    Figures,
    Line,
    Speaker,
    Verdict,
    findings,
    read,
    verdict,
    written,
)

ORDER = [Verdict.GOOD, Verdict.FAIR, Verdict.POOR]
BEST = Figures(loss=0.0, rtt_ms=20.0, jitter_ms=2.0, kbps=430.0)


def found_by(**changed: Any) -> DeviceResult:
    fields = {"camera": Device.WORKS, "microphone": Device.WORKS, "speaker": Speaker.HEARD, "line": Line.MEASURED}
    return DeviceResult(**{**fields, "figures": BEST, **changed})


def line(**changed: float) -> DeviceResult:
    figures = {"loss": BEST.loss, "rtt_ms": BEST.rtt_ms, "jitter_ms": BEST.jitter_ms, "kbps": BEST.kbps}
    return found_by(figures=Figures(**{**figures, **changed}))


def test_all_well_is_good_without_a_finding() -> None:
    assert findings(found_by()) == ()
    assert verdict(found_by()) is Verdict.GOOD


@pytest.mark.parametrize(
    ("figure", "value", "wanted"),
    [
        ("loss", 0.01, "good"),
        ("loss", 0.0101, "fair"),
        ("loss", 0.03, "fair"),
        ("loss", 0.031, "poor"),
        ("rtt_ms", 300, "good"),
        ("rtt_ms", 301, "fair"),
        ("rtt_ms", 801, "poor"),
        ("jitter_ms", 50, "good"),
        ("jitter_ms", 51, "fair"),
        ("jitter_ms", 101, "poor"),
        ("kbps", 128, "good"),
        ("kbps", 127, "fair"),
        ("kbps", 64, "fair"),
        ("kbps", 63, "poor"),
    ],
)
def test_each_figure_has_its_limits(figure: str, value: float, wanted: str) -> None:
    assert verdict(line(**{figure: value})) == wanted
    assert [each.code for each in findings(line(**{figure: value}))] == (
        [] if wanted == "good" else [figure.removesuffix("_ms")]
    )


def test_what_was_not_tested_is_fair_and_what_fails_is_poor() -> None:
    assert verdict(found_by(camera=Device.SKIPPED)) is Verdict.FAIR
    assert verdict(found_by(speaker=Speaker.SKIPPED)) is Verdict.FAIR
    assert verdict(found_by(line=Line.SKIPPED, figures=None)) is Verdict.FAIR
    assert verdict(found_by(line=Line.UNREACHABLE, figures=None)) is Verdict.POOR
    assert verdict(found_by(speaker=Speaker.NOT_HEARD)) is Verdict.POOR
    for device in set(Device) - {Device.WORKS, Device.SKIPPED}:
        assert verdict(found_by(microphone=device)) is Verdict.POOR


def test_whoever_only_watches_needs_neither_camera_nor_microphone() -> None:
    silent = found_by(camera=Device.MISSING, microphone=Device.DENIED)
    assert verdict(silent) is Verdict.POOR
    assert verdict(silent, watches_only=True) is Verdict.GOOD
    assert verdict(found_by(speaker=Speaker.NOT_HEARD), watches_only=True) is Verdict.POOR


def test_every_finding_there_can_be_has_its_advice_and_every_advice_its_finding() -> None:
    worst = Figures(loss=1.0, rtt_ms=60_000.0, jitter_ms=60_000.0, kbps=0.0)
    found = {
        each.code
        for device, speaker, way in product(Device, Speaker, Line)
        for each in findings(DeviceResult(device, device, speaker, way, worst if way is Line.MEASURED else None))
    }
    assert found == set(ADVICE)
    assert all(advice.zh.endswith("。") and advice.en.endswith(".") for advice in ADVICE.values())


FIGURES = st.builds(
    Figures,
    loss=st.floats(0, 1),
    rtt_ms=st.floats(0, 60_000),
    jitter_ms=st.floats(0, 60_000),
    kbps=st.floats(0, 10_000_000),
)


@given(FIGURES, st.sampled_from(["loss", "rtt_ms", "jitter_ms", "kbps"]), st.floats(0, 1))
def test_a_worse_figure_never_makes_a_better_verdict(figures: Figures, which: str, by: float) -> None:
    fields = {name: getattr(figures, name) for name in ("loss", "rtt_ms", "jitter_ms", "kbps")}
    worse = {**fields, which: fields[which] * (1 - by) if which == "kbps" else min(1, fields[which] + by)}
    if which.endswith("_ms"):
        worse[which] = fields[which] + by * 1_000
    before, after = (verdict(found_by(figures=Figures(**each))) for each in (fields, worse))
    assert ORDER.index(after) >= ORDER.index(before)


@given(st.sampled_from(Device), st.sampled_from(Device), st.sampled_from(Speaker), FIGURES)
def test_what_is_written_is_read_again(camera: Device, microphone: Device, speaker: Speaker, figures: Figures) -> None:
    result = DeviceResult(camera, microphone, speaker, Line.MEASURED, figures)
    assert read(json.loads(json.dumps(written(result)))) == result


@pytest.mark.parametrize(
    "changed",
    [
        {"camera": "fine"},
        {"camera": None},
        {"camera": ["works"]},
        {"speaker": "works"},
        {"line": "skipped"},
        {"figures": None},
        {"figures": []},
        {"figures": {"loss": 0}},
        {"figures": {"loss": 0, "rtt_ms": 1, "jitter_ms": 1, "kbps": 1, "more": 1}},
        {"figures": {"loss": 1.5, "rtt_ms": 1, "jitter_ms": 1, "kbps": 1}},
        {"figures": {"loss": -0.1, "rtt_ms": 1, "jitter_ms": 1, "kbps": 1}},
        {"figures": {"loss": True, "rtt_ms": 1, "jitter_ms": 1, "kbps": 1}},
        {"figures": {"loss": 0, "rtt_ms": "1", "jitter_ms": 1, "kbps": 1}},
        {"figures": {"loss": 0, "rtt_ms": float("inf"), "jitter_ms": 1, "kbps": 1}},
        {"figures": {"loss": 0, "rtt_ms": float("nan"), "jitter_ms": 1, "kbps": 1}},
        {"figures": {"loss": 0, "rtt_ms": 10**400, "jitter_ms": 1, "kbps": 1}},
    ],
)
def test_a_result_that_is_none_is_refused(changed: dict[str, Any]) -> None:
    body = {**json.loads(json.dumps(written(found_by()))), **changed}
    with pytest.raises(BadResult):
        read(body)
