"""SQL of device tests: the latest of each person for each hearing; judges none."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from server.storage.tables import device_tests

Write = Callable[[Connection], None]


@dataclass(frozen=True, slots=True)
class DeviceTestRecord:
    """One test. `at` is RFC 3339, UTC; `result` a JSON object; `verdict` as it was given then."""

    hearing: str
    person: str
    at: str
    result: dict[str, Any]
    verdict: str


def keep_device_test(record: DeviceTestRecord) -> Write:
    """In place of the person's earlier one for this hearing."""
    values = {
        "hearing": record.hearing,
        "person": record.person,
        "at": record.at,
        "result": json.dumps(record.result, ensure_ascii=False),
        "verdict": record.verdict,
    }
    changed = {name: values[name] for name in ("at", "result", "verdict")}
    statement = insert_sqlite(device_tests).values(values)
    again = statement.on_conflict_do_update(index_elements=["hearing", "person"], set_=changed)
    return lambda connection: connection.execute(again) and None


def device_tests_of(connection: Connection, hearing: str, person: str | None = None) -> list[DeviceTestRecord]:
    """Everybody's latest for a hearing, by person; or one person's, if there is any."""
    query = select(device_tests).where(device_tests.c.hearing == hearing).order_by(device_tests.c.person)
    if person is not None:
        query = query.where(device_tests.c.person == person)
    rows = connection.execute(query)
    return [DeviceTestRecord(row.hearing, row.person, row.at, json.loads(row.result), row.verdict) for row in rows]
