"""The editing trace that stands in where the real one is not at hand."""

import gzip
import json
from pathlib import Path

from bench import trace


def test_the_trace_made_from_a_seed_has_the_asked_size_and_plays_to_its_end(tmp_path: Path) -> None:
    made = json.loads(gzip.decompress(trace.make(tmp_path / "trace.json.gz", 2_000, 800).read_bytes()))
    edits = [edit for step in made["txns"] for edit in step["patches"]]
    text: list[str] = []
    for place, removed, added in edits:
        text[place : place + removed] = added
    assert "".join(text) == made["endContent"]
    assert sum(len(added) for _, _, added in edits) == 2_000
    assert sum(removed for _, removed, _ in edits) == 800


def test_making_it_again_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = (trace.make(tmp_path / name, 2_000, 800) for name in ("a.gz", "b.gz"))
    assert first.read_bytes() == second.read_bytes()
