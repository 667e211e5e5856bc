"""Court time: what is shown and typed is +08:00; never reads a zone from the machine."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

COURT = timezone(timedelta(hours=8), "+08:00")
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")


def now() -> datetime:
    return datetime.now(COURT)


def stamp(moment: datetime) -> str:
    """RFC 3339 with milliseconds and +08:00."""
    return moment.astimezone(COURT).isoformat(timespec="milliseconds")


def read(text: str) -> datetime:
    """An RFC 3339 time; a time without a zone is court time. Raises ValueError."""
    moment = datetime.fromisoformat(text.strip().replace("Z", "+00:00").replace("z", "+00:00"))
    return moment if moment.tzinfo else moment.replace(tzinfo=COURT)


def until(text: str, today: datetime) -> str:
    """`14:30` (today, court time) or a full time -> RFC 3339. Raises ValueError."""
    clock = _CLOCK.fullmatch(text.strip())
    if clock is None:
        return read(text).astimezone(COURT).isoformat(timespec="seconds")
    at = today.astimezone(COURT).replace(hour=int(clock[1]), minute=int(clock[2]), second=0, microsecond=0)
    return at.isoformat(timespec="seconds")


def shown(text: str) -> str:
    """A stored time for people: `2026-11-24 09:31:05 +08:00`; text that is no time is shown as it stands."""
    try:
        moment = read(text).astimezone(COURT)
    except (ValueError, OverflowError):
        return text
    return moment.strftime("%Y-%m-%d %H:%M:%S +08:00")


def day_and_clock(text: str) -> tuple[str, str]:
    """`("2026-11-24", "09:31:05")`, for a listing that names the day once; ("", text) when it is no time."""
    try:
        moment = read(text).astimezone(COURT)
    except (ValueError, OverflowError):
        return "", text
    return moment.strftime("%Y-%m-%d"), moment.strftime("%H:%M:%S")
