"""The schema: made whole or not at all, wherever a start is cut off."""

from pathlib import Path
from typing import Any

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, event, inspect

from server.storage import engine as engine_module
from server.storage.engine import MIGRATIONS, NEWEST, grow_log, migrate, open_engine
from server.storage.tables import metadata


class Cut(Exception):
    """The end of the process, as far as the database can tell."""


def statements_until_cut(engine: Engine, cut_at: int | None = None) -> list[str]:
    """Migrates and returns the statements run; the one of number `cut_at` is never run."""
    run: list[str] = []

    def count(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if len(run) == cut_at:
            raise Cut
        run.append(statement)

    event.listen(engine, "before_cursor_execute", count)
    try:
        migrate(engine)
    except Cut:
        assert cut_at is not None
    return run


def test_a_migration_cut_off_at_any_statement_leaves_nothing_half_made(tmp_path: Path) -> None:
    whole = open_engine(f"sqlite:///{tmp_path / 'whole.sqlite3'}")
    count = len(statements_until_cut(whole))
    whole.dispose()
    assert count > len(metadata.tables)
    for cut_at in range(count):
        path = tmp_path / f"cut{cut_at}.sqlite3"
        engine = open_engine(f"sqlite:///{path}")
        statements_until_cut(engine, cut_at)
        engine.dispose()
        again = open_engine(f"sqlite:///{path}")
        assert inspect(again).get_table_names() == []
        migrate(again)
        assert set(inspect(again).get_table_names()) == {*metadata.tables, "alembic_version"}
        again.dispose()


@pytest.mark.parametrize("starts", [2, 3])
def test_a_schema_that_is_there_is_left_alone(tmp_path: Path, starts: int) -> None:
    for _ in range(starts):
        engine = open_engine(f"sqlite:///{tmp_path / 'x.sqlite3'}")
        migrate(engine)
        assert set(inspect(engine).get_table_names()) == {*metadata.tables, "alembic_version"}
        engine.dispose()


def test_the_newest_revision_is_the_one_a_start_looks_for() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_current_head() == NEWEST


def test_the_write_ahead_log_has_its_working_size_where_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "grown.sqlite3"
    engine = open_engine(f"sqlite:///{path}")
    migrate(engine)
    wal = tmp_path / "grown.sqlite3-wal"
    small = wal.stat().st_size
    monkeypatch.setattr(engine_module, "ROOM_TO_GROW", 2**62)
    grow_log(engine, tmp_path)
    assert wal.stat().st_size == small
    monkeypatch.setattr(engine_module, "ROOM_TO_GROW", 0)
    grow_log(engine, tmp_path)
    assert wal.stat().st_size >= 4_000_000 and path.stat().st_size < 1_000_000
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
    engine.dispose()
