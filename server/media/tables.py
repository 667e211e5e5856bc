"""The route table in the form in which the media process takes it: lists in order, so that two can be compared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from server.hearing.media_routes import media_routes
from server.hearing.state import HearingState

Table = dict[str, Any]  # {routes: {audio, video}, recorded: {audio, video}, recording, large}

EMPTY: Table = {"routes": {"audio": {}, "video": {}}, "recorded": {"audio": [], "video": []}}


def table(state: HearingState, recording: dict[str, Any] | None) -> Table:
    """Of a hearing. `recording`: {dir, segment_ms} while the recorder writes, else None."""
    routes = media_routes(state)
    return {
        "routes": {"audio": _lists(routes.audio), "video": _lists(routes.video)},
        "recorded": {"audio": sorted(routes.recorded_audio), "video": sorted(routes.recorded_video)},
        "recording": recording,
        "large": routes.large,
    }


def echo_table(person: str) -> Table:
    """Of a test room: the person hears and sees themselves."""
    own = {person: [person]}
    return {**EMPTY, "routes": {"audio": own, "video": own}, "recording": None, "large": person}


def hears(sent: Table, listener: str, speaker: str) -> bool:
    """Whether the table lets the listener hear the speaker."""
    return speaker in sent["routes"]["audio"].get(listener, ())


def is_heard(sent: Table, speaker: str) -> bool:
    """Whether the table lets anybody hear the speaker."""
    return any(speaker in speakers for speakers in sent["routes"]["audio"].values())


def _lists(routes: Mapping[str, frozenset[str]]) -> dict[str, list[str]]:
    return {listener: sorted(speakers) for listener, speakers in routes.items() if speakers}
