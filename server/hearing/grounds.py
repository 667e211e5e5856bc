"""The legal ground of each command, for dialogs and for the transcript's lines; states law, decides nothing."""

from __future__ import annotations

from collections.abc import Mapping

from server.hearing.commands import (
    Close,
    Command,
    ConfirmRefusal,
    DecideCorrection,
    Isolate,
    MarkUnreachable,
    Object,
    OpenSession,
    Recess,
    RecordRefusal,
    Release,
    Reopen,
    RequestCorrection,
    Resume,
    StartSigning,
)
from server.hearing.court_commands import (
    Announce,
    CloseGallery,
    Consult,
    Dismiss,
    EndAnnouncement,
    EndConsult,
    Floor,
    Line,
    LockAll,
    LowerHand,
    MarkIncident,
    Mute,
    OpenGallery,
    OpenWaiting,
    RaiseHand,
    Remove,
    Spotlight,
    Summon,
    Unmute,
)
from server.hearing.reasons import Sentence
from server.hearing.state import Role

# Gavel rules 2002, art. 2: opening, resuming, recess and closing are announced with the gavel.
_GAVEL = Sentence(
    "《人民法院法槌使用规定（试行）》第二条", "Rules on the Use of the Gavel in People's Courts (Trial), art. 2"
)
_ORDER = Sentence(
    "《人民法院在线诉讼规则》第二十五条、《人民法院法庭规则》",
    "Rules of Online Litigation of People's Courts, art. 25; Court Rules of People's Courts",
)
_UNHEARD = Sentence(
    "《人民法院在线诉讼规则》第二十六条、《最高人民法院关于民事诉讼证据的若干规定》第七十四条",
    "Rules of Online Litigation of People's Courts, art. 26; Provisions on Evidence in Civil Procedure, art. 74",
)
# The record is read, corrected on request (a request that is denied is noted), signed; a refusal to sign is noted.
_RECORD = Sentence("《中华人民共和国民事诉讼法》第一百五十条", "Civil Procedure Law, art. 150")
# Checking and confirming the record online has the force of a signature.
_SIGNING = Sentence(
    "《中华人民共和国民事诉讼法》第一百五十条、《人民法院在线诉讼规则》第三十三条、第三十四条",
    "Civil Procedure Law, art. 150; Rules of Online Litigation of People's Courts, arts. 33 and 34",
)

_PREPARING = Sentence("《中华人民共和国民事诉讼法》第一百四十条第一款", "Civil Procedure Law, art. 140 (1)")
_TESTIMONY = Sentence(
    "《中华人民共和国民事诉讼法》第七十六条、《最高人民法院关于民事诉讼证据的若干规定》第七十四条",
    "Civil Procedure Law, art. 76; Provisions on Evidence in Civil Procedure, art. 74",
)
_SPEAKING = Sentence("《中华人民共和国人民法院法庭规则》第十七条", "Court Rules of People's Courts, art. 17")
_GALLERY = Sentence(
    "《中华人民共和国民事诉讼法》第一百三十七条、《人民法院在线诉讼规则》第二十七条",
    "Civil Procedure Law, art. 137; Rules of Online Litigation of People's Courts, art. 27",
)
_EXPULSION = Sentence(
    "《中华人民共和国民事诉讼法》第一百一十三条、《最高人民法院关于适用民事诉讼法的解释》第一百七十七条",
    "Civil Procedure Law, art. 113; Interpretation on the Civil Procedure Law, art. 177",
)
_COUNSEL = Sentence("《中华人民共和国民事诉讼法》第五十二条", "Civil Procedure Law, art. 52")
_RECORDING = Sentence(
    "《最高人民法院关于人民法院庭审录音录像的若干规定》第三条、第四条",
    "Provisions on Audio and Video Recording of Court Hearings (2017), arts. 3 and 4",
)

_GROUNDS: Mapping[type[Command], Sentence] = {
    OpenSession: Sentence("《中华人民共和国民事诉讼法》第一百四十条", "Civil Procedure Law, art. 140"),
    Recess: _GAVEL,
    Resume: _GAVEL,
    Close: _GAVEL,
    Isolate: _ORDER,
    Release: _ORDER,
    OpenWaiting: _PREPARING,
    Announce: _PREPARING,
    EndAnnouncement: _PREPARING,
    Summon: _TESTIMONY,
    Dismiss: _TESTIMONY,
    Mute: _SPEAKING,
    Unmute: _SPEAKING,
    LockAll: _SPEAKING,
    Floor: _SPEAKING,
    Spotlight: _SPEAKING,
    RaiseHand: _SPEAKING,
    LowerHand: _SPEAKING,
    CloseGallery: _GALLERY,
    OpenGallery: _GALLERY,
    Remove: _EXPULSION,
    Consult: _COUNSEL,
    EndConsult: _COUNSEL,
    MarkIncident: _RECORDING,
    Line: _ORDER,
    StartSigning: _SIGNING,
    Reopen: _RECORD,
    RequestCorrection: _RECORD,
    DecideCorrection: _RECORD,
    Object: _RECORD,
    RecordRefusal: _RECORD,
    ConfirmRefusal: _RECORD,
    MarkUnreachable: _RECORD,
}


def ground(command: type[Command], target: Role | None = None) -> Sentence:
    """The ground of a command; isolation of witnesses and experts rests on their not listening in, of others on the
    court's order."""
    if command in (Isolate, Release) and target in (Role.WITNESS, Role.EXPERT):
        return _UNHEARD
    return _GROUNDS[command]
