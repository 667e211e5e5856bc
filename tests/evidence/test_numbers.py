"""Numbers of exhibits: 1 to n without holes, whoever hands in, whatever is refused, wherever a clerk moves them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import Connection, Engine

from server.storage import exhibits
from server.storage.engine import migrate, open_engine
from server.storage.exhibits import Exhibit, ExhibitState, Verdict
from server.storage.hearings import ExhibitRecord, HearingRecord, add_hearing, exhibit_records

HEARING = HearingRecord("h-1", "案", "题", "院", "2026-03-02T09:00:00+08:00", {}, ())
OTHER = HearingRecord("h-2", "案", "题", "院", "2026-03-02T09:00:00+08:00", {}, ())


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    engine = opened(tmp_path / "x.sqlite3")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def opened(path: Path) -> Engine:
    engine = open_engine(f"sqlite:///{path}")
    migrate(engine)
    return engine


def new(name: str, hearing: str = "h-1") -> Exhibit:
    return Exhibit(hearing, name, 0, f"证据{name}", uploaded_at=f"2026-03-02T09:00:{len(name):02}Z", sha256="a" * 64)


def test_what_was_listed_keeps_its_number_and_title_when_its_file_comes(connection: Connection) -> None:
    add_hearing(HEARING, [ExhibitRecord("a", 1, "借条"), ExhibitRecord("b", 2, "回单")])(connection)
    assert [each.state for each in exhibits.exhibits_of(connection, "h-1")] == [ExhibitState.LISTED] * 2
    exhibits.add_exhibit(new("b"))(connection)
    second = exhibits.exhibit(connection, "h-1", "b")
    assert second is not None
    assert (second.number, second.title, second.state, second.sha256) == (2, "回单", ExhibitState.RECEIVED, "a" * 64)


def test_what_has_a_file_is_not_handed_in_again(connection: Connection) -> None:
    add_hearing(HEARING)(connection)
    exhibits.add_exhibit(new("a"))(connection)
    before = exhibits.exhibits_of(connection, "h-1")
    exhibits.add_exhibit(Exhibit("h-1", "a", 0, "other", sha256="b" * 64))(connection)
    assert exhibits.exhibits_of(connection, "h-1") == before


def test_a_verdict_is_given_once(connection: Connection) -> None:
    add_hearing(HEARING)(connection)
    exhibits.add_exhibit(new("a"))(connection)
    exhibits.settle("h-1", "a", Verdict(3, "", ("signed",)))(connection)
    assert exhibits.unfinished(connection) == []
    exhibits.settle("h-1", "a", Verdict(9, "", ()))(connection)
    only = exhibits.exhibit(connection, "h-1", "a")
    assert only is not None and (only.pages, only.warnings, only.state) == (3, ("signed",), ExhibitState.READY)


def test_numbers_of_another_hearing_are_its_own(connection: Connection) -> None:
    for hearing in (HEARING, OTHER):
        add_hearing(hearing)(connection)
        exhibits.add_exhibit(new("a", hearing.id))(connection)
    assert [exhibit_records(connection, each)[0].number for each in ("h-1", "h-2")] == [1, 1]


class Numbers(RuleBasedStateMachine):
    """Against a plain list: the order that people see."""

    def __init__(self) -> None:
        super().__init__()
        self.engine = open_engine("sqlite://")
        migrate(self.engine)
        self.connection = self.engine.connect()
        add_hearing(HEARING)(self.connection)
        self.order: list[str] = []
        self.waiting: list[str] = []
        self.count = 0

    def teardown(self) -> None:
        self.connection.close()
        self.engine.dispose()

    @rule()
    def hand_in(self) -> None:
        self.count += 1
        name = f"e{self.count}"
        exhibits.add_exhibit(new(name))(self.connection)
        self.order.append(name)
        self.waiting.append(name)

    @precondition(lambda self: self.waiting)
    @rule(place=st.integers(0, 99), code=st.sampled_from(["", "damaged"]))
    def settle(self, place: int, code: str) -> None:
        name = self.waiting.pop(place % len(self.waiting))
        exhibits.settle("h-1", name, Verdict(0 if code else 1, code))(self.connection)
        if code:
            self.order.remove(name)

    @precondition(lambda self: self.order)
    @rule(place=st.integers(0, 99), number=st.integers(1, 12))
    def move(self, place: int, number: int) -> None:
        name = self.order.pop(place % len(self.order))
        exhibits.describe("h-1", name, {"number": number})(self.connection)
        self.order.insert(number - 1, name)

    @invariant()
    def in_order_without_holes(self) -> None:
        listed = exhibits.exhibits_of(self.connection, "h-1")
        numbered = [each for each in listed if each.number]
        assert [each.id for each in numbered] == self.order
        assert [each.number for each in numbered] == list(range(1, len(numbered) + 1))
        assert all(each.state is ExhibitState.REFUSED for each in listed[len(numbered) :])


Numbers.TestCase.settings = settings(max_examples=30, stateful_step_count=25)
TestNumbers = Numbers.TestCase
