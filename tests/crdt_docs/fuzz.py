"""Mutation fuzzer: `python -m tests.crdt_docs.fuzz --updates N --seed S`.

Honest sequences and crashers are mutated; each mutant goes to the gate; what is admitted goes to pycrdt in a child
process with limits, is loaded anew and typed on. Counts deaths, hangs, faults and differences; exit 1 if any.
"""

import argparse
import json
import random
import select
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path
from time import perf_counter
from typing import Any

from crdt_docs.gate import Admitted, Frame, Gap, Gate, Refused, Writer
from crdt_docs.shapes import ANNOTATIONS, TRANSCRIPT, Shape
from crdt_docs.updates import Update, merge
from tests.crdt_docs.build import OTHER, entry_structs, update, values
from tests.crdt_docs.mutants import mutant
from tests.crdt_docs.world import AT, NOW, Clerk, Server, deletions, index_deletions, snapshot

SECONDS = 5  # for one sequence in the child; honest ones take milliseconds
SEQUENCES = 24
FIXTURE = Path(__file__).parents[1] / "fixtures" / "crashers.json"

Log = list[tuple[str, bytes]]
CRASHERS: Log = [
    ("clerk-1", bytes.fromhex(data))
    for crasher in json.loads(FIXTURE.read_text())["crashers"]
    for data in crasher["updates"]
]


class Child:
    """pycrdt at arm's length."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def ask(self, job: dict[str, Any]) -> dict[str, Any]:
        """The child's answer; {"fault": …} when it died or hung."""
        if self._process is None:
            command = [sys.executable, "-m", "tests.crdt_docs.fuzz_child"]
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
        assert self._process.stdin and self._process.stdout
        body = json.dumps(job).encode()
        self._process.stdin.write(len(body).to_bytes(4, "big") + body)
        self._process.stdin.flush()
        if not select.select([self._process.stdout], [], [], SECONDS)[0]:
            return self._lost("hang")
        head = self._process.stdout.read(4)
        if len(head) < 4:
            return self._lost("death")
        return json.loads(self._process.stdout.read(int.from_bytes(head, "big")))

    def _lost(self, what: str) -> dict[str, Any]:
        self.close()
        return {"fault": what}

    def close(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


@cache
def honest_transcript(seed: int) -> Log:
    rng = random.Random(seed)
    server = Server()
    clerks = [Clerk(server, "clerk-1", 5), Clerk(server, "clerk-2", 2**52 + 7), Clerk(server, "clerk-1", 90_000)]
    clerks[0].add(0, 1)
    for _ in range(60):
        clerk = rng.choice(clerks)
        clerk.edit(rng.choice((0, 0, 1, 2, 3, 3, 4, 5, 8, 9, 10)), rng.randrange(40), rng.randrange(40))
        if rng.random() < 0.6:
            clerk.send(9)
            clerk.receive(rng.randrange(9))
    for clerk in clerks:
        clerk.send(99)
    return [(person, admitted.update) for person, admitted in server.log]


@cache
def honest_annotations(seed: int) -> Log:
    key = f"{seed:08x}-2222-4333-8444-555555555555"
    return [
        ("clerk-1", update((5, 0, entry_structs(5, 0, "clerk-1", key, page=0, body="甲")))),
        ("clerk-2", update((6, 0, entry_structs(6, 0, "clerk-2", OTHER, rect=[1, 2, 3, 4])))),
        ("clerk-1", update((5, 7, [values("乙", left=(5, 6), key="")]))),
        ("clerk-1", update((5, 8, [values("丙", left=(5, 7), key="")]), deletes=[(5, [(7, 1)])])),
        ("clerk-2", update((6, 6, [values({"by": "clerk-2", "at": AT}, parent=(6, 0), key="deleted")]))),
    ]


class Fuzzer:
    """Runs sequences; compares the index before and after each `every`-th frame that was not admitted."""

    def __init__(self, seed: int, every: int = 40) -> None:
        self.every = every
        self.rng = random.Random(seed)
        self.child = Child()
        self.counts: Counter[str] = Counter()
        self.faults: list[str] = []

    def run(self, updates: int) -> None:
        while self.counts["mutants"] < updates:
            self._sequence()
        self.child.close()

    def _sequence(self) -> None:
        """An honest start, then mutants of everything, then the child's verdict."""
        rng = self.rng
        shape, source = self._source()
        gate, log = _opened(shape, source[: rng.randrange(1, len(source) + 1)])
        pool = source + CRASHERS
        for _ in range(SEQUENCES):
            person, data = rng.choice(pool)
            data = mutant(rng, data, gate.state_vector())
            if rng.random() < 0.1:
                person = f"clerk-{rng.randrange(1, 3)}"
            writer = Writer(person, rng.random() < 0.97)
            frame = rng.choice((Frame.UPDATE, Frame.UPDATE, Frame.STEP2))
            verdict = self._admit(gate, data, writer, frame)
            if isinstance(verdict, Admitted):
                log.append((verdict.update, verdict.parts))
                if rng.random() < 0.3:
                    pool = [*pool, (person, data)]
        self._check(shape, gate, log)

    def _source(self) -> tuple[Shape, Log]:
        seed = self.rng.randrange(40)
        return (ANNOTATIONS, honest_annotations(seed)) if seed % 4 == 0 else (TRANSCRIPT, honest_transcript(seed))

    def _admit(self, gate: Gate, data: bytes, writer: Writer, frame: Frame) -> Any:
        self.counts["mutants"] += 1
        watched = self.counts["mutants"] % self.every == 0
        before = snapshot(gate) if watched else None
        verdict = gate.admit(data, writer, frame, NOW)
        self.counts[verdict.code if isinstance(verdict, Refused) else type(verdict).__name__] += 1
        if isinstance(verdict, Refused | Gap) and watched and snapshot(gate) != before:
            self._fault("a refusal changed the index", [data])
        return verdict

    def _check(self, shape: Shape, gate: Gate, log: list[tuple[bytes, Update]]) -> None:
        self.counts["sequences"] += 1
        updates = [data for data, _ in log]
        root = "annotations" if shape is ANNOTATIONS else "transcript"
        merged = merge([parts for _, parts in log])
        answer = self.child.ask({"root": root, "updates": [u.hex() for u in updates], "merged": merged.hex()})
        if "fault" in answer:
            self._fault(answer["fault"], updates)
            return
        state = bytes.fromhex(answer["state"])
        if deletions(state) != index_deletions(gate):
            self._fault("index and Doc delete otherwise", updates)
        verdict = gate.admit(bytes.fromhex(answer["typed"]), Writer("clerk-9", True), Frame.UPDATE, NOW)
        if not isinstance(verdict, Admitted):
            self._fault(f"honest typing afterwards: {verdict}", updates)

    def _fault(self, what: str, updates: list[bytes]) -> None:
        self.counts["faults"] += 1
        self.faults.append(f"{what}\n  " + "\n  ".join(data.hex() for data in updates))


def _opened(shape: Shape, source: Log) -> tuple[Gate, list[tuple[bytes, Update]]]:
    server = Server(shape)
    log: list[tuple[bytes, Update]] = []
    for person, data in source:
        verdict = server.gate.admit(data, Writer(person, True), Frame.UPDATE, NOW)
        assert isinstance(verdict, Admitted), verdict
        log.append((verdict.update, verdict.parts))
    return server.gate, log


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--updates", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    start = perf_counter()
    fuzzer = Fuzzer(arguments.seed)
    fuzzer.run(arguments.updates)
    print(f"seed {arguments.seed}: {dict(fuzzer.counts)} in {perf_counter() - start:.1f} s")
    for fault in fuzzer.faults[:10]:
        print(fault)
    return 1 if fuzzer.faults else 0


if __name__ == "__main__":
    sys.exit(main())
