"""What people order beside the phases of a hearing: values. Their JSON form stands in commands.py, whether an order is
allowed in court_guards.py."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class _Plain:
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Personal:
    person: str = ""
    reason: str = ""


class OpenWaiting(_Plain):
    """开放候庭"""


class Announce(_Plain):
    """宣布法庭纪律、核对到庭: one-way sound and picture to everybody who waits."""


class EndAnnouncement(_Plain):
    """结束宣布"""


class Summon(_Personal):
    """传唤 a witness or an expert."""


class Dismiss(_Personal):
    """退下"""


class Mute(_Personal):
    """静音"""


class Unmute(_Personal):
    """解除静音"""


class LockAll(_Plain):
    """全体静音: everybody but the bench and the clerks."""


class Floor(_Personal):
    """准许发言: the others are muted."""


class Spotlight(_Personal):
    """主画面. `person` empty: nobody."""


class RaiseHand(_Plain):
    """举手"""


class LowerHand(_Personal):
    """放下举手. `person` empty: one's own."""


class CloseGallery(_Plain):
    """关闭旁听"""


class OpenGallery(_Plain):
    """开放旁听"""


class Remove(_Personal):
    """责令退出. `reason`: the facts."""


class Consult(_Personal):
    """会商: a party with their agents. `person`: the party, empty: one's own."""


class EndConsult(_Personal):
    """结束会商. `person`: the party, empty: one's own."""


class MarkIncident(_Personal):
    """标记事件. `person`: whose conduct, may be empty."""


@dataclass(frozen=True, slots=True)
class Line(_Personal):
    """专线: words between an isolated person and the court's clerks. `person`: the isolated one, whom a clerk names;
    empty: oneself. `reason` stays empty: nothing of it stands in the transcript."""

    text: str = ""


CourtCommand = (
    OpenWaiting
    | Announce
    | EndAnnouncement
    | Summon
    | Dismiss
    | Mute
    | Unmute
    | LockAll
    | Floor
    | Spotlight
    | RaiseHand
    | LowerHand
    | CloseGallery
    | OpenGallery
    | Remove
    | Consult
    | EndConsult
    | MarkIncident
    | Line
)

REASON_ONLY: dict[str, type[CourtCommand]] = {
    "open_waiting": OpenWaiting,
    "announce": Announce,
    "end_announcement": EndAnnouncement,
    "lock_all": LockAll,
    "raise_hand": RaiseHand,
    "close_gallery": CloseGallery,
    "open_gallery": OpenGallery,
}
OF_PERSON: dict[str, type[CourtCommand]] = {
    "summon": Summon,
    "dismiss": Dismiss,
    "mute": Mute,
    "unmute": Unmute,
    "floor": Floor,
    "remove": Remove,
}
OF_PERSON_OR_NONE: dict[str, type[CourtCommand]] = {
    "spotlight": Spotlight,
    "lower_hand": LowerHand,
    "consult": Consult,
    "end_consult": EndConsult,
    "mark_incident": MarkIncident,
}
