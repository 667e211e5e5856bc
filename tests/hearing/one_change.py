"""A guard as its table shows it: a case that it refuses in its own words, and a single change that is accepted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from server.hearing.guards import Case
from server.hearing.reasons import REASONS, Refusal
from server.hearing.reduce import decide


def accepted_after_one_change(known: Mapping[Any, str], code: str, command: type[Any]) -> tuple[Case, list[int]]:
    """`known`: circumstances -> code. The accepted case and the numbers of its events."""
    refused = [each for each, found in known.items() if found == code and each.command is command]
    assert refused, "no circumstances are refused by this guard"
    pair = next(((each, near) for each in refused for near in each.neighbours() if known.get(near) == ""), None)
    assert pair is not None, "no single change makes the command acceptable"
    bad, good = (circumstances.case() for circumstances in pair)
    answer = decide(bad.state, bad.actor, bad.command, bad.situation)
    assert isinstance(answer, Refusal)
    assert (answer.code, answer.zh, answer.en) == (code, REASONS[code].zh, REASONS[code].en)
    events = decide(good.state, good.actor, good.command, good.situation)
    assert not isinstance(events, Refusal)
    return good, [event.seq for event in events]
