"""The transcript's lines of the orders beside the phases, of those that a court's record notes; writes nothing.

Noted: the announcement of discipline, a witness's coming and going, a removal, the gallery, the loss of the judge's
connection. Not noted: waiting rooms, muting, floor, spotlight, hands, consultations, marks: the log keeps them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from server.hearing.court_commands import Announce, CloseGallery, Dismiss, OpenGallery, Remove, Summon
from server.hearing.court_events import (
    AnnouncementStarted,
    CourtFact,
    GalleryClosed,
    GalleryOpened,
    HoldEnded,
    HoldStarted,
    Removed,
    WitnessDismissed,
    WitnessSummoned,
)
from server.hearing.events import Event
from server.hearing.state import HearingState
from server.hearing.wording import tail, title

_HELD = "审判员连线中断，请勿离开。庭审音视频暂停，录音录像继续。"
_GOES_ON = "审判员恢复连线，庭审音视频恢复。"


def _announced(after: HearingState, event: Event, fact: AnnouncementStarted) -> str:
    return f"{title(after, event.actor)}核对到庭情况，宣布法庭纪律。{tail(Announce, '事由', fact.reason)}"


def _summoned(after: HearingState, event: Event, fact: WitnessSummoned) -> str:
    target = after.participants[fact.person]
    return f"{title(after, event.actor)}传唤{target.title}到庭。{tail(Summon, '事由', fact.reason, target.role)}"


def _dismissed(after: HearingState, event: Event, fact: WitnessDismissed) -> str:
    target = after.participants[fact.person]
    return f"{title(after, event.actor)}宣布{target.title}退下。{tail(Dismiss, '事由', fact.reason, target.role)}"


def _removed(after: HearingState, event: Event, fact: Removed) -> str:
    target = title(after, fact.person)
    return f"{title(after, event.actor)}责令{target}退出法庭。{tail(Remove, '事实', fact.reason)}"


def _gallery_closed(after: HearingState, event: Event, fact: GalleryClosed) -> str:
    return f"{title(after, event.actor)}决定关闭旁听。{tail(CloseGallery, '事由', fact.reason)}"


def _gallery_opened(after: HearingState, event: Event, fact: GalleryOpened) -> str:
    return f"{title(after, event.actor)}决定开放旁听。{tail(OpenGallery, '事由', fact.reason)}"


SENTENCES: Mapping[type[CourtFact], Callable[[HearingState, Event, Any], str]] = {
    AnnouncementStarted: _announced,
    WitnessSummoned: _summoned,
    WitnessDismissed: _dismissed,
    Removed: _removed,
    GalleryClosed: _gallery_closed,
    GalleryOpened: _gallery_opened,
    HoldStarted: lambda after, event, fact: _HELD,
    HoldEnded: lambda after, event, fact: _GOES_ON,
}
