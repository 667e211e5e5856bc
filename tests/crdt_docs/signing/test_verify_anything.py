"""Whatever lies in a bundle, verification ends with a report: values and bytes of any kind, signed by the court."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any

import pytest

from crdt_docs.signing import bundle, container, verify
from crdt_docs.signing.base64_text import from_base64, to_base64
from tests.crdt_docs.signing.sitting import Json, Sitting, dumped, lines, signed_twice

STRANGE: tuple[Any, ...] = (None, True, 0, -1, 2**53, 1.5, "", "0" * 64, "x", [], [None], {}, {"v": 1}, "\ud7ff")
TRIES = 250
JSON = (
    "hearing.json",
    "keys.json",
    "exhibits/exhibits.json",
    "transcript/v1/content.json",
    "transcript/v2/snapshot.json",
)
LINES = ("log.jsonl", "log.jsonl", "log.jsonl", "transcript/updates.jsonl", "annotations/e1/updates.jsonl")
BINARY = ("transcript/v1/update.bin", "annotations/e1/update.bin")


@pytest.fixture(scope="module")
def sitting() -> Sitting:
    return signed_twice()


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """(container, key) of everything inside."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in inside:
        yield value, key
        yield from places(part)


def strangely(value: Any, chance: random.Random) -> Any:
    container, key = chance.choice(list(places(value)))
    if isinstance(container, dict) and chance.random() < 0.3:
        del container[key]
    else:
        container[key] = chance.choice(STRANGE)
    return value


def changed(path: str, content: bytes, chance: random.Random) -> bytes:
    if path in JSON:
        return dumped(strangely(json.loads(content), chance))
    if path in LINES:
        values: list[Json] = [json.loads(line) for line in content.splitlines()]
        return lines([each if isinstance(each, dict) else {} for each in strangely(values, chance)])
    at = chance.randrange(len(content))
    return content[:at] + chance.randbytes(chance.randrange(4)) + content[at + 1 :]


def test_any_value_anywhere_gives_a_report_that_says_it_is_wrong(sitting: Sitting) -> None:
    chance = random.Random(7)
    whole = sitting.files()
    for _ in range(TRIES):
        path = chance.choice((*JSON, *LINES, *BINARY))
        told = changed(path, whole[path], chance)
        if told == whole[path]:
            continue
        report = verify.verify(written(sitting, {**whole, path: told}), court_key=sitting.vkey)
        assert len(report.results) == len(verify.CODES) - 1
        assert not report.is_right or same(path, told, whole[path]), f"{path}: {told!r}"


def written(sitting: Sitting, files: dict[str, bytes]) -> bytes:
    """Signed by the court, unless the hearing has no name any more to sign for."""
    try:
        return sitting.bundle(files)
    except (KeyError, ValueError):
        return container.pack({**bundle.read(sitting.bundle()), **files})


def same(path: str, told: bytes, truth: bytes) -> bool:
    """What the checks do not judge: facts beside the record, and lines that only say the same in another way."""
    if path in ("hearing.json", "exhibits/exhibits.json"):
        return True
    if path == "log.jsonl":
        return [_judged(line) for line in told.splitlines()] == [_judged(line) for line in truth.splitlines()]
    return False


def _judged(line: bytes) -> Any:
    value = json.loads(line)
    return {key: value.get(key) for key in ("header", "leaf", "salt", "payload")}


def test_updates_that_are_no_updates_are_reported(sitting: Sitting) -> None:
    """Well chained all the same: the chain says nothing of what the bytes are."""
    chance = random.Random(8)
    for _ in range(60):
        bent = signed_twice()
        row = chance.choice(bent.transcript.rows[:10])
        data = bytearray(from_base64(row["update"]))
        data[chance.randrange(len(data))] = chance.randrange(256)
        row["update"] = to_base64(bytes(data))
        files = {**sitting.files(), "transcript/updates.jsonl": lines(bent.transcript.rows)}
        report = verify.verify(sitting.bundle(files), court_key=sitting.vkey)
        assert data == from_base64(row["update"])
        if files["transcript/updates.jsonl"] != sitting.files()["transcript/updates.jsonl"]:
            assert "update_chains" in report.failed
