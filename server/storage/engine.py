"""The database file: opening it for one server at a time, its safety settings, its migrations. Holds no queries."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect

MIGRATIONS = Path(__file__).parent / "migrations"
NEWEST = "0005"  # revision of the schema in tables.py
LOG_PAGES = 1_000  # SQLite's own checkpoint lets the write-ahead log begin anew from there on (wal_autocheckpoint)
ROOM_TO_GROW = 64 * 1024 * 1024  # bytes free below which the log is left to grow by itself


class DataInUse(RuntimeError):
    """Another server works on this data directory."""


class DataLock:
    """An exclusive lock on `<data>/lock`, kept until the process ends (flock: a crash releases it)."""

    def __init__(self, data: Path) -> None:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._descriptor = os.open(data / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._descriptor)
            raise DataInUse(
                f"{data}: another server is running on this data directory. 该数据目录已有服务器在运行。"
            ) from None

    def release(self) -> None:
        os.close(self._descriptor)


def open_engine(url: str) -> Engine:
    """An engine whose connections are durable: WAL, synchronous=FULL (fsync at each commit), foreign keys on.

    Transactions are explicit (`BEGIN IMMEDIATE` in the commit thread): the driver begins none by itself.
    """
    engine = create_engine(url, isolation_level="AUTOCOMMIT", connect_args={"timeout": 10})
    event.listen(engine, "connect", _make_durable)
    return engine


def _make_durable(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-8000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def migrate(engine: Engine) -> None:
    """Bring the schema to the newest revision (Alembic), in one transaction: whole or, when killed, not at all."""
    with engine.connect() as connection:
        if revision_of(connection) == NEWEST:
            return
    from alembic import command  # 0.2 s that most starts need not spend
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        command.upgrade(config, "head")
        connection.exec_driver_sql("COMMIT")


def revision_of(connection: Connection) -> str | None:
    """The revision of the schema that is there; None in an empty database."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()


def grow_log(engine: Engine, data: Path) -> None:
    """Let the write-ahead log have its working size (4 MB) from the start, so that commits overwrite it.

    An fdatasync after an append also commits the file's new size in the file system's journal: about twice as
    slow. One row
    is written again and again, unsynced; nothing else is there yet to lose.
    """
    disk = os.statvfs(data)
    if disk.f_bavail * disk.f_frsize < ROOM_TO_GROW:
        return
    with engine.connect() as connection:
        raw: Any = connection.connection.driver_connection
        raw.execute("PRAGMA synchronous=OFF")
        raw.execute("INSERT OR REPLACE INTO storage_probe(id, filling) VALUES (1, x'00')")
        for number in range(LOG_PAGES):
            raw.execute("UPDATE storage_probe SET filling = ? WHERE id = 1", (number.to_bytes(2),))
        raw.execute("PRAGMA synchronous=FULL")
        raw.execute("PRAGMA wal_checkpoint(RESTART)")
