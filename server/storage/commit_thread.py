"""The one writer: a thread that collects what waits, commits it as one transaction with one fsync, then tells.

Order of `submit` is the order in the database. Nothing here knows documents or courts. A failed commit (disk
full, database
gone) fails everything submitted up to the moment its failure is told, because later rows build on earlier
ones; the store
then counts as unhealthy and refuses at once until a probe write succeeds again (tried every PROBE_INTERVAL).
"""

from __future__ import annotations

import asyncio
import logging
import queue
import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, Engine, insert
from sqlalchemy.exc import OperationalError

from server import metrics
from server.storage.tables import storage_probe, updates

log = logging.getLogger("yunting.storage")

T = TypeVar("T")
Write = Callable[[Connection], Any]
PROBE_INTERVAL = 1.0  # seconds between two tries while the disk refuses
MOST_PER_COMMIT = 4_000  # writes in one transaction: bounds how long the first of them waits


class StorageUnavailable(RuntimeError):
    """The write is not on disk. `code` is the stable reason shown by /healthz."""

    code = "storage_unavailable"


class Sink(Protocol):
    """Whoever submitted update rows; told once per commit, on the event loop."""

    def committed(self, rows: list[UpdateRow]) -> None: ...

    def failed(self, rows: list[UpdateRow], error: StorageUnavailable) -> None: ...


class UpdateRow:
    """One row of `updates`; `values` in column order. `context` is the submitter's own."""

    __slots__ = ("context", "generation", "sink", "values")

    def __init__(self, values: tuple[Any, ...], sink: Sink, context: Any) -> None:
        self.values = values
        self.sink = sink
        self.context = context
        self.generation = 0


class _Other:
    __slots__ = ("done", "error", "generation", "write")

    def __init__(self, write: Write, done: Callable[[Exception | None], None]) -> None:
        self.write = write
        self.done = done
        self.error: Exception | None = None
        self.generation = 0


_Item = UpdateRow | _Other


class CommitThread:
    """Start on the event loop's thread; `submit*` and all callbacks belong to that thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._loop = asyncio.get_running_loop()
        self._queue: queue.SimpleQueue[_Item | None] = queue.SimpleQueue()
        self._generation = 0
        self._failed_generation = -1
        self._insert_update = str(insert(updates).compile(engine))
        self._readers = ThreadPoolExecutor(1, thread_name_prefix="yunting-read")
        self._reader: Connection | None = None
        self.healthy = True
        self.on_health: list[Callable[[bool], None]] = []
        self._thread = threading.Thread(target=self._run, name="yunting-commit", daemon=True)
        self._thread.start()

    def submit_update(self, row: UpdateRow) -> None:
        row.generation = self._generation
        self._queue.put(row)

    def submit(self, write: Write, done: Callable[[Exception | None], None]) -> None:
        """Queue one write; `done(error or None)` is called on the loop once it is on disk or has failed."""
        item = _Other(write, done)
        item.generation = self._generation
        self._queue.put(item)

    async def commit(self, write: Write) -> None:
        """Queue one write and wait for it; raises StorageUnavailable, or what the write itself raised."""
        future: asyncio.Future[None] = self._loop.create_future()

        def done(error: Exception | None) -> None:
            if future.cancelled():
                return
            if error is None:
                future.set_result(None)
            else:
                future.set_exception(error)

        self.submit(write, done)
        await future

    async def read(self, query: Callable[[Connection], T]) -> T:
        """Run a query on the reading thread: sees committed rows only."""
        return await self._loop.run_in_executor(self._readers, self._read, query)

    def _read(self, query: Callable[[Connection], T]) -> T:
        if self._reader is None:
            self._reader = self._engine.connect()
        return query(self._reader)

    async def close(self) -> None:
        """Commit what waits, then end both threads."""
        self._queue.put(None)
        await self._loop.run_in_executor(None, self._thread.join)
        reader = self._reader
        if reader is not None:
            await self._loop.run_in_executor(self._readers, reader.close)
        self._readers.shutdown()

    # --- on the commit thread ---

    def _run(self) -> None:
        _name_for_the_system(threading.current_thread().name)
        with self._engine.connect() as connection:
            while True:
                batch, ended = self._take()
                if batch:
                    self._commit(connection, batch)
                elif not self.healthy:
                    self._probe(connection)
                if ended:
                    return

    def _take(self) -> tuple[list[_Item], bool]:
        batch: list[_Item] = []
        try:
            item = self._queue.get(timeout=None if self.healthy else PROBE_INTERVAL)
            while item is not None:
                batch.append(item)
                if len(batch) >= MOST_PER_COMMIT:
                    return batch, False
                item = self._queue.get_nowait()
            return batch, True
        except queue.Empty:
            return batch, False

    def _commit(self, connection: Connection, batch: list[_Item]) -> None:
        refused = [item for item in batch if item.generation <= self._failed_generation]
        writes = [item for item in batch if item.generation > self._failed_generation] if self.healthy else []
        if not self.healthy:
            refused = batch
        error: StorageUnavailable | None = None
        started = time.perf_counter()
        if writes:
            error = self._transaction(connection, writes)
        took, size = time.perf_counter() - started, len(writes)
        if error is not None:
            self._failed_generation = max(item.generation for item in writes)
            self.healthy = False
            refused, writes = batch, []
        if writes:
            self._loop.call_soon_threadsafe(self._tell_committed, writes)
        if refused:
            unavailable = error or StorageUnavailable("the disk takes no writes at present")
            self._loop.call_soon_threadsafe(self._tell_failed, refused, unavailable, error is not None)
        if size:  # counted after telling: nobody waits for it
            metrics.commit_seconds.observe(took)
            metrics.batch_size.observe(size)

    def _transaction(self, connection: Connection, writes: list[_Item]) -> StorageUnavailable | None:
        try:
            try:
                self._attempt(connection, writes, apart=False)
            except OperationalError:
                raise
            except Exception:
                self._attempt(connection, writes, apart=True)
        except Exception as failure:
            log.error("commit failed: %s", failure)
            return StorageUnavailable(str(failure))
        return None

    def _attempt(self, connection: Connection, writes: list[_Item], *, apart: bool) -> None:
        """One transaction. `apart`: each write that is no update row in its own savepoint, so that its error
        stays its own.
        """
        raw: Any = connection.connection.driver_connection
        # a lone keystroke: the statement is its own transaction
        if len(writes) == 1 and isinstance(writes[0], UpdateRow):
            self._alone(raw, writes[0])
            return
        raw.execute("BEGIN IMMEDIATE")  # by the driver: SQLAlchemy's way costs 0.3 ms a commit
        try:
            rows: list[tuple[Any, ...]] = []
            for item in writes:
                if isinstance(item, UpdateRow):
                    rows.append(item.values)
                    continue
                if rows:
                    raw.executemany(self._insert_update, rows)
                    rows = []
                self._execute(connection, item, apart)
            if rows:
                raw.executemany(self._insert_update, rows)
            raw.execute("COMMIT")
        except sqlite3.OperationalError as failure:
            _roll_back(raw)
            raise OperationalError("commit", {}, failure) from failure
        except BaseException:
            _roll_back(raw)
            raise

    def _alone(self, raw: Any, row: UpdateRow) -> None:
        try:
            raw.execute(self._insert_update, row.values)
        except sqlite3.OperationalError as failure:
            raise OperationalError("commit", {}, failure) from failure

    def _execute(self, connection: Connection, item: _Other, apart: bool) -> None:
        if not apart:
            item.write(connection)
            return
        connection.exec_driver_sql("SAVEPOINT own")
        try:
            item.write(connection)
        except OperationalError:
            raise
        except Exception as failure:
            item.error = failure
            connection.exec_driver_sql("ROLLBACK TO own")
        connection.exec_driver_sql("RELEASE own")

    def _probe(self, connection: Connection) -> None:
        def fill(within: Connection) -> None:
            within.execute(storage_probe.delete())
            within.execute(storage_probe.insert().values(id=1, filling=bytes(64 * 1024)))

        if self._transaction(connection, [_Other(fill, lambda _error: None)]) is None:
            self.healthy = True
            self._loop.call_soon_threadsafe(self._tell_health, True)

    # --- back on the event loop ---

    def _tell_committed(self, writes: list[_Item]) -> None:
        for sink, items in _grouped(writes):
            if sink is None:
                for item in items:
                    item.done(item.error)
            else:
                sink.committed(items)

    def _tell_failed(self, refused: list[_Item], error: StorageUnavailable, newly: bool) -> None:
        if newly:
            self._generation += 1
            self._tell_health(False)
        for sink, items in _grouped(refused):
            if sink is None:
                for item in items:
                    item.done(error)
            else:
                sink.failed(items, error)

    def _tell_health(self, healthy: bool) -> None:
        log.warning("storage %s", "takes writes again" if healthy else "refuses writes")
        for listener in self.on_health:
            listener(healthy)


def _name_for_the_system(name: str) -> None:
    """So that `top -H` and a debugger show which thread this is; where /proc is not writable it stays nameless."""
    with suppress(OSError):
        Path(f"/proc/self/task/{threading.get_native_id()}/comm").write_text(name)


def _roll_back(raw: sqlite3.Connection) -> None:
    if raw.in_transaction:
        raw.execute("ROLLBACK")


def _grouped(items: list[_Item]) -> list[tuple[Any, list[Any]]]:
    """Rows by their sink, other writes alone under None: order kept within a sink and between neighbours."""
    groups: list[tuple[Any, list[Any]]] = []
    places: dict[int, list[Any]] = {}
    for item in items:
        if isinstance(item, UpdateRow):
            place = places.get(id(item.sink))
            if place is None:
                place = places[id(item.sink)] = []
                groups.append((item.sink, place))
            place.append(item)
        else:
            groups.append((None, [item]))
            places.clear()
    return groups
