"""The legal ground of each command, for dialogs and for the transcript's lines; states law, decides nothing."""

from __future__ import annotations

from collections.abc import Mapping

from server.hearing.commands import Close, Command, Isolate, OpenSession, Recess, Release, Resume
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

_GROUNDS: Mapping[type[Command], Sentence] = {
    OpenSession: Sentence("《中华人民共和国民事诉讼法》第一百四十条", "Civil Procedure Law, art. 140"),
    Recess: _GAVEL,
    Resume: _GAVEL,
    Close: _GAVEL,
    Isolate: _ORDER,
    Release: _ORDER,
}


def ground(command: type[Command], target: Role | None = None) -> Sentence:
    """The ground of a command; isolation of witnesses and experts rests on their not listening in, of others on the
    court's order."""
    if command in (Isolate, Release) and target in (Role.WITNESS, Role.EXPERT):
        return _UNHEARD
    return _GROUNDS[command]
