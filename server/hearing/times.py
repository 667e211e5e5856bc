"""Moments as the court writes them: milliseconds since 1970 <-> RFC 3339 and Chinese words, +08:00; reads no clock."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

COURT_ZONE = timezone(timedelta(hours=8))
_HOUR_AND_MINUTE = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)", re.ASCII)
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)?", re.ASCII | re.IGNORECASE)


def utc(ms: int) -> str:
    """RFC 3339 in UTC with milliseconds: the form of the log's headers."""
    return _moment(ms).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def court(ms: int) -> str:
    """RFC 3339 at +08:00 with milliseconds: the form of the transcript's lines."""
    return _moment(ms).astimezone(COURT_ZONE).isoformat(timespec="milliseconds")


def milliseconds(text: str) -> int:
    """The inverse of `utc` and `court`; raises ValueError for what is no RFC 3339 moment with an offset."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"no offset in {text!r}")
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


def words(ms: int) -> str:
    """Date and minute in Chinese, +08:00: 2024年9月12日09时30分."""
    moment = _moment(ms).astimezone(COURT_ZONE)
    return f"{moment.year}年{moment.month}月{moment.day}日{moment.hour:02}时{moment.minute:02}分"


def is_announced_time(text: str) -> bool:
    """Whether `announced` understands the text."""
    return _HOUR_AND_MINUTE.fullmatch(text) is not None or _dated(text) is not None


def announced(text: str, now_ms: int) -> int:
    """The moment meant by `HH:MM` (the next time the court's clock shows it) or by RFC 3339 (+08:00 when it has no
    offset)."""
    dated = _dated(text)
    if dated is not None:
        return dated
    hour, _, minute = text.partition(":")
    now = _moment(now_ms).astimezone(COURT_ZONE)
    today = now.replace(hour=int(hour), minute=int(minute), second=0, microsecond=0)
    moment = today if today > now else today + timedelta(days=1)
    return milliseconds(moment.isoformat())


def _dated(text: str) -> int | None:
    if _RFC3339.fullmatch(text) is None:
        return None
    try:
        moment = datetime.fromisoformat(text.upper())
        aware = moment if moment.tzinfo else moment.replace(tzinfo=COURT_ZONE)
        ms = milliseconds(aware.isoformat())
        court(ms)  # a moment that +08:00 can still write
    except (ValueError, OverflowError):
        return None
    return ms


def _moment(ms: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms)
