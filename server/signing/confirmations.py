"""One-time codes at the moment of signing: made, sent, checked, spent. A code is bound to a person and a hearing.

Stored is an HMAC by the server's key, so that a copy of the database gives no code away. Counts are on disk before the
answer: a restart gives nobody new tries.
"""

from __future__ import annotations

import asyncio
import hmac
import secrets
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Protocol

from server.hearing import times
from server.signing.gateway import Gateway, Message
from server.storage import signing as sql
from server.storage.signing import CodeRecord, Write

DIGITS = 6
LIFETIME_MS = 10 * 60 * 1000
WRONG_TRIES = 5
HOUR_MS = 60 * 60 * 1000
PER_HOUR = 5  # messages to one person, whatever the hearing
KEPT_MS = 24 * HOUR_MS


class Storage(Protocol):
    """What codes need of the commit thread."""

    def commit(self, write: Write) -> Awaitable[None]: ...

    def read(self, query: Callable[[Any], Any]) -> Awaitable[Any]: ...


@dataclass(frozen=True, slots=True)
class Refused:
    """`code`: too_many_codes, code_wrong or code_ended; `wait` in seconds where waiting helps."""

    code: str
    wait: int = 0


@dataclass(frozen=True, slots=True)
class Right:
    """The right code; `spend` goes into the transaction that takes the signature in: both or neither."""

    code: str

    def spend(self) -> Write:
        return sql.spend(self.code)


class Confirmations:
    """The codes of this server. One try at a time for each person: nobody guesses in parallel."""

    def __init__(self, key: bytes, storage: Storage, gateway: Gateway, now_ms: Callable[[], int]) -> None:
        self._key = key
        self._storage = storage
        self._gateway = gateway
        self._now_ms = now_ms
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def send(self, hearing: str, person: str, name: str, subject: str) -> Refused | None:
        """A new code to a person, which ends the one before; `subject` names the hearing in the message."""
        async with self._locks[person]:
            now = self._now_ms()
            earlier = await self._earlier(person, now)
            if len(earlier) >= PER_HOUR:
                free_at = times.milliseconds(earlier[PER_HOUR - 1].sent_at) + HOUR_MS
                return Refused("too_many_codes", max(1, -(-(free_at - now) // 1000)))
            code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
            record = self._record(hearing, person, code, times.utc(now))
            await self._storage.commit(sql.add_code(record, times.utc(now - KEPT_MS)))
            message = Message(record.sent_at, person, name, hearing, _text(subject, code), code)
            await asyncio.to_thread(self._gateway.send, message)
            return None

    async def check(self, hearing: str, person: str, given: str) -> Right | Refused:
        """Whether it is the right code; a wrong one counts, on disk. A right one stays good until it is spent."""
        async with self._locks[person]:
            now = self._now_ms()
            newest = next((each for each in await self._earlier(person, now) if each.hearing == hearing), None)
            if newest is None or not _alive(newest, now):
                return Refused("code_ended")
            if hmac.compare_digest(self._digest(newest.id, hearing, person, given), newest.digest):
                return Right(newest.id)
            await self._storage.commit(sql.count_wrong(newest.id, newest.wrong + 1))
            return Refused("code_ended" if newest.wrong + 1 >= WRONG_TRIES else "code_wrong")

    async def _earlier(self, person: str, now: int) -> list[CodeRecord]:
        """Of the last hour, the newest first."""
        since = times.utc(now - HOUR_MS)
        return await self._storage.read(lambda connection: sql.codes_of(connection, person, since))

    def _record(self, hearing: str, person: str, code: str, at: str) -> CodeRecord:
        number = secrets.token_hex(16)
        return CodeRecord(number, hearing, person, self._digest(number, hearing, person, code), at)

    def _digest(self, number: str, hearing: str, person: str, code: str) -> bytes:
        bound = "\0".join(("yunting.code/1", number, hearing, person, code))
        return hmac.new(self._key, bound.encode("utf-8", "surrogatepass"), sha256).digest()


def _alive(record: CodeRecord, now: int) -> bool:
    age = now - times.milliseconds(record.sent_at)
    return not record.spent and record.wrong < WRONG_TRIES and 0 <= age < LIFETIME_MS


def _text(subject: str, code: str) -> str:
    return f"【云庭】您正在签署{subject}的庭审笔录，验证码{code}，10分钟内有效，请勿告诉他人。"
