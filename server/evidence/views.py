"""Exhibits as the API shows them; asks nobody's rights."""

from __future__ import annotations

from typing import Any

from server.evidence import verdicts
from server.hearing import times
from server.hearing.state import Withdrawal
from server.storage.exhibits import Exhibit, ExhibitState

Json = dict[str, Any]
NOTICE: Json = {"type": "Exhibits"}
MEMBERS = ("id", "number", "title", "purpose", "offered_by", "name", "uploaded_by", "uploaded_at", "size", "sha256")
PAGE_MEMBERS = ("media", "crop", "rotate", "user_unit", "label", "text")


def entry(exhibit: Exhibit, step: int, withdrawal: Withdrawal | None, *, theirs: bool) -> Json:
    """One exhibit; `step`: how far its intake has come, `theirs`: whether it is the reader's to withdraw."""
    done = exhibit.state is not ExhibitState.RECEIVED
    intake: Json = {"step": verdicts.STEPS if done else step, "steps": verdicts.STEPS}
    if exhibit.code:
        intake |= verdicts.shown(exhibit.code, verdicts.REFUSALS)
    return {
        **{name: getattr(exhibit, name) for name in MEMBERS},
        "pages": exhibit.pages,
        "state": exhibit.state.value,
        "intake": intake,
        "warnings": [verdicts.shown(code, verdicts.WARNINGS) for code in exhibit.warnings],
        "withdrawn": withdrawn(withdrawal),
        "may_withdraw": theirs,
    }


def withdrawn(withdrawal: Withdrawal | None) -> Json | None:
    if withdrawal is None:
        return None
    return {"person": withdrawal.person, "at": times.utc(withdrawal.at_ms), "reason": withdrawal.reason}


def page_entry(row: Json) -> Json:
    return {name: row[name] for name in PAGE_MEMBERS}
