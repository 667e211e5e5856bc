"""One-time codes: right once, for one person and one hearing, for ten minutes and five tries."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from server.demo import cast
from server.signing.confirmations import LIFETIME_MS, PER_HOUR, WRONG_TRIES, Confirmations, Refused, Right
from server.signing.gateway import Message
from server.storage.commit_thread import CommitThread
from server.storage.engine import migrate, open_engine
from server.storage.hearings import add_hearing
from server.storage.people import PersonRecord, add_people
from tests.endpoints.serving import NOW

HEARING, OTHER = cast.IN_SESSION, cast.SCHEDULED
ANNA, BEN = (cast.CAST[3].id, cast.CAST[4].id)
MINUTE = 60_000


@dataclass
class Rig:
    data: Path
    now: int = 1_800_000_000_000
    sent: list[Message] = field(default_factory=list)

    def send(self, message: Message) -> None:
        self.sent.append(message)

    def codes(self, storage: CommitThread) -> Confirmations:
        return Confirmations(b"k" * 32, storage, self, lambda: self.now)

    @property
    def code(self) -> str:
        return self.sent[-1].code

    @property
    def wrong(self) -> str:
        return f"{(int(self.code) + 1) % 10**6:06}"


@pytest.fixture
def rig(tmp_path: Path) -> Rig:
    return Rig(tmp_path)


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[CommitThread]:
    engine = open_engine(f"sqlite:///{tmp_path / 'x.sqlite3'}")
    migrate(engine)
    storage = CommitThread(engine)
    await storage.commit(add_people(PersonRecord(part.id, part.name) for part in cast.CAST))
    for hearing in (cast.in_session(NOW), cast.scheduled(NOW)):
        await storage.commit(add_hearing(hearing))
    yield storage
    await storage.close()
    engine.dispose()


async def confirm(codes: Confirmations, storage: CommitThread, hearing: str, person: str, code: str) -> Refused | None:
    """As a signature does it: a right code is spent."""
    checked = await codes.check(hearing, person, code)
    if isinstance(checked, Refused):
        return checked
    await storage.commit(checked.spend())
    return None


async def sent(rig: Rig, codes: Confirmations, person: str = ANNA, hearing: str = HEARING) -> str:
    assert await codes.send(hearing, person, "周启航", "（2024）云0188民初2617号") is None
    return rig.code


async def test_the_code_is_right_once(rig: Rig, storage: CommitThread) -> None:
    codes = rig.codes(storage)
    code = await sent(rig, codes)
    assert len(code) == 6 and code.isdecimal() and code in rig.sent[-1].text
    assert await confirm(codes, storage, HEARING, ANNA, code) is None
    assert await confirm(codes, storage, HEARING, ANNA, code) == Refused("code_ended")


async def test_it_counts_for_no_other_person_and_no_other_hearing(rig: Rig, storage: CommitThread) -> None:
    codes = rig.codes(storage)
    code = await sent(rig, codes)
    assert await confirm(codes, storage, HEARING, BEN, code) == Refused("code_ended")
    assert await confirm(codes, storage, OTHER, ANNA, code) == Refused("code_ended")
    assert await confirm(codes, storage, HEARING, ANNA, code) is None


async def test_a_right_code_that_was_not_spent_stays_good(rig: Rig, storage: CommitThread) -> None:
    codes = rig.codes(storage)
    code = await sent(rig, codes)
    for _ in range(3):
        assert isinstance(await codes.check(HEARING, ANNA, code), Right)
    assert await confirm(codes, storage, HEARING, ANNA, code) is None


async def test_after_five_wrong_tries_the_right_one_is_dead_even_after_a_restart(
    rig: Rig, storage: CommitThread
) -> None:
    codes = rig.codes(storage)
    code = await sent(rig, codes)
    for _ in range(WRONG_TRIES - 1):
        assert await confirm(codes, storage, HEARING, ANNA, rig.wrong) == Refused("code_wrong")
    assert await confirm(rig.codes(storage), storage, HEARING, ANNA, rig.wrong) == Refused("code_ended")
    assert await confirm(rig.codes(storage), storage, HEARING, ANNA, code) == Refused("code_ended")


async def test_four_wrong_tries_leave_it_alive(rig: Rig, storage: CommitThread) -> None:
    codes = rig.codes(storage)
    code = await sent(rig, codes)
    for _ in range(WRONG_TRIES - 1):
        await confirm(codes, storage, HEARING, ANNA, rig.wrong)
    assert await confirm(codes, storage, HEARING, ANNA, code) is None


@pytest.mark.parametrize(("after", "alive"), [(LIFETIME_MS - 1, True), (LIFETIME_MS, False), (-1, False)])
async def test_it_lives_for_ten_minutes(rig: Rig, storage: CommitThread, after: int, alive: bool) -> None:
    codes = rig.codes(storage)
    code = await sent(rig, codes)
    rig.now += after
    assert (await confirm(codes, storage, HEARING, ANNA, code) is None) is alive


async def test_a_new_code_ends_the_one_before(rig: Rig, storage: CommitThread) -> None:
    codes = rig.codes(storage)
    first = await sent(rig, codes)
    second = first
    while second == first:
        rig.now += 20 * MINUTE  # five an hour
        second = await sent(rig, codes)
    assert await confirm(codes, storage, HEARING, ANNA, first) == Refused("code_wrong")
    assert await confirm(codes, storage, HEARING, ANNA, second) is None


async def test_five_an_hour_whatever_the_hearing_and_another_person_is_not_concerned(
    rig: Rig, storage: CommitThread
) -> None:
    codes = rig.codes(storage)
    for number in range(PER_HOUR):
        await sent(rig, codes, hearing=(HEARING, OTHER)[number % 2])
        rig.now += MINUTE
    refused = await codes.send(HEARING, ANNA, "周启航", "x")
    assert refused == Refused("too_many_codes", (60 - PER_HOUR) * 60)
    await sent(rig, codes, BEN)
    rig.now += refused.wait * 1000 + 1
    await sent(rig, codes)


async def test_neither_code_nor_anything_it_follows_from_is_in_the_database(rig: Rig, storage: CommitThread) -> None:
    code = await sent(rig, rig.codes(storage))
    rows = await storage.read(lambda connection: connection.exec_driver_sql("SELECT * FROM codes").all())
    assert len(rows) == 1
    assert code not in str(rows) and code.encode() not in b"".join(v for v in rows[0] if isinstance(v, bytes))
    other = Confirmations(b"j" * 32, storage, rig, lambda: rig.now)
    assert await confirm(other, storage, HEARING, ANNA, code) == Refused("code_wrong")
