"""Who and what the demo hearings consist of: fixed values with fixed ids, all fictional; makes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from server.hearing.times import COURT_ZONE
from server.people.tokens import stamp
from server.storage.hearings import ExhibitRecord, HearingRecord, ParticipantRecord

COURT = "云州市清江区人民法院"
CASE_NUMBER = "（2024）云0188民初2617号"
TITLE = "周启航与贺岚民间借贷纠纷"
OPTIONS = {"bench": "sole", "observers_read": True}


def fixed_id(kind: str, name: str) -> str:
    """The same id for the same thing in every data directory: making the demo again finds what is there."""
    return f"{kind}-{sha256(f'yunting.demo/1 {kind} {name}'.encode()).hexdigest()[:8]}"


@dataclass(frozen=True, slots=True)
class Part:
    """One person's part: `label` is the prefix of their lines in the transcript, `title` what the links' list says."""

    name: str
    role: str
    label: str
    title: str
    represents: str = ""

    @property
    def id(self) -> str:
        return fixed_id("p", self.name)


CAST = (
    Part("顾明远", "judge", "审", "审判员 judge"),
    Part("苏晓禾", "clerk", "书", "书记员 clerk"),
    Part("沈砚秋", "clerk", "书", "书记员 clerk"),
    Part("周启航", "plaintiff", "原", "原告 plaintiff"),
    Part("贺岚", "defendant", "被", "被告 defendant"),
    Part("秦念", "agent", "原代", "原告代理人 agent", represents="周启航"),
    Part("段子謇", "agent", "被代", "被告代理人 agent", represents="贺岚"),
    Part("梁柏年", "witness", "证", "证人 witness"),
    Part("陆知行", "observer", "旁听", "旁听 observer"),
)

EXHIBITS = (
    ExhibitRecord("loan-contract", 1, "借款合同（附借条）"),
    ExhibitRecord("transfer-and-chat", 2, "银行电子回单与微信聊天记录"),
)

IN_SESSION = fixed_id("h", "in session")
SCHEDULED = fixed_id("h", "scheduled")

_PARTICIPANTS = tuple(
    ParticipantRecord(
        part.id, part.name, part.role, part.label, fixed_id("p", part.represents) if part.represents else ""
    )
    for part in CAST
)


def in_session(now: datetime) -> HearingRecord:
    """The hearing that is in session from the first start on."""
    return _hearing(IN_SESSION, TITLE, now.astimezone(COURT_ZONE).replace(second=0, microsecond=0))


def scheduled(now: datetime) -> HearingRecord:
    """The hearing that is still to come today, with the same people and an empty transcript."""
    return _hearing(SCHEDULED, TITLE + "（第二次庭审）", scheduled_start(now))


def scheduled_start(now: datetime) -> datetime:
    """The next half hour that is half an hour away or more, but today in the court's time."""
    local = now.astimezone(COURT_ZONE)
    wanted = local + timedelta(hours=1)
    wanted = wanted.replace(minute=wanted.minute // 30 * 30, second=0, microsecond=0)
    return min(wanted, local.replace(hour=23, minute=59, second=0, microsecond=0))


def speaker_of(label: str) -> str:
    """Person id of whoever a line of the sample text belongs to; empty for a line that is nobody's speech."""
    return next((part.id for part in CAST if part.label == label), "")


def _hearing(hearing: str, title: str, starts_at: datetime) -> HearingRecord:
    return HearingRecord(hearing, CASE_NUMBER, title, COURT, stamp(starts_at), dict(OPTIONS), _PARTICIPANTS)
